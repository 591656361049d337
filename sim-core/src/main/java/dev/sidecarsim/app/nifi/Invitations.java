package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.nifi.NodeStatus.Code;
import dev.sidecarsim.app.nifi.NodeStatus.State;
import dev.sidecarsim.host.Process;

/**
 * Requests of the coordinator's to nodes, to connect again or to leave: each is tried ten times,
 * with five seconds between.
 */
final class Invitations {

  private static final int ATTEMPTS = 10;
  private static final long PAUSE = seconds(5);

  private static final String THREAD = "Heartbeat Monitor Thread-1";

  private static final String UNREACHABLE =
      "Attempted to request that node reconnect to cluster but could not communicate with node";

  private final Process process;
  private final ProtocolPort port;
  private final Topology topology;
  private final Coordination coordination;
  private final NodeEvents events;
  private final NifiLog log;

  Invitations(
      Process process,
      ProtocolPort port,
      Topology topology,
      Coordination coordination,
      NodeEvents events,
      NifiLog log) {
    this.process = process;
    this.port = port;
    this.topology = topology;
    this.coordination = coordination;
    this.events = events;
    this.log = log;
  }

  /**
   * Asks a node to connect.
   *
   * @param withFlow whether the cluster's flow is known, so that the node need not ask for it
   */
  void invite(NodeId node, boolean withFlow) {
    invite(node, withFlow, ATTEMPTS);
  }

  private void invite(NodeId node, boolean withFlow, int attempts) {
    if (topology.of(node).filter(status -> status.state() == State.CONNECTING).isEmpty()) {
      return;
    }
    if (attempts == 0) {
      dismiss(node, Code.UNABLE_TO_COMMUNICATE, UNREACHABLE);
      return;
    }
    String thread = "Reconnect " + node;
    port.call(
        node.participant(),
        Message.of(Message.Type.RECONNECTION_REQUEST, node)
            .withText(withFlow ? "flow" : "")
            .with(topology.all()),
        done ->
            log.info(
                NifiLog.Logger.COORDINATOR,
                thread,
                "Successfully requested that " + node + " join the cluster"),
        failure -> {
          log.warn(
              NifiLog.Logger.COORDINATOR,
              thread,
              "Problem encountered issuing reconnection request to node " + node + "\n" + failure);
          process.after(PAUSE, () -> invite(node, withFlow, attempts - 1));
        });
  }

  /** Tells a node that it is no part of the cluster, unless it has shut down. */
  void dismiss(NodeId node, Code code, String reason) {
    log.info(
        NifiLog.Logger.COORDINATOR,
        THREAD,
        "Requesting that " + node + " disconnect due to " + reason);
    coordination.update(topology.disconnected(node, code, reason));
    if (code != Code.NODE_SHUTDOWN) {
      events.add(node, "Disconnection requested due to " + reason);
      dismiss(node, reason, ATTEMPTS);
    }
  }

  /** The request has no answer: it counts as heard once somebody has accepted the connection. */
  private void dismiss(NodeId node, String reason, int attempts) {
    if (attempts > 0) {
      port.tell(
          node.participant(),
          Message.of(Message.Type.DISCONNECTION_REQUEST, node).withText(reason),
          failure -> process.after(PAUSE, () -> dismiss(node, reason, attempts - 1)));
    }
  }
}
