package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.redis.ClusterNode.Flag;
import java.util.Optional;

/**
 * What a node makes of others' words about third nodes: who else there is, where, and who fails
 * (clusterProcessGossipSection, markNodeAsFailingIfNeeded).
 */
final class ClusterGossip {

  private final ClusterBus bus;
  private final RedisServer server;

  ClusterGossip(ClusterBus bus, RedisServer server) {
    this.bus = bus;
    this.server = server;
  }

  private ClusterView view() {
    return bus.view();
  }

  void heard(ClusterNode sender, BusMessage.Gossip entry) {
    Optional<ClusterNode> known = view().find(entry.id());
    if (known.isEmpty()) {
      addUnknown(entry);
    } else if (!known.get().is(Flag.MYSELF)) {
      report(sender, known.get(), entry);
    }
  }

  void addUnknown(BusMessage.Gossip entry) {
    boolean self = entry.id().equals(view().myself().id);
    if (!self && !entry.says("noaddr") && view().find(entry.id()).isEmpty()) {
      ClusterNode node =
          new ClusterNode(
              entry.id(), entry.pod(), entry.ip(), entry.port(), entry.busPort(), bus.now());
      node.flags.add(entry.says("slave") ? Flag.SLAVE : Flag.MASTER);
      view().add(node);
    }
  }

  private void report(ClusterNode sender, ClusterNode node, BusMessage.Gossip entry) {
    if (sender.is(Flag.MASTER)) {
      if (entry.failing()) {
        node.failReports.put(sender.id, bus.now());
        failIfAgreed(node);
      } else {
        node.failReports.remove(sender.id);
      }
    }
    boolean suspected = node.is(Flag.PFAIL) || node.is(Flag.FAIL);
    boolean elsewhere = !node.ip.equals(entry.ip()) || node.busPort != entry.busPort();
    if (suspected && !entry.failing() && !entry.says("noaddr") && elsewhere) {
      node.moveTo(entry.ip(), entry.port(), entry.busPort());
    }
  }

  /** Most masters suspect it, of late, and this node does. */
  private void failIfAgreed(ClusterNode node) {
    long oldest = bus.now() - 2 * server.config().cluster().nodeTimeout();
    node.failReports.values().removeIf(at -> at < oldest);
    int reports = node.failReports.size() + (view().myself().is(Flag.MASTER) ? 1 : 0);
    if (node.is(Flag.PFAIL) && !node.is(Flag.FAIL) && reports >= view().masters() / 2 + 1) {
      server.log().notice("Marking node " + node.id + " as failing (quorum reached).");
      fail(node);
      bus.broadcast(
          bus.protocol().message(BusMessage.Type.FAIL, ImmutableList.of(BusProtocol.gossip(node))));
    }
  }

  /** A FAIL message: the sender's word is enough. */
  void failed(BusMessage message) {
    for (BusMessage.Gossip entry : message.gossip()) {
      view()
          .find(entry.id())
          .filter(node -> !node.is(Flag.MYSELF) && !node.is(Flag.FAIL))
          .ifPresent(
              node -> {
                server
                    .log()
                    .notice("FAIL message received from " + message.sender() + " about " + node.id);
                fail(node);
              });
    }
  }

  private void fail(ClusterNode node) {
    node.flags.remove(Flag.PFAIL);
    node.flags.add(Flag.FAIL);
    node.failedAt = bus.now();
  }

  /**
   * A PONG ends a suspicion; and a failure, unless the node has slots that somebody may be about to
   * take over (clearNodeFailureIfNeeded, CLUSTER_FAIL_UNDO_TIME_MULT).
   */
  void reachable(ClusterNode node) {
    node.flags.remove(Flag.PFAIL);
    if (!node.is(Flag.FAIL)) {
      return;
    }
    boolean serves = node.votes();
    if (!serves || bus.now() - node.failedAt > 2 * server.config().cluster().nodeTimeout()) {
      node.flags.remove(Flag.FAIL);
      server
          .log()
          .notice(
              "Clear FAIL state for node %s: %s"
                  .formatted(
                      node.id,
                      serves
                          ? "is reachable again and nobody is serving its slots after some time."
                          : (node.is(Flag.SLAVE) ? "replica" : "master without slots")
                              + " is reachable again."));
    }
  }
}
