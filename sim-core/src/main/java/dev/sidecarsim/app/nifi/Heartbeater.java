package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.nifi.NodeStatus.Code;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Timer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node's heartbeats to whom ZooKeeper names as coordinator, and what it learns from the answers
 * (ClusterProtocolHeartbeater).
 */
final class Heartbeater {

  private static final String THREAD = "Clustering Tasks Thread-1";

  private final Process process;
  private final NodeId self;
  private final NifiConfig config;
  private final ProtocolPort port;
  private final Roles roles;
  private final Topology topology;
  private final NifiLog log;
  private final long startedAt;
  private NodeStatus own;
  private @Nullable Timer next;

  Heartbeater(
      Process process,
      NodeId self,
      NifiConfig config,
      ProtocolPort port,
      Roles roles,
      Topology topology,
      NifiLog log) {
    this.process = process;
    this.self = self;
    this.config = config;
    this.port = port;
    this.roles = roles;
    this.topology = topology;
    this.log = log;
    this.startedAt = now();
    this.own = topology.disconnected(self, Code.NOT_YET_CONNECTED);
  }

  /** What the node takes itself for. */
  NodeStatus own() {
    return own;
  }

  /** Begins to send heartbeats, the first at once. */
  void start(NodeStatus status) {
    stop();
    own = status;
    beat();
  }

  void stop() {
    if (next != null) {
      next.cancel();
    }
  }

  /** Sends no more, since the node is no part of the cluster. */
  void leave(NodeStatus status) {
    stop();
    own = status;
  }

  private void beat() {
    next = process.after(config.heartbeatNanos(), this::beat);
    String created = log.time();
    long createdAt = now();
    roles.find(
        Roles.Role.COORDINATOR,
        leader -> {
          if (leader.isEmpty()) {
            failed(
                "org.apache.nifi.cluster.protocol.ProtocolException: Cannot send heartbeat because"
                    + " there is no Cluster Coordinator currently elected");
          } else {
            send(leader.get(), created, createdAt);
          }
        });
  }

  private void send(String to, String created, long createdAt) {
    ImmutableList<NodeStatus> known = topology.all();
    port.call(
        to,
        Message.of(Message.Type.HEARTBEAT, self)
            .withText("" + startedAt)
            .with(ImmutableList.<NodeStatus>builder().add(own).addAll(known).build()),
        response -> {
          response.statuses().forEach(status -> learn(status, known));
          sent(to, created, createdAt, response.text());
        },
        this::failed);
  }

  /** What was told meanwhile by others is newer than the answer. */
  private void learn(NodeStatus status, ImmutableList<NodeStatus> known) {
    Optional<NodeStatus> now = topology.of(status.node());
    if (now.isEmpty() || known.contains(now.get())) {
      topology.put(status);
      log.info(
          NifiLog.Logger.HEARTBEATER,
          THREAD,
          "After receiving heartbeat response, updated status of %s to %s"
              .formatted(status.node(), status));
    }
  }

  private void sent(String to, String created, long createdAt, String election) {
    log.info(
        NifiLog.Logger.HEARTBEATER,
        THREAD,
        "Heartbeat created at %s and sent to %s at %s; send took %d millis%s"
            .formatted(
                created,
                to,
                log.time(),
                Durations.toMillis(now() - createdAt),
                election.isEmpty() ? "" : "; " + election));
  }

  private void failed(String why) {
    log.warn(NifiLog.Logger.FLOW_CONTROLLER, THREAD, "Failed to send heartbeat due to: " + why);
  }

  private long now() {
    return process.namespace().scheduler().now();
  }
}
