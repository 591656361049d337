package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.nifi.NodeStatus.Code;
import dev.sidecarsim.app.nifi.NodeStatus.State;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;

/**
 * What a node does as coordinator of the cluster: it lets nodes in and tells all of what became of
 * one. Every node is ready to (NodeClusterCoordinator).
 */
final class Coordination {

  /** How often it is asked who coordinates, when somebody must be told of a status. */
  private static final long WAIT = Durations.millis(100);

  private static final String REQUESTS = "Process Cluster Protocol Request-1";

  private final Process process;
  private final NodeId self;
  private final ProtocolPort port;
  private final Roles roles;
  private final Topology topology;
  private final NifiLog log;
  private final NodeEvents events;
  private final FlowElection election;
  private final Invitations invitations;
  private final Optional<Firewall> firewall;
  private final boolean certificates;
  private boolean connected;
  private boolean electionNeeded = true;
  private int waiting;

  Coordination(
      Process process,
      NodeId self,
      NifiConfig config,
      ProtocolPort port,
      Roles roles,
      Topology topology,
      NifiLog log) {
    this.process = process;
    this.self = self;
    this.port = port;
    this.roles = roles;
    this.topology = topology;
    this.log = log;
    this.events = new NodeEvents(process.namespace().scheduler()::now, log);
    this.election = new FlowElection(config, process.namespace().scheduler()::now, log);
    this.firewall = config.node().firewall().map(text -> Firewall.of(text, process::resolve));
    this.certificates = config.node().secure();
    this.invitations = new Invitations(process, port, topology, this, events, log);
  }

  /** This node is part of the cluster, so that its flow is the cluster's. */
  void connected() {
    connected = true;
    electionNeeded = false;
    log.info(
        NifiLog.Logger.COORDINATOR,
        "main",
        "This node is now connected to the cluster. Will no longer require election of DataFlow.");
  }

  void disconnected() {
    connected = false;
  }

  boolean isConnected() {
    return connected;
  }

  NodeEvents events() {
    return events;
  }

  /** Whether somebody must be told of a change and nobody coordinates; its thread waits. */
  boolean waits() {
    return waiting > 0;
  }

  /** What nodes are told of the election of a flow, while there is one. */
  String electionMessage() {
    return electionNeeded && !election.complete() ? election.description() : "";
  }

  // ---- requests of nodes

  /** Lets a node in, once a flow is elected. */
  Message connect(NodeId node) {
    if (topology.of(node).isEmpty()) {
      topology.put(topology.disconnected(node, Code.NOT_YET_CONNECTED));
    }
    if (blocks(node)) {
      info(
          "Firewall blocked connection request from node %s with Node Identities %s"
              .formatted(node, names(node)));
      return Message.of(Message.Type.REJECTION, self).withText(Code.BLOCKED_BY_FIREWALL.toString());
    }
    if (electionNeeded && !election.vote(node)) {
      responds(node, "Flow Election In Progress message");
      return Message.of(Message.Type.TRY_LATER, self)
          .withText(
              "Cluster is still voting on which Flow is the correct flow for the cluster. "
                  + election.description());
    }
    responds(node, electionNeeded ? "DataFlow that was elected" : "my DataFlow");
    events.add(node, "Connection requested from existing node. Setting status to connecting.");
    update(topology.status(node, State.CONNECTING));
    return Message.of(Message.Type.CONNECTION_RESPONSE, self).with(topology.all());
  }

  /** Whether the firewall keeps a node out. */
  boolean blocks(NodeId node) {
    return firewall.filter(wall -> wall.blocks(names(node))).isPresent();
  }

  /** The names in the certificate that a node shows. */
  private List<String> names(NodeId node) {
    return certificates ? List.of(node.host()) : List.of();
  }

  private void responds(NodeId node, String answer) {
    info("Received Connection Request from " + node + "; responding with " + answer);
  }

  /** Another node tells of a change; the coordinator passes it on to all. */
  void changed(NodeStatus status) {
    Optional<NodeStatus> before = topology.put(status);
    logChange(before, status);
    if (before.map(NodeStatus::state).filter(status.state()::equals).isEmpty()) {
      events.add(status.node(), summary(before, status));
    }
    roles.verify(
        Roles.Role.COORDINATOR,
        leads -> {
          if (leads) {
            tellAll(status);
          }
        });
  }

  private static String summary(Optional<NodeStatus> before, NodeStatus status) {
    String from = before.map(known -> known.state().name()).orElse("[Unknown Node]");
    String why = status.reason().isEmpty() ? "" : " due to " + status.reason();
    return "Node Status changed from " + from + " to " + status.state() + why;
  }

  // ---- changes of its own

  /** Asks a node to connect, unless it waits for the election of a flow. */
  void requestConnection(NodeId node) {
    if (!electionNeeded || election.complete() || !election.counted(node)) {
      events.info(node, "Requesting that node connect to cluster");
      update(topology.status(node, State.CONNECTING));
      invitations.invite(node, !electionNeeded);
    }
  }

  /** Tells a node that it is no part of the cluster. */
  void dismiss(NodeId node, Code code, String reason) {
    invitations.dismiss(node, code, reason);
  }

  /** The first heartbeat of a node that was let in. */
  void finishConnection(NodeId node) {
    info(node + " is now connected");
    update(topology.status(node, State.CONNECTED));
    events.info(node, "Received first heartbeat from connecting node. Node connected.");
  }

  /** Takes a node for lost. */
  void lost(NodeId node, String reason) {
    info(node + " requested disconnection from cluster due to " + reason);
    update(topology.disconnected(node, Code.LACK_OF_HEARTBEAT, reason));
    events.warn(node, "Node disconnected from cluster due to " + reason);
  }

  /** Changes a node's status, and lets the others know. */
  void update(NodeStatus status) {
    Optional<NodeStatus> before = topology.put(status);
    logChange(before, status);
    if (before.map(NodeStatus::state).filter(status.state()::equals).isEmpty()) {
      waiting++;
      tell(status);
    }
  }

  /**
   * Lets the others know that this node ends, without waiting for somebody who coordinates.
   *
   * @param then is run when whoever there is has been told
   */
  void shutDown(Runnable then) {
    NodeStatus status = topology.disconnected(self, Code.NODE_SHUTDOWN);
    logChange(topology.put(status), status);
    roles.find(
        Roles.Role.COORDINATOR,
        leader -> {
          if (leader.equals(Optional.of(self.participant()))) {
            tellAll(status);
          } else {
            leader.ifPresent(other -> send(other, status));
          }
          info("Successfully notified other nodes that I am shutting down");
          then.run();
        });
  }

  private void logChange(Optional<NodeStatus> before, NodeStatus status) {
    info(
        "Status of %s changed from %s to %s"
            .formatted(status.node(), before.map(NodeStatus::toString).orElse("null"), status));
  }

  /**
   * The coordinator tells all; any other node tells the coordinator, and waits until there is one.
   */
  private void tell(NodeStatus status) {
    roles.find(
        Roles.Role.COORDINATOR,
        leader -> {
          if (leader.isEmpty()) {
            process.after(WAIT, () -> tell(status));
            return;
          }
          waiting--;
          if (leader.get().equals(self.participant())) {
            tellAll(status);
          } else {
            send(leader.get(), status);
          }
        });
  }

  private void tellAll(NodeStatus status) {
    topology.all().stream()
        .map(NodeStatus::node)
        .filter(node -> !node.equals(self))
        .forEach(node -> send(node.participant(), status));
  }

  private void send(String to, NodeStatus status) {
    port.tell(
        to,
        Message.of(Message.Type.NODE_STATUS_CHANGE, status.node()).with(List.of(status)),
        failure ->
            log.warn(
                NifiLog.Logger.COORDINATOR,
                REQUESTS,
                "Failed to send Node Status Change message to " + to + "; " + failure));
  }

  private void info(String text) {
    log.info(NifiLog.Logger.COORDINATOR, REQUESTS, text);
  }

  /** What a node that knows these statuses does not know as it is known here. */
  ImmutableList<NodeStatus> newsFor(List<NodeStatus> known) {
    ImmutableList.Builder<NodeStatus> news = ImmutableList.builder();
    for (NodeStatus status : topology.all()) {
      if (known.stream().noneMatch(status::saysTheSameAs)) {
        news.add(status);
      }
    }
    for (NodeStatus status : known) {
      if (topology.of(status.node()).isEmpty()) {
        news.add(topology.status(status.node(), State.REMOVED));
      }
    }
    return news.build();
  }
}
