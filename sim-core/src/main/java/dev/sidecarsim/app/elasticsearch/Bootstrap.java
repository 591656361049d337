package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The first voting configuration of all (ClusterBootstrapService): with more than half of {@code
 * cluster.initial_master_nodes} found, the own name among them; of a node that is told of nobody,
 * three seconds after its start, whomever it has found by then.
 */
final class Bootstrap {

  /** discovery.unconfigured_bootstrap_timeout. */
  private static final long UNCONFIGURED_TIMEOUT = 3 * SECOND;

  private final ElasticsearchConfig config;
  private final Transport transport;
  private final Node self;
  private final CoordinationState state;
  private final ElasticsearchLog log;
  private final Random random;
  private final Runnable done;
  private boolean permitted = true;

  /**
   * @param random makes the cluster's identity
   * @param done runs once there is a configuration
   */
  Bootstrap(
      ElasticsearchConfig config,
      Transport transport,
      CoordinationState state,
      ElasticsearchLog log,
      Random random,
      Runnable done) {
    this.config = config;
    this.transport = transport;
    this.self = transport.self();
    this.state = state;
    this.log = log;
    this.random = random;
    this.done = done;
  }

  /** The node has started. */
  void start(Supplier<? extends Collection<Node>> discovered) {
    if (config.unconfigured() && self.masterEligible()) {
      transport
          .process()
          .after(UNCONFIGURED_TIMEOUT, () -> begin(discovered.get(), ImmutableSet.of()));
    }
  }

  /**
   * Others were found.
   *
   * @param discovered all of them and the own node
   */
  void foundPeersUpdated(Collection<Node> discovered) {
    List<String> names = config.initialMasters();
    if (!permitted
        || !self.masterEligible()
        || names.isEmpty()
        || state.accepted().isBootstrapped()) {
      return;
    }
    Map<String, Node> matching = new LinkedHashMap<>();
    for (String name : names) {
      List<Node> nodes = discovered.stream().filter(node -> names(node).contains(name)).toList();
      if (nodes.size() > 1) {
        permitted = false;
        log.bootstrapCancelled("requirement [" + name + "] matches multiple nodes: " + nodes);
        return;
      }
      nodes.forEach(node -> matching.put(name, node));
    }
    if (!matching.containsValue(self)) {
      permitted = false;
      log.bootstrapSkipped(names);
    } else if (matching.size() * 2 > names.size()) {
      Set<String> missing = new LinkedHashSet<>(names);
      missing.removeAll(matching.keySet());
      begin(matching.values(), missing);
    }
  }

  private void begin(Collection<Node> found, Set<String> missing) {
    if (!permitted || state.accepted().isBootstrapped()) {
      return;
    }
    permitted = false;
    VotingConfiguration first =
        new VotingConfiguration(
            Stream.concat(
                    found.stream().map(Node::id),
                    missing.stream().map(VotingConfiguration::placeholder))
                .collect(ImmutableSet.toImmutableSet()));
    log.bootstrapped(first);
    state.bootstrap(state.accepted().bootstrapped(PersistedState.newId(random), first));
    done.run();
  }

  private static List<String> names(Node node) {
    return List.of(node.name(), node.host(), node.address());
  }
}
