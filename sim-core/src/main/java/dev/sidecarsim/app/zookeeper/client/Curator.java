package dev.sidecarsim.app.zookeeper.client;

import static dev.sidecarsim.time.Durations.millis;

import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that takes a new session when the old one is lost (Curator 3 and later). */
public final class Curator {

  /**
   * How it reaches ZooKeeper.
   *
   * @param connectString such as {@code zk-0:2181,zk-1:2181}
   * @param sessionMillis the time-out that it wishes
   * @param connectMillis how long an operation waits for a connection
   */
  public record Settings(String connectString, int sessionMillis, int connectMillis) {

    /**
     * Checks the connect string.
     *
     * @throws IllegalArgumentException if a port in it is none
     */
    public Settings {
      ServerList.parse(connectString);
    }
  }

  /** ConnectionState. */
  public enum State {
    CONNECTED,
    SUSPENDED,
    RECONNECTED,
    LOST
  }

  /** Who is told what happens. */
  public interface Listener {
    void stateChanged(State state);

    /** A watch that was left by this client has seen something. */
    default void watched(WatchEvent event) {}
  }

  private final Process process;
  private final Settings settings;
  private final ServerList servers;
  private final Random random;
  private final Encounters encounters;
  private final List<Listener> listeners = new ArrayList<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private Optional<State> state = Optional.empty();
  private int sessionMillis;
  private @Nullable ClientHandle handle;
  private @Nullable Timer suspended;

  public Curator(Process process, Settings settings, Random random, Encounters encounters) {
    this.process = process;
    this.settings = settings;
    this.servers = new ServerList(settings.connectString(), random);
    this.random = random;
    this.encounters = encounters;
  }

  public void listener(Listener listener) {
    listeners.add(listener);
  }

  /** Begins to look for a server. */
  public void start() {
    if (servers.size() == 0) {
      encounters.note("is told of no ZooKeeper");
      return;
    }
    handle =
        new ClientHandle(
            process, servers, settings.sessionMillis(), random, encounters, new Session());
    handle.start();
  }

  /** Ends the session, and with it all that it holds. */
  public void close() {
    if (suspended != null) {
      suspended.cancel();
    }
    if (handle != null) {
      handle.close();
    }
  }

  /** Whether a server holds the session at this moment, as far as this client knows. */
  public boolean connected() {
    return handle != null && handle.open();
  }

  /**
   * Asks for something; waits for a connection where there is none, at most as long as the settings
   * say, and then answers itself that it was lost.
   */
  public void request(Operation operation, Consumer<Reply> answer) {
    if (handle != null && handle.open()) {
      handle.request(operation, answer);
      return;
    }
    boolean[] done = {false};
    Runnable retry =
        () -> {
          if (!done[0]) {
            done[0] = true;
            request(operation, answer);
          }
        };
    waiting.add(retry);
    process.after(
        millis(settings.connectMillis()),
        () -> {
          waiting.remove(retry);
          if (!done[0]) {
            done[0] = true;
            answer.accept(new Reply(0, 0, ErrorCode.CONNECTION_LOSS, Bytes.EMPTY));
          }
        });
  }

  private void change(State next) {
    if (!state.equals(Optional.of(next))) {
      state = Optional.of(next);
      List.copyOf(listeners).forEach(listener -> listener.stateChanged(next));
    }
  }

  /** The session is taken for lost; another one is looked for. */
  private void reset() {
    change(State.LOST);
    if (handle != null) {
      handle.close();
    }
    start();
  }

  private final class Session implements ClientHandle.Listener {
    @Override
    public void connected(int timeoutMillis) {
      if (suspended != null) {
        suspended.cancel();
      }
      sessionMillis = timeoutMillis;
      change(state.isEmpty() ? State.CONNECTED : State.RECONNECTED);
      List<Runnable> now = List.copyOf(waiting);
      waiting.clear();
      now.forEach(Runnable::run);
    }

    @Override
    public void disconnected() {
      change(State.SUSPENDED);
      suspended = process.after(millis(sessionMillis), Curator.this::reset);
    }

    @Override
    public void expired() {
      if (suspended != null) {
        suspended.cancel();
      }
      reset();
    }

    @Override
    public void watched(WatchEvent event) {
      List.copyOf(listeners).forEach(listener -> listener.watched(event));
    }
  }
}
