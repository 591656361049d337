package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.time.Timer;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a candidate says of why there is no master (ClusterFormationFailureHelper). */
final class FormationWarnings {

  /** discovery.cluster_formation_warning_timeout. */
  private static final long INTERVAL = 10 * SECOND;

  private final Process process;
  private final ElasticsearchLog log;
  private final Supplier<String> why;
  private @Nullable Timer timer;

  FormationWarnings(Process process, ElasticsearchLog log, Supplier<String> why) {
    this.process = process;
    this.log = log;
    this.why = why;
  }

  /** Warns from now on, the first time after ten seconds. */
  void start() {
    stop();
    timer =
        process.after(
            INTERVAL,
            () -> {
              log.noMaster(why);
              start();
            });
  }

  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /**
   * The whole sentence.
   *
   * @param state the last that was accepted
   * @param discovered the own node and those that it has found
   * @param seeds addresses that the seeds stand for
   */
  static String describe(
      ElasticsearchConfig config,
      Node self,
      long term,
      ClusterState state,
      ImmutableSet<Node> discovered,
      Collection<String> seeds) {
    String hosts =
        "discovery will continue using %s from hosts providers and %s from last-known cluster state; node term %d, last-accepted version %d in term %d"
            .formatted(
                seeds,
                state.nodes().stream().filter(Node::masterEligible).toList(),
                term,
                state.version(),
                state.term());
    String found = "have discovered " + discovered + "; " + hosts;
    if (!self.masterEligible()) {
      return "master not discovered yet: " + found;
    }
    if (!state.isBootstrapped()) {
      return "master not discovered yet, this node has not previously joined a bootstrapped (v7+) cluster, and "
          + (config.initialMasters().isEmpty()
              ? "[cluster.initial_master_nodes] is empty on this node"
              : "this node must discover master-eligible nodes "
                  + config.initialMasters()
                  + " to bootstrap a cluster")
          + ": "
          + found;
    }
    return "master not discovered or elected yet, an election requires "
        + requirement(state)
        + ", "
        + quorum(config.release(), state.hasQuorum(discovered), discovered)
        + "; "
        + hosts;
  }

  private static String requirement(ClusterState state) {
    String accepted = state.accepted().requirement();
    return state.accepted().equals(state.committed())
        ? accepted
        : accepted + " and " + state.committed().requirement();
  }

  private static String quorum(Release release, boolean quorum, ImmutableSet<Node> discovered) {
    if (release.countsFailures()) {
      return (quorum ? "have discovered possible quorum " : "have only discovered non-quorum ")
          + discovered;
    }
    return "have discovered "
        + discovered
        + (quorum ? " which is a quorum" : " which is not a quorum");
  }
}
