package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Listener;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A socket as java.net sees it, which is one of a simulated process underneath.
 *
 * <p>Its fields are guarded by itself; the server's threads wait on it, and the simulation's thread
 * wakes them.
 */
final class BridgedSocket extends SocketImpl implements ConnectionHandler {

  private static final String CLOSED = "Socket closed";

  private final PodNetwork pod;
  private final Map<Integer, Object> options = new HashMap<>();
  private final Queue<BridgedSocket> backlog = new ArrayDeque<>();
  private Bytes arrived = Bytes.EMPTY;
  private boolean connected;
  private boolean finished;
  private boolean reset;
  private boolean closed;
  private @Nullable ConnectFailure failure;
  private @Nullable Connection connection;
  private @Nullable Listener listener;

  BridgedSocket(PodNetwork pod) {
    this.pod = pod;
  }

  // ---- java.net, in the server's threads

  @Override
  protected void create(boolean stream) {
    pod.opened(this);
  }

  @Override
  protected void connect(String host, int toPort) throws IOException {
    connect(PodNames.getByName(host), toPort);
  }

  @Override
  protected void connect(InetAddress to, int toPort) throws IOException {
    connect(new InetSocketAddress(to, toPort), 0);
  }

  @Override
  protected void connect(SocketAddress to, int timeoutMillis) throws IOException {
    InetSocketAddress target = (InetSocketAddress) to;
    if (PodNames.isNowhere(target.getAddress())) {
      throw new UnknownHostException(target.getHostString());
    }
    Endpoint endpoint = new Endpoint(ip(target.getAddress()), target.getPort());
    address = target.getAddress();
    port = target.getPort();
    Dial dial = Dial.to(endpoint).within(Durations.millis(timeoutMillis));
    pod.ask(process -> process.connect(dial, this));
    synchronized (this) {
      await(() -> connected || failure != null || closed, 0);
      if (failure != null) {
        throw exception(failure);
      }
      checkOpen();
    }
  }

  private static IOException exception(ConnectFailure failure) {
    return switch (failure) {
      case ECONNREFUSED -> new ConnectException(failure.message());
      case ETIMEDOUT -> new SocketTimeoutException("Connect timed out");
      case EHOSTUNREACH -> new NoRouteToHostException(failure.message());
      default -> new SocketException(failure.message());
    };
  }

  @Override
  protected void bind(InetAddress host, int toPort) throws SocketException {
    if (PodNames.isNowhere(host)) {
      throw new SocketException("Unresolved address");
    }
    address = host;
    localport = toPort;
  }

  @Override
  protected void listen(int length) throws IOException {
    IpAddress local = address.isAnyLocalAddress() ? IpAddress.ANY_V4 : ip(address);
    Endpoint endpoint = new Endpoint(local, localport);
    Bound bound = pod.ask(process -> process.listen(endpoint, this::taken));
    if (bound instanceof Bound.Failed failed) {
      throw new BindException(failed.failure().message());
    }
    synchronized (this) {
      listener = ((Bound.Listening) bound).listener();
    }
  }

  @Override
  protected void accept(SocketImpl socket) {
    throw new IllegalStateException("a PodServerSocket accepts by itself");
  }

  /** The next connection; waits for one. */
  synchronized BridgedSocket accepted() throws IOException {
    await(() -> !backlog.isEmpty() || closed, timeout());
    checkOpen();
    return backlog.remove();
  }

  @Override
  protected InputStream getInputStream() {
    return new BridgedInput(this);
  }

  @Override
  protected OutputStream getOutputStream() {
    return new BridgedOutput(this);
  }

  @Override
  protected synchronized int available() {
    return arrived.size();
  }

  @Override
  protected void close() {
    boolean unread;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      unread = !arrived.isEmpty();
      notifyAll();
    }
    pod.closed(this);
    pod.tell(process -> release(unread));
  }

  /** The kernel resets a connection that is closed before all was read. */
  private void release(boolean unread) {
    Connection own;
    Listener port;
    synchronized (this) {
      own = connection;
      port = listener;
    }
    if (port != null) {
      port.close();
    }
    if (own != null && unread) {
      own.abort();
    } else if (own != null) {
      own.close();
    }
  }

  @Override
  protected void shutdownInput() {
    synchronized (this) {
      finished = true;
      notifyAll();
    }
  }

  @Override
  protected void shutdownOutput() {
    pod.tell(
        process -> {
          Connection own = connection();
          if (own != null) {
            own.finish();
          }
        });
  }

  private synchronized @Nullable Connection connection() {
    return connection;
  }

  @Override
  protected void sendUrgentData(int data) throws IOException {
    throw new SocketException("urgent data are not modelled");
  }

  @Override
  public synchronized void setOption(int option, Object value) {
    options.put(option, value);
  }

  @Override
  public synchronized Object getOption(int option) throws SocketException {
    if (option == SocketOptions.SO_BINDADDR) {
      return local();
    }
    Object fallback = option == SocketOptions.SO_TIMEOUT ? (Object) 0 : (Object) false;
    return options.getOrDefault(option, fallback);
  }

  private InetAddress local() throws SocketException {
    try {
      Connection own = connection;
      return own == null
          ? address
          : PodNames.address(own.local().address().toString(), own.local().address());
    } catch (UnknownHostException e) {
      throw new SocketException(String.valueOf(e.getMessage()));
    }
  }

  // ---- waiting

  private synchronized int timeout() {
    return (Integer) options.getOrDefault(SocketOptions.SO_TIMEOUT, 0);
  }

  private void checkOpen() throws SocketException {
    if (closed) {
      throw new SocketException(CLOSED);
    }
  }

  /** Waits with the lock of this socket; 0 for ever. */
  private synchronized void await(BooleanSupplier condition, int millis) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      while (!condition.getAsBoolean()) {
        long left = millis == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (millis > 0 && left <= 0) {
          throw new SocketTimeoutException("Read timed out");
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException();
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private static IpAddress ip(InetAddress address) {
    return IpAddress.of(address.getHostAddress());
  }

  /** What has arrived, waiting for at least one byte; -1 at the end. */
  synchronized int read(byte[] into, int offset, int length) throws IOException {
    await(() -> !arrived.isEmpty() || finished || reset || closed, timeout());
    checkOpen();
    if (arrived.isEmpty() && reset) {
      throw new SocketException("Connection reset");
    }
    if (arrived.isEmpty()) {
      return -1;
    }
    int count = Math.min(length, arrived.size());
    System.arraycopy(arrived.slice(0, count).toByteArray(), 0, into, offset, count);
    arrived = arrived.from(count);
    return count;
  }

  void write(Bytes bytes) throws IOException {
    synchronized (this) {
      checkOpen();
      if (reset) {
        throw new SocketException("Broken pipe");
      }
    }
    pod.tell(
        process -> {
          Connection own = connection();
          if (own != null) {
            own.send(bytes);
          }
        });
  }

  // ---- the simulated socket, in the simulation's thread

  private ConnectionHandler taken(Connection incoming) {
    BridgedSocket socket = new BridgedSocket(pod);
    socket.take(incoming);
    pod.opened(socket);
    synchronized (this) {
      backlog.add(socket);
      notifyAll();
    }
    return socket;
  }

  private synchronized void take(Connection incoming) {
    connection = incoming;
    connected = true;
    port = incoming.remote().port();
    localport = incoming.local().port();
    try {
      address =
          PodNames.address(incoming.remote().address().toString(), incoming.remote().address());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void onConnected(Connection made) {
    connection = made;
    connected = true;
    localport = made.local().port();
    notifyAll();
  }

  @Override
  public synchronized void onFailed(Connection made, ConnectFailure why) {
    failure = why;
    notifyAll();
  }

  @Override
  public synchronized void onData(Connection same, Bytes data) {
    arrived = arrived.plus(data);
    notifyAll();
  }

  @Override
  public synchronized void onEof(Connection same) {
    finished = true;
    notifyAll();
  }

  @Override
  public synchronized void onReset(Connection same) {
    reset = true;
    notifyAll();
  }

  /** The process is gone, and the socket with it. */
  synchronized void cut() {
    closed = true;
    notifyAll();
  }
}
