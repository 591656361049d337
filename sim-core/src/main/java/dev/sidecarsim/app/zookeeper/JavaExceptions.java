package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.host.ConnectFailure;

/** The first lines of stack traces, as Java prints what happened to a socket. */
final class JavaExceptions {

  private JavaExceptions() {}

  static String of(ConnectFailure failure) {
    return switch (failure) {
      case ETIMEDOUT -> "java.net.SocketTimeoutException: connect timed out";
      case EHOSTUNREACH -> "java.net.NoRouteToHostException: No route to host (Host unreachable)";
      default -> "java.net.ConnectException: " + failure.message();
    };
  }

  static String ofBind(ConnectFailure failure) {
    return "java.net.BindException: " + failure.message();
  }

  /** Why a leader that has not come to serve gives up. */
  static String ofLeader(LeaderPhase phase, String why) {
    return (phase == LeaderPhase.BINDING
            ? "java.io.IOException: "
            : "java.lang.InterruptedException: ")
        + why;
  }

  static String of(PacketStream.End end) {
    return switch (end) {
      case EOF -> "java.io.EOFException";
      case RESET -> "java.net.SocketException: Connection reset";
      case SILENCE -> "java.net.SocketTimeoutException: Read timed out";
      case GARBAGE -> "java.io.IOException: Unreasonable length";
    };
  }
}
