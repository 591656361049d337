package dev.sidecarsim.app.zookeeper;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of a {@code server.N} line: {@code host:2888:3888[:role][;[client host:]port]}. */
final class ServerLine {

  static final String RIGHT = "write host:2888:3888, with :observer or ;2181 behind it if wanted";

  private static final Pattern VALUE =
      Pattern.compile(
          "(?<host>\\[[^\\]]+\\]|[^:;\\s]+):(?<quorum>\\d+):(?<election>\\d+)"
              + "(?::(?<role>participant|observer))?(?:;(?<client>\\S+))?",
          Pattern.CASE_INSENSITIVE);

  private ServerLine() {}

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if it is none, or names several addresses
   */
  static QuorumServer parse(long sid, String value) {
    if (value.contains("|")) {
      throw new IllegalArgumentException(
          "'" + value + "' names several addresses, which is not modelled; give one");
    }
    Matcher matcher = VALUE.matcher(value.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + value + "' is no server; " + RIGHT);
    }
    String host = matcher.group("host");
    return new QuorumServer(
        sid,
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        Settings.number(matcher.group("quorum")),
        Settings.number(matcher.group("election")),
        "observer".equalsIgnoreCase(matcher.group("role")),
        Optional.ofNullable(matcher.group("client")));
  }
}
