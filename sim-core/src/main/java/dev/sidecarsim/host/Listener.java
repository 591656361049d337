package dev.sidecarsim.host;

import dev.sidecarsim.net.Endpoint;

/** A listening socket. */
public final class Listener {

  private final Process process;
  private final Endpoint local;
  private final Acceptor acceptor;
  private boolean open = true;

  Listener(Process process, Endpoint local, Acceptor acceptor) {
    this.process = process;
    this.local = local;
    this.acceptor = acceptor;
  }

  public Process process() {
    return process;
  }

  public Endpoint local() {
    return local;
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
