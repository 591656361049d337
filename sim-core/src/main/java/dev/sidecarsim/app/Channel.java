package dev.sidecarsim.app;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Timer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One conversation in messages: a TCP connection, a protocol, and who is told.
 *
 * @param <M> a message
 */
public final class Channel<M> {

  /**
   * Who is told what happens on a channel.
   *
   * @param <M> a message
   */
  public interface Handler<M> {

    /** The connection stands; a sidecar in between may have answered for the peer. */
    default void onOpen(Channel<M> channel) {}

    void onMessage(Channel<M> channel, M message);

    /** It is over and closed; told once, and not after an own {@link Channel#close}. */
    default void onEnd(Channel<M> channel, End end) {}
  }

  private final Framing<M> framing;
  private final Handler<M> handler;
  private final Connection connection;
  private Bytes waiting = Bytes.EMPTY;
  private long silenceNanos;
  private @Nullable Timer silence;
  private boolean open;
  private boolean heard;
  private boolean over;

  private Channel(
      Framing<M> framing, Handler<M> handler, Function<ConnectionHandler, Connection> opener) {
    this.framing = framing;
    this.handler = handler;
    this.connection = opener.apply(new Events());
  }

  /** Calls somebody. */
  public static <M> Channel<M> dial(
      Process process, Dial dial, Framing<M> framing, Handler<M> handler) {
    return new Channel<>(framing, handler, events -> process.connect(dial, events));
  }

  /**
   * Calls somebody by a name, in the manner of the program's own sockets.
   *
   * @param host the name that the dialled address stands for
   */
  public static <M> Channel<M> dial(
      Sockets sockets,
      Process process,
      Dial dial,
      String host,
      Framing<M> framing,
      Handler<M> handler) {
    return new Channel<>(framing, handler, events -> sockets.connect(process, dial, host, events));
  }

  /** Takes a call; for a listener's acceptor. */
  public static <M> ConnectionHandler accept(
      Connection connection, Framing<M> framing, Handler<M> handler) {
    ConnectionHandler[] events = new ConnectionHandler[1];
    Channel<M> channel =
        new Channel<>(
            framing,
            handler,
            own -> {
              events[0] = own;
              return connection;
            });
    channel.opened();
    return events[0];
  }

  /** getpeername(2). */
  public Endpoint remote() {
    return connection.remote();
  }

  /** getsockname(2). */
  public Endpoint local() {
    return connection.local();
  }

  /** The own socket's state as netstat names it. */
  public String state() {
    return connection.state().name();
  }

  /** Whether messages can be sent. */
  public boolean isOpen() {
    return open && !over;
  }

  /** Whether the peer has ever sent a whole message. */
  public boolean heard() {
    return heard;
  }

  /** Sends a message; does nothing once the channel is over. */
  public void send(M message) {
    if (isOpen()) {
      connection.send(framing.encode(message));
    }
  }

  /** Ends the channel with {@link End.Kind#SILENT} if nothing comes for so long; 0: never. */
  public void limitSilence(long nanos) {
    silenceNanos = nanos;
    rearm();
  }

  /** Closes it; nobody is told. */
  public void close() {
    if (!over) {
      over = true;
      disarm();
      connection.close();
    }
  }

  private void opened() {
    open = true;
    handler.onOpen(this);
  }

  private void end(End end) {
    if (!over) {
      close();
      handler.onEnd(this, end);
    }
  }

  private void rearm() {
    disarm();
    if (silenceNanos > 0 && !over) {
      silence = connection.process().after(silenceNanos, () -> end(End.SILENT));
    }
  }

  private void disarm() {
    if (silence != null) {
      silence.cancel();
    }
  }

  private void read() {
    while (!over && !waiting.isEmpty()) {
      Framing.Decoded<M> decoded = framing.decode(waiting);
      if (decoded instanceof Framing.Decoded.Whole<M> whole) {
        waiting = waiting.from(whole.length());
        heard = true;
        rearm();
        handler.onMessage(this, whole.message());
      } else if (decoded instanceof Framing.Decoded.Garbage<M>) {
        end(End.GARBAGE);
      } else {
        return;
      }
    }
  }

  private final class Events implements ConnectionHandler {
    @Override
    public void onConnected(Connection same) {
      opened();
    }

    @Override
    public void onData(Connection same, Bytes data) {
      waiting = waiting.plus(data);
      read();
    }

    @Override
    public void onEof(Connection same) {
      end(heard ? End.CLOSED : End.CLOSED_UNHEARD);
    }

    @Override
    public void onReset(Connection same) {
      end(End.RESET);
    }

    @Override
    public void onFailed(Connection same, ConnectFailure failure) {
      end(End.failed(failure));
    }
  }
}
