package dev.sidecarsim.realzookeeper;

import java.net.Socket;
import java.net.SocketException;

/** A socket of a pod; rewritten classes make it in place of {@link Socket}. */
public final class PodSocket extends Socket {

  private final boolean accepted;

  /** A socket of the pod to whose server the calling thread belongs. */
  public PodSocket() throws SocketException {
    this(new BridgedSocket(PodNetwork.current()), false);
  }

  private PodSocket(BridgedSocket socket, boolean accepted) throws SocketException {
    super(socket);
    this.accepted = accepted;
  }

  static PodSocket accepted(BridgedSocket socket) throws SocketException {
    return new PodSocket(socket, true);
  }

  @Override
  public boolean isConnected() {
    return accepted || super.isConnected();
  }

  @Override
  public boolean isBound() {
    return accepted || super.isBound();
  }
}
