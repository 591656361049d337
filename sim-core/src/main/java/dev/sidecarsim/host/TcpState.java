package dev.sidecarsim.host;

/** The states of RFC 9293, named as netstat names them. */
public enum TcpState {
  LISTEN,
  SYN_SENT,
  SYN_RECV,
  ESTABLISHED,
  FIN_WAIT1,
  FIN_WAIT2,
  CLOSE_WAIT,
  CLOSING,
  LAST_ACK,
  TIME_WAIT,
  CLOSE;

  /** Whether this end may still send data. */
  boolean canSend() {
    return this == ESTABLISHED || this == CLOSE_WAIT;
  }

  /** Whether the handshake is done and the connection has an owner to tell. */
  boolean synchronised() {
    return switch (this) {
      case LISTEN, SYN_SENT, SYN_RECV, CLOSE -> false;
      default -> true;
    };
  }
}
