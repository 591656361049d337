package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Finds nodes that answer their checks, but do not apply what the leader publishes. */
final class LagDetector {

  /** cluster.follower_lag.timeout. */
  private static final long TIMEOUT = 90 * SECOND;

  private final Transport transport;
  private final CoordinationState state;
  private final Consumer<Node> lagging;
  private final Map<Node, Long> appliedVersions = new LinkedHashMap<>();

  LagDetector(Transport transport, CoordinationState state, Consumer<Node> lagging) {
    this.transport = transport;
    this.state = state;
    this.lagging = lagging;
  }

  void applied(Node node, long version) {
    appliedVersions.merge(node, version, Math::max);
  }

  void clear() {
    appliedVersions.clear();
  }

  /** Gives the nodes of a state their time to apply it. */
  void expect(ClusterState published) {
    transport
        .process()
        .after(
            TIMEOUT,
            () ->
                published.nodes().stream().filter(node -> lags(node, published)).forEach(lagging));
  }

  private boolean lags(Node node, ClusterState published) {
    return state.electionWon()
        && state.term() == published.term()
        && state.accepted().has(node)
        && !node.equals(transport.self())
        && appliedVersions.getOrDefault(node, 0L) < published.version();
  }
}
