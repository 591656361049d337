package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Process;
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

  private final Process process;
  private final ElasticsearchLog log;
  private final List<Runnable> awaiting = new ArrayList<>();
  private ClusterState state;
  private OptionalLong masterSince = OptionalLong.empty();

  AppliedState(Process process, Node self, ElasticsearchLog log) {
    this.process = process;
    this.log = log;
    this.state = ClusterState.initial(self);
  }

  ClusterState state() {
    return state;
  }

  Optional<Node> master() {
    return state.master();
  }

  OptionalLong masterSince() {
    return masterSince;
  }

  ImmutableList<Node> nodes() {
    return state.nodes();
  }

  /**
   * Runs something once there is a master, or after a while without one; at once if there is one.
   *
   * @param timeout in nanoseconds
   */
  void awaitMaster(long timeout, Runnable then) {
    if (master().isPresent()) {
      then.run();
      return;
    }
    awaiting.add(then);
    process.after(
        timeout,
        () -> {
          if (awaiting.remove(then)) {
            then.run();
          }
        });
  }

  /** The difference that a new state makes, as logs tell it; empty for none. */
  static String delta(ClusterState before, ClusterState after) {
    List<String> parts = new ArrayList<>();
    if (!after.master().equals(before.master())) {
      parts.add(
          "master node changed {previous [%s], current [%s]}"
              .formatted(name(before.master()), name(after.master())));
    }
    tell(parts, "removed", difference(before.nodes(), after.nodes()));
    tell(parts, "added", difference(after.nodes(), before.nodes()));
    return String.join(", ", parts);
  }

  private static String name(Optional<Node> node) {
    return node.map(Node::toString).orElse("");
  }

  private static void tell(List<String> parts, String word, Set<Node> nodes) {
    if (!nodes.isEmpty()) {
      parts.add(
          nodes.stream().map(Node::toString).collect(Collectors.joining(", ", word + " {", "}")));
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
   * @param source as the log gives it
   * @return the nodes that are no longer part of it
   */
  Set<Node> apply(ClusterState next, String source) {
    String delta = delta(state, next);
    if (!delta.isEmpty()) {
      log.applied(delta, next, source);
    }
    if (!next.master().equals(state.master())) {
      masterSince =
          next.master().isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(process.namespace().scheduler().now());
    }
    Set<Node> gone = difference(state.nodes(), next.nodes());
    state = next;
    if (next.master().isPresent()) {
      List<Runnable> ready = List.copyOf(awaiting);
      awaiting.clear();
      ready.forEach(Runnable::run);
    }
    return gone;
  }
}
