package dev.sidecarsim.app.zookeeper;

import java.util.function.Consumer;

/**
 * The way from a server's clients to the one who decides: the leader, or a server that is alone.
 */
interface Requests {

  /**
   * Asks for a transaction. What became of it is seen when it is committed; if the leader is lost
   * it may never be.
   */
  void submit(Wish wish);

  /** Asks whether a session still stands, which prolongs it. */
  void revalidate(long session, int timeoutMillis, Consumer<Boolean> answer);

  /** A client has spoken. */
  void touch(long session, int timeoutMillis);
}
