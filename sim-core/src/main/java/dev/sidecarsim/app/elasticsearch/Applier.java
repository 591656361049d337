package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.elasticsearch.PeerConnection.Waiting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Makes a node go by a state, one after the other: first it connects to all nodes of it and waits
 * until each attempt has come to an end, be it well or not; then the state holds, and connections
 * to nodes that are not in it are closed (ClusterApplierService, NodeConnectionsService).
 */
final class Applier {

  /** cluster.nodes.reconnect_interval. */
  private static final long RECONNECT = 10 * SECOND;

  private record Task(Supplier<ClusterState> state, String source, Runnable done) {}

  private final Transport transport;
  private final AppliedState applied;
  private final ElasticsearchLog log;
  private final Deque<Task> tasks = new ArrayDeque<>();
  private boolean busy;

  Applier(Transport transport, AppliedState applied, ElasticsearchLog log) {
    this.transport = transport;
    this.applied = applied;
    this.log = log;
  }

  void start() {
    transport.process().after(RECONNECT, this::reconnect);
  }

  private void reconnect() {
    others(applied.nodes()).forEach(node -> connect(node, () -> {}));
    transport.process().after(RECONNECT, this::reconnect);
  }

  /**
   * Takes a state to go by.
   *
   * @param state is asked for when its turn comes
   * @param source as the log gives it
   * @param done runs once it holds
   */
  void apply(Supplier<ClusterState> state, String source, Runnable done) {
    tasks.add(new Task(state, source, done));
    next();
  }

  private void next() {
    if (busy || tasks.isEmpty()) {
      return;
    }
    busy = true;
    Task task = tasks.remove();
    ClusterState state = task.state().get();
    ImmutableList<Node> others = others(state.nodes());
    int[] left = {others.size()};
    Runnable connected =
        () -> {
          if (--left[0] <= 0) {
            hold(task, state);
          }
        };
    if (others.isEmpty()) {
      connected.run();
    }
    others.forEach(node -> connect(node, connected));
  }

  private void hold(Task task, ClusterState state) {
    applied.apply(state, task.source()).forEach(transport::disconnect);
    busy = false;
    task.done().run();
    next();
  }

  private ImmutableList<Node> others(List<Node> nodes) {
    return nodes.stream()
        .filter(node -> !node.equals(transport.self()))
        .collect(ImmutableList.toImmutableList());
  }

  private void connect(Node node, Runnable over) {
    transport.connect(
        node,
        new Waiting() {
          @Override
          public void connected() {
            over.run();
          }

          @Override
          public void failed(String why) {
            log.cannotConnect(node);
            over.run();
          }
        });
  }
}
