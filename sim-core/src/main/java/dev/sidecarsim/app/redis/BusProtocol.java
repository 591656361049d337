package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.redis.ClusterNode.Flag;
import java.util.Optional;

/**
 * What a node does with a message of the bus (clusterProcessPacket of 7.0).
 *
 * <p>The address of a sender is where its message comes from, unless it announces one; a node
 * learns its own from the local end of the connection on which it is met. Both are what a proxy in
 * between makes of them.
 */
final class BusProtocol {

  private final ClusterBus bus;
  private final RedisServer server;

  BusProtocol(ClusterBus bus, RedisServer server) {
    this.bus = bus;
    this.server = server;
  }

  private ClusterView view() {
    return bus.view();
  }

  // ---- out

  BusMessage message(BusMessage.Type type) {
    return message(
        type,
        view().nodes().stream()
            .filter(this::worthTelling)
            .map(BusProtocol::gossip)
            .collect(ImmutableList.toImmutableList()));
  }

  private BusMessage message(BusMessage.Type type, ImmutableList<BusMessage.Gossip> gossip) {
    ClusterNode myself = view().myself();
    RedisConfig config = server.config();
    return new BusMessage(
        type,
        myself.id,
        myself.pod,
        config.clusterAnnounceIp().orElse(""),
        config.port(),
        config.busPort(),
        myself.masterId,
        myself.epoch,
        Slots.print(myself.slots),
        gossip);
  }

  private boolean worthTelling(ClusterNode node) {
    return node.known() && (node.link != null || !node.slots.isEmpty());
  }

  private static BusMessage.Gossip gossip(ClusterNode node) {
    return new BusMessage.Gossip(
        node.id, node.pod, node.ip, node.port, node.busPort, node.flagWords());
  }

  // ---- in

  /**
   * A message has come.
   *
   * @param linked the node that the own link leads to; empty on a link that was accepted
   */
  void received(Channel<String> channel, Optional<ClusterNode> linked, BusMessage message) {
    Optional<ClusterNode> sender =
        linked.filter(node -> !node.is(Flag.HANDSHAKE)).or(() -> view().find(message.sender()));
    sender.ifPresent(node -> node.dataReceived = bus.now());
    if (message.type() == BusMessage.Type.FAIL) {
      message.gossip().forEach(entry -> view().find(entry.id()).ifPresent(this::markFailed));
      return;
    }
    if (message.type() == BusMessage.Type.PING || message.type() == BusMessage.Type.MEET) {
      met(channel, sender.isPresent(), message);
      channel.send(message(BusMessage.Type.PONG).encode());
    }
    boolean goesOn = linked.map(node -> onOwnLink(channel, node, message)).orElse(true);
    if (goesOn) {
      sender.filter(node -> !node.is(Flag.MYSELF)).ifPresent(node -> learn(channel, node, message));
    }
  }

  private void met(Channel<String> channel, boolean senderKnown, BusMessage message) {
    ClusterNode myself = view().myself();
    boolean announces = server.config().clusterAnnounceIp().isPresent();
    if (!announces && (message.type() == BusMessage.Type.MEET || myself.ip.isEmpty())) {
      myself.ip = channel.local().address().toString();
    }
    if (message.type() == BusMessage.Type.MEET && !senderKnown) {
      bus.startHandshake(addressOf(channel, message), message.port(), message.busPort(), false);
      message.gossip().forEach(entry -> addUnknown(entry));
    }
  }

  /** nodeIp2String. */
  private static String addressOf(Channel<String> channel, BusMessage message) {
    return message.ip().isEmpty() ? channel.remote().address().toString() : message.ip();
  }

  /** A PONG on the own link; says whether the message is to be read any further. */
  private boolean onOwnLink(Channel<String> channel, ClusterNode node, BusMessage message) {
    if (node.is(Flag.HANDSHAKE)) {
      Optional<ClusterNode> known = view().find(message.sender());
      if (known.isPresent()) {
        updateAddress(channel, known.get(), message);
        view().remove(node);
        return false;
      }
      view().rename(node, message.sender());
      node.pod = message.pod();
    } else if (!node.id.equals(message.sender())) {
      node.flags.add(Flag.NOADDR);
      node.ip = "";
      node.dropLink();
      return false;
    }
    if (message.type() == BusMessage.Type.PONG) {
      node.pongReceived = bus.now();
      node.dataReceived = bus.now();
      node.pingSent = 0;
      recovered(node);
      learn(channel, node, message);
      return false;
    }
    return true;
  }

  /** A suspicion ends with a PONG; so does a failure of a node that has no slots. */
  private static void recovered(ClusterNode node) {
    node.flags.remove(Flag.PFAIL);
    node.flags.remove(Flag.FAIL);
    node.failReports.clear();
  }

  private void learn(Channel<String> channel, ClusterNode sender, BusMessage message) {
    if (message.type() == BusMessage.Type.PING) {
      updateAddress(channel, sender, message);
    }
    sender.pod = message.pod();
    sender.role(message.masterId());
    if (message.masterId().equals("-")) {
      view().claim(sender, Slots.read(message.slots()), message.epoch());
    }
    message.gossip().forEach(entry -> gossip(sender, entry));
  }

  /** nodeUpdateAddressIfNeeded: not on the link that the own side has opened. */
  private void updateAddress(Channel<String> channel, ClusterNode node, BusMessage message) {
    String ip = addressOf(channel, message);
    boolean same = node.ip.equals(ip) && node.busPort == message.busPort();
    if (node.link == channel || same) {
      return;
    }
    node.moveTo(ip, message.port(), message.busPort());
    if (view().myself().masterId.equals(node.id)) {
      server.replicateFrom(new RedisConfig.Address(node.ip, node.port));
    }
  }

  // ---- gossip

  private void gossip(ClusterNode sender, BusMessage.Gossip entry) {
    Optional<ClusterNode> known = view().find(entry.id());
    if (known.isEmpty()) {
      addUnknown(entry);
    } else if (!known.get().is(Flag.MYSELF)) {
      report(sender, known.get(), entry);
    }
  }

  private void addUnknown(BusMessage.Gossip entry) {
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
    if (sender.votes() && entry.failing()) {
      node.failReports.add(sender.id);
      failIfAgreed(node);
    } else {
      node.failReports.remove(sender.id);
    }
    boolean suspected = node.is(Flag.PFAIL) || node.is(Flag.FAIL);
    boolean elsewhere = !node.ip.equals(entry.ip()) || node.busPort != entry.busPort();
    if (suspected && !entry.failing() && !entry.says("noaddr") && elsewhere) {
      node.moveTo(entry.ip(), entry.port(), entry.busPort());
    }
  }

  /** markNodeAsFailingIfNeeded: most masters suspect it, the own suspicion included. */
  void failIfAgreed(ClusterNode node) {
    int reports = node.failReports.size() + (view().myself().votes() ? 1 : 0);
    if (node.is(Flag.PFAIL) && !node.is(Flag.FAIL) && reports >= view().masters() / 2 + 1) {
      markFailed(node);
      bus.broadcast(message(BusMessage.Type.FAIL, ImmutableList.of(gossip(node))));
    }
  }

  private void markFailed(ClusterNode node) {
    if (!node.is(Flag.MYSELF)) {
      node.flags.remove(Flag.PFAIL);
      node.flags.add(Flag.FAIL);
    }
  }
}
