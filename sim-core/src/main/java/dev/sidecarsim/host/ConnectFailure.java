package dev.sidecarsim.host;

/** Why {@code connect()} fails; the constants are the errno names of Linux. */
public enum ConnectFailure {
  /** A RST answered the SYN: nothing listens there. */
  ECONNREFUSED("Connection refused"),
  /** No answer within the kernel's or the caller's time. */
  ETIMEDOUT("Connection timed out"),
  /** Nobody on the link has the address. */
  EHOSTUNREACH("No route to host"),
  /** No route leads there. */
  ENETUNREACH("Network is unreachable"),
  /** A loopback source cannot leave the host. */
  EINVAL("Invalid argument"),
  /** A rule of the own host dropped the packet. */
  EPERM("Operation not permitted"),
  /** The local address asked for is not one of the host's. */
  EADDRNOTAVAIL("Cannot assign requested address"),
  /** The local address and port asked for are in use. */
  EADDRINUSE("Address already in use");

  private final String message;

  ConnectFailure(String message) {
    this.message = message;
  }

  /** The message that strerror(3) gives. */
  public String message() {
    return message;
  }
}
