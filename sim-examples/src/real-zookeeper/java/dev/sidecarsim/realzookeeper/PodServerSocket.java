package dev.sidecarsim.realzookeeper;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** A listening socket of a pod; rewritten classes make it in place of {@link ServerSocket}. */
public final class PodServerSocket extends ServerSocket {

  private final BridgedSocket socket;

  /** A socket of the pod to whose server the calling thread belongs. */
  public PodServerSocket() {
    this(new BridgedSocket(PodNetwork.current()));
  }

  private PodServerSocket(BridgedSocket socket) {
    super(socket);
    this.socket = socket;
  }

  @Override
  public Socket accept() throws IOException {
    return PodSocket.accepted(socket.accepted());
  }
}
