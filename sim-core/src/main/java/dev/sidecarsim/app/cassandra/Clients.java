package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.host.Process;

/**
 * When a node that has joined begins to serve clients: at once, or, in 4.x, when all of its peers
 * but one are up, for which it waits ten seconds (StartupClusterConnectivityChecker).
 */
final class Clients {

  private static final long PATIENCE = seconds(10);
  private static final long LOOK_AGAIN = millis(10);

  private final Process process;
  private final CassandraConfig config;
  private final CassandraLog log;
  private final Gossiper gossiper;
  private final Runnable serve;

  Clients(
      Process process,
      CassandraConfig config,
      CassandraLog log,
      Gossiper gossiper,
      Runnable serve) {
    this.process = process;
    this.config = config;
    this.log = log;
    this.gossiper = gossiper;
    this.serve = serve;
  }

  /** Gossip is quiet. */
  void settled() {
    log.settled();
    if (config.release().waitsForPeers() && gossiper.states().size() > 1) {
      log.waitsForPeers();
      await(0);
    } else {
      serve.run();
    }
  }

  private void await(long waited) {
    long down = gossiper.states().stream().filter(state -> !gossiper.up(state)).count();
    if (down <= 1) {
      log.peersAreUp(waited);
      serve.run();
    } else if (waited >= PATIENCE) {
      log.peersAreDown(waited, down - 1);
      serve.run();
    } else {
      process.after(LOOK_AGAIN, () -> await(waited + LOOK_AGAIN));
    }
  }
}
