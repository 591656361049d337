package dev.sidecarsim.host;

import dev.sidecarsim.net.Endpoint;

/** A listening socket. */
public final class Listener {

  private final Process process;
  private final Endpoint local;
  private final boolean takesBoth;
  private final Acceptor acceptor;
  private boolean open = true;

  Listener(Process process, Endpoint local, boolean takesBoth, Acceptor acceptor) {
    this.process = process;
    this.local = local;
    this.takesBoth = takesBoth;
    this.acceptor = acceptor;
  }

  public Process process() {
    return process;
  }

  public Endpoint local() {
    return local;
  }

  /** Whether it is a wildcard of IPv6 that takes IPv4 calls, too. */
  boolean takesBoth() {
    return takesBoth;
  }

  public boolean isOpen() {
    return open;
  }

  /** Stops listening; connections that were accepted stay. */
  public void close() {
    if (open) {
      open = false;
      process.forget(this);
      process.namespace().tcp().unbind(this);
    }
  }

  ConnectionHandler accept(Connection connection) {
    return acceptor.accept(connection);
  }

  @Override
  public String toString() {
    return local + " LISTEN " + process.name();
  }
}
