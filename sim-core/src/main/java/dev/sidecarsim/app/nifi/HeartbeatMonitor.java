package dev.sidecarsim.app.nifi;

import dev.sidecarsim.app.nifi.NodeStatus.Code;
import dev.sidecarsim.app.nifi.NodeStatus.State;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.time.Durations;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The heartbeats that a node has heard, and what it makes of them if it is the coordinator
 * (AbstractHeartbeatMonitor, ClusterProtocolHeartbeatMonitor). It looks at them once in each
 * interval.
 */
final class HeartbeatMonitor {

  /** How soon it is looked again whether there is somebody to tell. */
  private static final long WAIT = Durations.millis(1);

  private static final String THREAD = "Heartbeat Monitor Thread-1";

  /**
   * The last heartbeat of a node.
   *
   * @param at when it came, in nanoseconds of simulated time
   * @param claimed what the node takes itself for
   * @param startedAt when the node started, as it says
   */
  record Beat(long at, State claimed, long startedAt) {}

  private final Process process;
  private final NodeId self;
  private final NifiConfig config;
  private final Roles roles;
  private final Topology topology;
  private final Coordination coordination;
  private final NifiLog log;
  private final Map<NodeId, Beat> beats = new TreeMap<>();
  private long purgedAt;

  HeartbeatMonitor(
      Process process,
      NodeId self,
      NifiConfig config,
      Roles roles,
      Topology topology,
      Coordination coordination,
      NifiLog log) {
    this.process = process;
    this.self = self;
    this.config = config;
    this.roles = roles;
    this.topology = topology;
    this.coordination = coordination;
    this.log = log;
  }

  private long now() {
    return process.namespace().scheduler().now();
  }

  void start() {
    log.info(NifiLog.Logger.MONITOR, "main", "Heartbeat Monitor started");
    process.after(config.heartbeatNanos(), this::monitor);
  }

  /** What was heard before counts no more: nodes may have sent their heartbeats elsewhere. */
  void purge() {
    beats.clear();
    purgedAt = now();
  }

  Optional<Beat> of(NodeId node) {
    return Optional.ofNullable(beats.get(node));
  }

  /** Takes a heartbeat; the answer has what the node does not know as it is known here. */
  Message heard(Message message) {
    State claimed = message.statuses().get(0).state();
    beats.put(message.node(), new Beat(now(), claimed, Long.parseLong(message.text())));
    List<NodeStatus> known = message.statuses().subList(1, message.statuses().size());
    return Message.of(Message.Type.HEARTBEAT_RESPONSE, self)
        .withText(coordination.electionMessage())
        .with(coordination.newsFor(known));
  }

  /** A node that is not the coordinator, or no longer, takes nobody for lost. */
  private void monitor() {
    roles.find(
        Roles.Role.COORDINATOR,
        leader -> {
          Deque<Runnable> work = new ArrayDeque<>();
          if (leader.filter(other -> !other.equals(self.participant())).isPresent()) {
            purge();
          } else if (!beats.isEmpty()) {
            beats.forEach((node, beat) -> work.add(() -> judge(node, beat)));
            work.add(this::processed);
            topology.all().forEach(status -> work.add(() -> missed(status.node())));
          }
          work(work);
        });
  }

  /** Its one thread waits while somebody must be told of a change and nobody coordinates. */
  private void work(Deque<Runnable> work) {
    while (!work.isEmpty() && !coordination.waits()) {
      work.remove().run();
    }
    if (work.isEmpty()) {
      process.after(config.heartbeatNanos(), this::monitor);
    } else {
      process.after(WAIT, () -> work(work));
    }
  }

  private void processed() {
    log.info(
        NifiLog.Logger.MONITOR,
        THREAD,
        "Finished processing " + beats.size() + " heartbeats in 1 millis");
  }

  private void missed(NodeId node) {
    long silent = now() - of(node).map(Beat::at).orElse(purgedAt);
    if (topology.in(State.CONNECTED).contains(node)
        && silent > config.missableHeartbeats() * config.heartbeatNanos()) {
      beats.remove(node);
      coordination.lost(
          node,
          "Have not received a heartbeat from node in " + silent / Durations.SECOND + " seconds");
    }
  }

  private void judge(NodeId node, Beat beat) {
    if (coordination.blocks(node)) {
      coordination
          .events()
          .warn(node, "Firewall blocked received heartbeat. Issuing disconnection request.");
      beats.remove(node);
      coordination.dismiss(node, Code.BLOCKED_BY_FIREWALL, Code.BLOCKED_BY_FIREWALL.toString());
      return;
    }
    Optional<NodeStatus> known = topology.of(node);
    if (known.isEmpty()) {
      unknown(node);
      return;
    }
    switch (known.get().state()) {
      case CONNECTED -> {
        if (beat.claimed() != State.CONNECTED) {
          thinksOtherwise(node, beat.claimed());
        }
      }
      case CONNECTING -> finish(known.get(), beat);
      case DISCONNECTED -> returned(known.get());
      case REMOVED -> beats.remove(node);
    }
  }

  private void unknown(NodeId node) {
    coordination
        .events()
        .info(
            node,
            "Received heartbeat from unknown node. Removing heartbeat and requesting that node"
                + " connect to cluster.");
    beats.remove(node);
    coordination.requestConnection(node);
  }

  private void thinksOtherwise(NodeId node, State claimed) {
    coordination
        .events()
        .warn(
            node,
            "Received heartbeat from node that thinks it is not yet part of the cluster,though the"
                + " Cluster Coordinator thought it was (node claimed state was "
                + claimed
                + "). Marking as Disconnected and requesting that Node reconnect to cluster");
    coordination.requestConnection(node);
  }

  private void finish(NodeStatus known, Beat beat) {
    NodeId node = known.node();
    if (beat.at() < known.at()) {
      coordination
          .events()
          .info(
              node,
              "Received heartbeat but ignoring because it was reported before the node was last"
                  + " asked to reconnect.");
      beats.remove(node);
    } else {
      coordination.finishConnection(node);
    }
  }

  /** A node that was dismissed for another reason than silence is not taken back by itself. */
  private void returned(NodeStatus known) {
    NodeId node = known.node();
    switch (known.code()) {
      case LACK_OF_HEARTBEAT, UNABLE_TO_COMMUNICATE, NOT_YET_CONNECTED -> {
        coordination
            .events()
            .info(
                node,
                "Received heartbeat from node previously disconnected due to "
                    + known.code()
                    + ". Issuing reconnection request.");
        coordination.requestConnection(node);
      }
      default -> {
        log.info(
            NifiLog.Logger.MONITOR,
            THREAD,
            "Ignoring received heartbeat from disconnected node "
                + node
                + ".  Issuing disconnection request.");
        beats.remove(node);
        coordination.dismiss(node, known.code(), known.reason());
      }
    }
  }
}
