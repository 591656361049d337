package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the rules of all nodes up to date with Services, endpoints, and what else writes there. */
final class KubeProxy {

  private final ImmutableList<Node> nodes;
  private final NodeRules rules;
  private final Debounce change;
  private final Map<Node, NodeRules.Text> loaded = new LinkedHashMap<>();

  KubeProxy(Scheduler scheduler, ImmutableList<Node> nodes, NodeRules rules) {
    this.nodes = nodes;
    this.rules = rules;
    this.change = new Debounce(scheduler, KubeTimings.PROXY, this::sync);
  }

  /** Endpoints have changed; the rules follow a little later. */
  void endpointsChanged() {
    change.wish();
  }

  /** Loads the rules where they are others than before. */
  void sync() {
    NodeRules.Text shared = rules.of(nodes.get(0));
    for (Node node : nodes) {
      NodeRules.Text text = rules.ofEach() ? rules.of(node) : shared;
      if (!text.equals(loaded.put(node, text))) {
        text.load(node.namespace().ip().netfilter());
      }
    }
  }
}
