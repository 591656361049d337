package dev.sidecarsim.app.redis;

import dev.sidecarsim.net.IpAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whom a Redis without password takes for local while {@code protected-mode} is on.
 *
 * @param explicitBindOpens whether a {@code bind} line switches the mode off (up to 6.2)
 * @param wholeLoopbackNet whether all of 127.0.0.0/8 is local; before 7.2 only 127.0.0.1 is
 *     (networking.c compared the text; {@code connIsLocal} compares the beginning)
 */
record ProtectedMode(boolean explicitBindOpens, boolean wholeLoopbackNet) {

  static final String DENIED =
      "DENIED Redis is running in protected mode because protected mode is enabled and no password"
          + " is set for the default user. In this mode connections are only accepted from the"
          + " loopback interface.";

  private static final Pattern VERSION = Pattern.compile(":v?(\\d+)(?:\\.(\\d+))?");
  private static final Pattern LOOPBACK_NET = Pattern.compile("127\\..*|::1");

  /** The behaviour of the release in an image's tag; without one, of the latest. */
  static ProtectedMode of(String image) {
    Matcher version = VERSION.matcher(image.substring(image.lastIndexOf('/') + 1));
    if (!version.find()) {
      return new ProtectedMode(false, true);
    }
    int major = Integer.parseInt(version.group(1));
    int minor = version.group(2) == null ? Integer.MAX_VALUE : Integer.parseInt(version.group(2));
    return new ProtectedMode(major < 7, major > 7 || (major == 7 && minor >= 2));
  }

  boolean local(IpAddress peer) {
    return wholeLoopbackNet
        ? LOOPBACK_NET.matcher(peer.toString()).matches()
        : peer.equals(IpAddress.LOOPBACK_V4) || peer.toString().equals("::1");
  }
}
