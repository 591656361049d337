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

  /** The state once the own program has no more to say; the same where its FIN has left before. */
  TcpState finished() {
    return switch (this) {
      case ESTABLISHED -> FIN_WAIT1;
      case CLOSE_WAIT -> LAST_ACK;
      default -> this;
    };
  }

  /** The state once the peer has acknowledged the own FIN. */
  TcpState finAcknowledged() {
    return switch (this) {
      case FIN_WAIT1 -> FIN_WAIT2;
      case CLOSING -> TIME_WAIT;
      case LAST_ACK -> CLOSE;
      default -> this;
    };
  }

  /** The state once the peer's FIN has come; the same for one that was sent again. */
  TcpState peerFinished() {
    return switch (this) {
      case ESTABLISHED -> CLOSE_WAIT;
      case FIN_WAIT1 -> CLOSING;
      case FIN_WAIT2 -> TIME_WAIT;
      default -> this;
    };
  }
}
