package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Timer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The election port: one thread accepts a connection, reads its hello, and only then accepts the
 * next.
 */
final class ElectionListener {

  /** ExitCode.UNABLE_TO_BIND_QUORUM_PORT. */
  static final int CANNOT_BIND = 14;

  private static final long PAUSE = SECOND;

  private final QuorumPeer peer;
  private final ElectionNetwork network;
  private final Deque<Greeting> waiting = new ArrayDeque<>();
  private @Nullable Greeting current;
  private int failures;

  ElectionListener(QuorumPeer peer, ElectionNetwork network) {
    this.peer = peer;
    this.network = network;
  }

  /** Binds to the own address as its name resolves now. */
  void bind() {
    int port = peer.config().self().electionPort();
    Optional<Endpoint> local = peer.ownAddress(port);
    String problem = local.map(this::bind).orElse("no address for " + peer.config().self().host());
    if (problem.isEmpty()) {
      local.ifPresent(peer.log().links()::listening);
    } else {
      peer.log().links().cannotListen(local);
      peer.encounters().fatal("cannot bind its election port " + port + ": " + problem);
      failures++;
      boolean tries = peer.config().election().triesAgainAfter(failures);
      peer.process().after(PAUSE, tries ? this::bind : this::giveUp);
    }
  }

  private String bind(Endpoint local) {
    Bound bound = peer.process().listen(local, this::accept);
    return bound instanceof Bound.Failed failed ? local + ", " + failed.failure().message() : "";
  }

  private void giveUp() {
    Optional<Endpoint> local = peer.ownAddress(peer.config().self().electionPort());
    peer.log().links().leavesElections(local, failures, CANNOT_BIND);
    peer.process().exit(CANNOT_BIND);
  }

  private ConnectionHandler accept(Connection connection) {
    connection.pauseReading();
    Greeting greeting = new Greeting(connection);
    waiting.add(greeting);
    if (current == null) {
      peer.process().after(0, this::next);
    }
    return greeting;
  }

  private void next() {
    while (current == null && !waiting.isEmpty()) {
      current = waiting.remove();
      current.read();
    }
  }

  private void done() {
    current = null;
    next();
  }

  /** A connection that has not said yet who calls. */
  private final class Greeting implements ConnectionHandler {
    private final Connection connection;
    private final Input input = new Input();
    private Bytes firstBytes = Bytes.EMPTY;
    private @Nullable Timer limit;

    Greeting(Connection connection) {
      this.connection = connection;
    }

    void read() {
      peer.log().links().received(connection.local(), connection.remote());
      if (!peer.admits(connection.remote().address())) {
        peer.encounters().notFor(connection.local().port(), connection.remote().address());
        refuse();
        return;
      }
      limit = peer.process().after(peer.config().syncNanos(), this::refuse);
      connection.resumeReading();
    }

    @Override
    public void onData(Connection same, Bytes data) {
      firstBytes = firstBytes.plus(data);
      input.add(data);
      ElectionHello.Reading reading = ElectionHello.read(input);
      if (reading instanceof ElectionHello.Reading.Complete complete) {
        finish();
        network.accepted(connection, complete.hello(), input, firstBytes);
        done();
      } else if (reading instanceof ElectionHello.Reading.Garbage) {
        peer.encounters()
            .garbage(connection.local().port(), connection.remote().address(), firstBytes);
        refuse();
      }
    }

    @Override
    public void onEof(Connection same) {
      refuse();
    }

    @Override
    public void onReset(Connection same) {
      if (this == current) {
        refuse();
      } else {
        waiting.remove(this);
      }
    }

    private void refuse() {
      finish();
      connection.close();
      done();
    }

    private void finish() {
      if (limit != null) {
        limit.cancel();
      }
    }
  }
}
