package dev.sidecarsim.host;

import dev.sidecarsim.net.Bytes;

/** A program's reaction to what happens on one connection. */
public interface ConnectionHandler {

  /** The three-way handshake is done; told to the dialling side only. */
  default void onConnected(Connection connection) {}

  /** Bytes were read. */
  default void onData(Connection connection, Bytes data) {}

  /** Bytes, or the peer's FIN, have come in while reading was paused; {@code peek()} shows them. */
  default void onReadable(Connection connection) {}

  /** A read returned 0: the peer will send no more. The own direction is still open. */
  default void onEof(Connection connection) {}

  /** A read failed with ECONNRESET, or with ETIMEDOUT after unanswered retransmissions. */
  default void onReset(Connection connection) {}

  /** The connection never came to be; told to the dialling side only. */
  default void onFailed(Connection connection, ConnectFailure failure) {}
}
