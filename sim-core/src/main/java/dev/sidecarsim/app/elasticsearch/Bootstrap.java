package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The first voting configuration of all (ClusterBootstrapService): with more than half of {@code
 * cluster.initial_master_nodes} found, the own name among them; of a node that is told of nobody,
 * three seconds after its start, whomever it has found by then.
 */
final class Bootstrap {

  /** discovery.unconfigured_bootstrap_timeout. */
  static final long UNCONFIGURED_TIMEOUT = 3 * SECOND;

  private final ElasticsearchConfig config;
  private final Node self;
  private final ElasticsearchLog log;
  private final Consumer<VotingConfiguration> first;
  private boolean permitted = true;

  /**
   * @param first takes the configuration
   */
  Bootstrap(
      ElasticsearchConfig config,
      Node self,
      ElasticsearchLog log,
      Consumer<VotingConfiguration> first) {
    this.config = config;
    this.self = self;
    this.log = log;
    this.first = first;
  }

  /**
   * Others were found.
   *
   * @param discovered all of them and the own node
   */
  void foundPeersUpdated(Collection<Node> discovered) {
    List<String> names = config.initialMasters();
    if (!permitted || !self.masterEligible() || names.isEmpty()) {
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
      start(matching.values(), missing);
    }
  }

  /** Nobody is named: the node makes do with what it has found. */
  void unconfigured(Collection<Node> discovered) {
    if (permitted && self.masterEligible()) {
      start(discovered, ImmutableSet.of());
    }
  }

  private void start(Collection<Node> found, Set<String> missing) {
    permitted = false;
    first.accept(
        new VotingConfiguration(
            Stream.concat(
                    found.stream().map(Node::id),
                    missing.stream().map(VotingConfiguration::placeholder))
                .collect(ImmutableSet.toImmutableSet())));
  }

  private static List<String> names(Node node) {
    return List.of(node.name(), node.host(), node.address());
  }
}
