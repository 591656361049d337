package dev.sidecarsim.host;

/** A program's reaction to a new connection on a listening socket. */
@FunctionalInterface
public interface Acceptor {

  /** Takes a connection whose handshake is done, and says who is told of its events. */
  ConnectionHandler accept(Connection connection);
}
