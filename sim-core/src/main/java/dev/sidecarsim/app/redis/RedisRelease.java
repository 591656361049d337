package dev.sidecarsim.app.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In what releases of Redis differ, as far as it decides or shows.
 *
 * @param version as in the image's tag, such as {@code 7.0.15}; empty where it names none
 * @param protectedMode whom a server takes for local
 * @param disklessSync the default of {@code repl-diskless-sync}: yes from 7.0 on, so that a full
 *     synchronisation starts {@code repl-diskless-sync-delay} seconds after it is asked for
 * @param pingExtensions whether messages of a cluster's bus carry hostnames, and nodes tell of
 *     shards and links
 * @param tellsOfSaves whether a Sentinel logs that it has saved its configuration
 */
record RedisRelease(
    String version,
    ProtectedMode protectedMode,
    boolean disklessSync,
    boolean pingExtensions,
    boolean tellsOfSaves) {

  private static final Pattern VERSION = Pattern.compile(":v?((\\d+)(?:\\.(\\d+))?(?:\\.\\d+)?)");

  /** The release in an image's tag; without one, the latest. */
  static RedisRelease of(String image) {
    Matcher version = VERSION.matcher(image.substring(image.lastIndexOf('/') + 1));
    if (!version.find()) {
      return new RedisRelease("", new ProtectedMode(false, true), true, true, true);
    }
    int major = Integer.parseInt(version.group(2));
    int minor = version.group(3) == null ? Integer.MAX_VALUE : Integer.parseInt(version.group(3));
    boolean seven = major >= 7;
    boolean sevenTwo = major > 7 || (major == 7 && minor >= 2);
    return new RedisRelease(
        version.group(1), new ProtectedMode(!seven, sevenTwo), seven, seven, seven);
  }
}
