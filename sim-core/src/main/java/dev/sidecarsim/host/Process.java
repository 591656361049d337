package dev.sidecarsim.host;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A running program: a name, a user and a group, sockets and timers, until it exits. */
@SuppressWarnings("JavaLangClash") // the field's own word; no simulated program runs a real one
public final class Process {

  /** What a shell reports of a process killed by SIGKILL: 128 + 9. */
  public static final int KILLED = 137;

  private final NetworkNamespace namespace;
  private final String name;
  private final SocketOwner owner;
  private final List<Listener> listeners = new ArrayList<>();
  private final List<TcpConnection> connections = new ArrayList<>();
  private final List<IntConsumer> exitListeners = new ArrayList<>();
  private @Nullable Integer exitCode;
  private boolean proxy;
  private int mark;

  Process(NetworkNamespace namespace, String name, SocketOwner owner) {
    this.namespace = namespace;
    this.name = name;
    this.owner = owner;
  }

  public NetworkNamespace namespace() {
    return namespace;
  }

  /** The program's name as netstat prints it. */
  public String name() {
    return name;
  }

  public SocketOwner owner() {
    return owner;
  }

  public boolean alive() {
    return exitCode == null;
  }

  /** Says that this program only passes on what it is sent: it is nobody's destination. */
  public void actAsProxy() {
    proxy = true;
  }

  public boolean isProxy() {
    return proxy;
  }

  /**
   * Says that the program sets this mark (SO_MARK) on every socket that it opens from now on; what
   * it accepts inherits it from the listening socket.
   */
  public void markSockets(int socketMark) {
    mark = socketMark;
  }

  /** The mark of its sockets where nothing else is asked of one; 0 for none. */
  int mark() {
    return mark;
  }

  /** Binds and listens; a wildcard IPv6 address takes IPv4 calls too (IPV6_V6ONLY is off). */
  public Bound listen(Endpoint local, Acceptor acceptor) {
    return listen(local, false, acceptor);
  }

  /**
   * Binds and listens.
   *
   * @param v6Only whether a wildcard IPv6 address leaves IPv4 alone (IPV6_V6ONLY)
   */
  public Bound listen(Endpoint local, boolean v6Only, Acceptor acceptor) {
    if (!alive()) {
      throw exited("listen on " + local);
    }
    Bound bound = namespace.tcp().bind(this, local, v6Only, acceptor);
    if (bound instanceof Bound.Listening listening) {
      listeners.add(listening.listener());
    }
    return bound;
  }

  /** Starts a connection; the handler is told how it goes on, never before this returns. */
  public Connection connect(Dial dial, ConnectionHandler handler) {
    if (!alive()) {
      throw exited("connect to " + dial.to());
    }
    return namespace.tcp().connect(this, dial, handler);
  }

  /** The addresses of a name, in the order in which the resolver gives them; empty if unknown. */
  public List<IpAddress> resolve(String host) {
    return IpAddress.isLiteral(host)
        ? List.of(IpAddress.of(host))
        : namespace.resolver().askedBy(owner).resolve(host);
  }

  /** Runs an action after a delay in nanoseconds, unless the process has exited by then. */
  public Timer after(long delayNanos, Runnable action) {
    return namespace
        .scheduler()
        .after(
            delayNanos,
            () -> {
              if (alive()) {
                action.run();
              }
            });
  }

  /** Tells a listener of the exit code once the process has exited. */
  public void onExit(IntConsumer listener) {
    exitListeners.add(listener);
  }

  /** SIGKILL: the kernel closes every socket that the process held. */
  public void kill() {
    exit(KILLED);
  }

  /** Exits; the kernel closes every socket that the process held. */
  public void exit(int code) {
    if (!alive()) {
      return;
    }
    exitCode = code;
    List.copyOf(listeners).forEach(Listener::close);
    List.copyOf(connections).forEach(TcpConnection::close);
    List.copyOf(exitListeners).forEach(listener -> listener.accept(code));
  }

  void adopt(TcpConnection connection) {
    connections.add(connection);
  }

  void forget(TcpConnection connection) {
    connections.remove(connection);
  }

  void forget(Listener listener) {
    listeners.remove(listener);
  }

  private IllegalStateException exited(String action) {
    return new IllegalStateException(
        name + " has exited and cannot " + action + "; start another process");
  }

  @Override
  public String toString() {
    return name + " (uid " + owner.uid() + ") in " + namespace.name();
  }
}
