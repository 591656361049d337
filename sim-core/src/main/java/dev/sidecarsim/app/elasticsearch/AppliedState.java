package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The cluster state that a node goes by: who is master, and which nodes there are. */
final class AppliedState {

  private final ElasticsearchLog log;
  private Optional<Node> master = Optional.empty();
  private OptionalLong masterSince = OptionalLong.empty();
  private ImmutableList<Node> nodes;

  AppliedState(Node self, ElasticsearchLog log) {
    this.log = log;
    this.nodes = ImmutableList.of(self);
  }

  Optional<Node> master() {
    return master;
  }

  OptionalLong masterSince() {
    return masterSince;
  }

  ImmutableList<Node> nodes() {
    return nodes;
  }

  /** The difference that a new state makes, as logs tell it; empty for none. */
  String delta(Optional<Node> newMaster, Collection<Node> newNodes) {
    List<String> parts = new ArrayList<>();
    if (!newMaster.equals(master)) {
      parts.add(
          "master node changed {previous [%s], current [%s]}"
              .formatted(name(master), name(newMaster)));
    }
    tell(parts, "removed", difference(nodes, newNodes));
    tell(parts, "added", difference(newNodes, nodes));
    return String.join(", ", parts);
  }

  private static String name(Optional<Node> node) {
    return node.map(Node::toString).orElse("");
  }

  private static void tell(List<String> parts, String word, Set<Node> nodes) {
    if (!nodes.isEmpty()) {
      parts.add(
          nodes.stream().map(Node::toString).collect(Collectors.joining(",", word + " {", "}")));
    }
  }

  private static Set<Node> difference(Collection<Node> of, Collection<Node> without) {
    Set<Node> rest = new LinkedHashSet<>(of);
    rest.removeAll(without);
    return rest;
  }

  /**
   * Goes by another state.
   *
   * @param reason as the log gives it
   * @return the nodes that are no longer part of it
   */
  Set<Node> apply(
      Node newMaster, Collection<Node> newNodes, long now, long term, long version, String reason) {
    String delta = delta(Optional.of(newMaster), newNodes);
    if (!delta.isEmpty()) {
      log.applied(delta, term, version, reason);
    }
    if (!master.equals(Optional.of(newMaster))) {
      masterSince = OptionalLong.of(now);
    }
    Set<Node> gone = difference(nodes, newNodes);
    master = Optional.of(newMaster);
    nodes = ImmutableList.copyOf(newNodes);
    return gone;
  }

  /** There is no master any more; the nodes are still those of the last state. */
  void noMaster(long term, long version, String reason) {
    if (master.isPresent()) {
      log.applied(delta(Optional.empty(), nodes), term, version, "becoming candidate: " + reason);
      master = Optional.empty();
      masterSince = OptionalLong.empty();
    }
  }
}
