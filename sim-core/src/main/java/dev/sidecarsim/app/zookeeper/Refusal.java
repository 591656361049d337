package dev.sidecarsim.app.zookeeper;

/** What a server says of a configuration that it does not take, and with which code it exits. */
final class Refusal {

  /** ExitCode.INVALID_INVOCATION. */
  private static final int INVALID_INVOCATION = 2;

  /** ExitCode.UNEXPECTED_ERROR. */
  private static final int UNEXPECTED_ERROR = 1;

  private static final int HIGHEST_PORT = 0xffff;

  private Refusal() {}

  /**
   * A ConfigException.
   *
   * @param ours which setting it is, and what would be right
   * @param theirs what the server logs
   */
  static IllegalArgumentException config(String ours, String theirs) {
    return exits(ours, INVALID_INVOCATION, "ConfigException: " + theirs);
  }

  /** An IllegalArgumentException, which stands behind a ConfigException. */
  static IllegalArgumentException argument(String ours, String theirs) {
    return exits(ours, INVALID_INVOCATION, "IllegalArgumentException: " + theirs);
  }

  static IllegalArgumentException number(String ours, String text) {
    return exits(
        ours, INVALID_INVOCATION, "NumberFormatException: For input string: \"" + text + "\"");
  }

  /** What only shows when the server starts. */
  static IllegalArgumentException unexpected(String ours, String theirs) {
    return exits(ours, UNEXPECTED_ERROR, theirs);
  }

  private static IllegalArgumentException exits(String ours, int code, String theirs) {
    return new IllegalArgumentException(
        ours + " (the server exits with code " + code + ": " + theirs + ")");
  }

  /** 0 is a port to Java, if none to call. */
  static void checkPort(String what, int port) {
    if (port < 0 || port > HIGHEST_PORT) {
      throw argument(
          what + " " + port + " is no port from 1 to 65535", "port out of range:" + port);
    }
  }
}
