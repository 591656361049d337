package dev.sidecarsim.host;

/** What bind(2) and listen(2) say: a listening socket, or why there is none. */
public sealed interface Bound {

  /** The socket listens. */
  record Listening(Listener listener) implements Bound {}

  /** The socket does not listen: EADDRINUSE or EADDRNOTAVAIL. */
  record Failed(ConnectFailure failure) implements Bound {}

  /**
   * The socket of a program that cannot go on without it.
   *
   * @throws IllegalStateException if the bind failed
   */
  default Listener orThrow() {
    if (this instanceof Listening listening) {
      return listening.listener();
    }
    throw new IllegalStateException("bind failed: " + ((Failed) this).failure().message());
  }
}
