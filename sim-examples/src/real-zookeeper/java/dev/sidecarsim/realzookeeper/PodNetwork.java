package dev.sidecarsim.realzookeeper;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.IpAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The network as one life of a server has it: its process in a pod, over the bridge. */
final class PodNetwork {

  private final Bridge bridge;
  private final Process process;
  private final List<BridgedSocket> sockets = new ArrayList<>();

  PodNetwork(Bridge bridge, Process process) {
    this.bridge = bridge;
    this.process = process;
  }

  /** That of the server to whose threads the caller belongs. */
  static PodNetwork current() {
    if (Thread.currentThread().getContextClassLoader() instanceof ServerLoader loader) {
      return loader.network();
    }
    throw new IllegalStateException(
        "thread " + Thread.currentThread().getName() + " belongs to no server");
  }

  /** Asks the process something and waits for the answer. */
  <T> T ask(Function<Process, T> question) throws SocketException {
    return bridge
        .<Optional<T>>ask(
            () -> process.alive() ? Optional.of(question.apply(process)) : Optional.empty())
        .orElseThrow(() -> new SocketException("Socket closed"));
  }

  /** Has the process do something, after all that it was asked before. */
  void tell(Consumer<Process> action) {
    bridge.tell(
        () -> {
          if (process.alive()) {
            action.accept(process);
          }
        });
  }

  List<IpAddress> resolve(String host) {
    if (host.equals("localhost")) {
      return ImmutableList.of(IpAddress.LOOPBACK_V4);
    }
    return bridge.ask(() -> process.alive() ? process.resolve(host) : ImmutableList.of());
  }

  synchronized void opened(BridgedSocket socket) {
    sockets.add(socket);
  }

  synchronized void closed(BridgedSocket socket) {
    sockets.remove(socket);
  }

  /** The process has ended; whoever waits for a socket of its is told that it is closed. */
  void cut() {
    List<BridgedSocket> open;
    synchronized (this) {
      open = List.copyOf(sockets);
    }
    open.forEach(BridgedSocket::cut);
  }
}
