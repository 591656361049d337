package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.nifi.NodeStatus.Code;
import dev.sidecarsim.app.nifi.NodeStatus.State;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What a node knows of all nodes' part in the cluster. Whom it knows is kept on its disk, so that
 * it remembers them after a restart.
 */
final class Topology {

  /** Where StandardStateManagerProvider's local provider keeps it. */
  private static final String FILE = "state/local/nodes";

  private final LongSupplier clock;
  private final Map<String, String> disk;
  private final Map<NodeId, NodeStatus> statuses = new TreeMap<>();
  private long lastUpdate;

  Topology(LongSupplier clock, Map<String, String> disk) {
    this.clock = clock;
    this.disk = disk;
    disk.getOrDefault(FILE, "")
        .lines()
        .map(NodeId::of)
        .forEach(node -> statuses.put(node, disconnected(node, Code.NOT_YET_CONNECTED)));
  }

  /** A status of this node's own making, later than all that it has heard of. */
  NodeStatus status(NodeId node, State state) {
    return new NodeStatus(node, state, Code.NONE, "", ++lastUpdate, clock.getAsLong());
  }

  NodeStatus disconnected(NodeId node, Code code, String reason) {
    return new NodeStatus(node, State.DISCONNECTED, code, reason, ++lastUpdate, clock.getAsLong());
  }

  NodeStatus disconnected(NodeId node, Code code) {
    return disconnected(node, code, code.toString());
  }

  /** Takes a status over; returns what was known before. */
  Optional<NodeStatus> put(NodeStatus status) {
    lastUpdate = Math.max(lastUpdate, status.updateId());
    Optional<NodeStatus> before =
        Optional.ofNullable(
            status.state() == State.REMOVED
                ? statuses.remove(status.node())
                : statuses.put(status.node(), status));
    if (before.isEmpty() || status.state() == State.REMOVED) {
      store();
    }
    return before;
  }

  private void store() {
    StringBuilder lines = new StringBuilder();
    statuses.keySet().forEach(node -> lines.append(node.words()).append('\n'));
    disk.put(FILE, lines.toString());
  }

  Optional<NodeStatus> of(NodeId node) {
    return Optional.ofNullable(statuses.get(node));
  }

  ImmutableList<NodeStatus> all() {
    return ImmutableList.copyOf(statuses.values());
  }

  ImmutableList<NodeId> in(State state) {
    return statuses.values().stream()
        .filter(status -> status.state() == state)
        .map(NodeStatus::node)
        .collect(ImmutableList.toImmutableList());
  }

  /** The node whose protocol port is there; of several the one heard of last. */
  Optional<NodeId> at(String participant) {
    return statuses.values().stream()
        .filter(status -> status.node().participant().equals(participant))
        .max(Comparator.comparing(NodeStatus::updateId))
        .map(NodeStatus::node);
  }
}
