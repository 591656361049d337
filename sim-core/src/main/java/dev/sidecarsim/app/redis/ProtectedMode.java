package dev.sidecarsim.app.redis;

import dev.sidecarsim.net.IpAddress;

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

  boolean local(IpAddress peer) {
    String text = peer.toString();
    return text.equals("::1")
        || (wholeLoopbackNet ? text.startsWith("127.") : peer.equals(IpAddress.LOOPBACK_V4));
  }
}
