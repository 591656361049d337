package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.redis.ClusterNode.Flag;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;

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
  private final ClusterGossip gossip;
  private final ClusterElection election;

  BusProtocol(ClusterBus bus, RedisServer server, Random random) {
    this.bus = bus;
    this.server = server;
    this.gossip = new ClusterGossip(bus, server);
    this.election = new ClusterElection(server, bus, this, random);
  }

  ClusterElection election() {
    return election;
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

  BusMessage message(BusMessage.Type type, ImmutableList<BusMessage.Gossip> about) {
    return message(type, view().ownMaster().orElse(view().myself()), about);
  }

  /**
   * @param served whose slots and configuration epoch it tells: those of a replica are its master's
   */
  private BusMessage message(
      BusMessage.Type type, ClusterNode served, ImmutableList<BusMessage.Gossip> about) {
    ClusterNode myself = view().myself();
    return new BusMessage(
        type,
        myself.id,
        myself.pod,
        server.config().cluster().announceIp().orElse(""),
        myself.port,
        myself.busPort,
        myself.hostname,
        myself.masterId,
        view().currentEpoch(),
        served.epoch,
        Slots.print(served.slots),
        server.replication().stream().offset(),
        about);
  }

  private boolean worthTelling(ClusterNode node) {
    return node.known() && (node.link != null || !node.slots.isEmpty());
  }

  static BusMessage.Gossip gossip(ClusterNode node) {
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
    sender.ifPresent(node -> view().epochAtLeast(message.currentEpoch()));
    if (!message.type().tellsOfSender()) {
      sender.ifPresent(node -> obey(node, message));
      return;
    }
    if (message.type() == BusMessage.Type.PING || message.type() == BusMessage.Type.MEET) {
      met(channel, sender.isPresent(), message);
      bus.links().send(channel, message(BusMessage.Type.PONG));
    }
    boolean goesOn = linked.map(node -> onOwnLink(channel, node, message)).orElse(true);
    if (goesOn) {
      sender.filter(node -> !node.is(Flag.MYSELF)).ifPresent(node -> learn(channel, node, message));
    }
  }

  private void obey(ClusterNode sender, BusMessage message) {
    switch (message.type()) {
      case FAIL -> gossip.failed(message);
      case AUTH_REQUEST -> election.requested(sender, message);
      case AUTH_ACK -> election.granted(sender, message);
      default -> updated(message);
    }
  }

  private void met(Channel<String> channel, boolean senderKnown, BusMessage message) {
    ClusterNode myself = view().myself();
    boolean announces = server.config().cluster().announceIp().isPresent();
    String seen = channel.local().address().toString();
    boolean learns = message.type() == BusMessage.Type.MEET || myself.ip.isEmpty();
    if (!announces && learns && !myself.ip.equals(seen)) {
      myself.ip = seen;
      server.log().warning("IP address for this node updated to " + seen);
    }
    if (message.type() == BusMessage.Type.MEET && !senderKnown) {
      bus.startHandshake(addressOf(channel, message), message.port(), message.busPort(), false);
      message.gossip().forEach(gossip::addUnknown);
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
      gossip.reachable(node);
      learn(channel, node, message);
      return false;
    }
    return true;
  }

  private void learn(Channel<String> channel, ClusterNode sender, BusMessage message) {
    if (message.type() == BusMessage.Type.PING) {
      updateAddress(channel, sender, message);
    }
    sender.pod = message.pod();
    sender.hostname = message.hostname();
    sender.offset = message.offset();
    boolean master = message.masterId().equals("-");
    if (!master && sender.is(Flag.MASTER)) {
      sender.slots.clear();
    }
    sender.role(message.masterId());
    if (master) {
      claim(sender, message);
      view().settleCollision(sender);
    }
    correct(sender, message);
    message.gossip().forEach(entry -> gossip.heard(sender, entry));
  }

  // ---- slots

  /** clusterUpdateSlotsConfigWith: whoever loses all slots to a master becomes its replica. */
  private void claim(ClusterNode claimant, BusMessage message) {
    ClusterNode mine = view().ownMaster().orElse(view().myself());
    int before = mine.slots.cardinality();
    BitSet claimed = Slots.read(message.slots());
    view().claim(claimant, claimed, message.epoch());
    int lost = before - mine.slots.cardinality();
    boolean follows = server.config().cluster().replicaMigration() || lost == claimed.cardinality();
    if (lost > 0 && mine.slots.isEmpty() && follows) {
      server
          .log()
          .warning(
              "Configuration change detected. Reconfiguring myself as a replica of " + claimant.id);
      bus.replicate(claimant);
    }
  }

  /** Tells a sender of a newer configuration of slots that it takes for its own. */
  private void correct(ClusterNode sender, BusMessage message) {
    BitSet claimed = Slots.read(message.slots());
    view().nodes().stream()
        .filter(node -> node != sender && node.epoch > message.epoch())
        .filter(node -> node.slots.intersects(claimed))
        .findFirst()
        .ifPresent(
            owner ->
                bus.links()
                    .send(
                        sender,
                        message(BusMessage.Type.UPDATE, owner, ImmutableList.of(gossip(owner)))));
  }

  /** UPDATE: the configuration of a third node. */
  private void updated(BusMessage message) {
    message.gossip().stream()
        .flatMap(entry -> view().find(entry.id()).stream())
        .filter(node -> node.epoch < message.epoch())
        .forEach(
            node -> {
              node.role("-");
              claim(node, message);
            });
  }

  /** nodeUpdateAddressIfNeeded: not on the link that the own side has opened. */
  private void updateAddress(Channel<String> channel, ClusterNode node, BusMessage message) {
    String ip = addressOf(channel, message);
    boolean same =
        node.ip.equals(ip) && node.port == message.port() && node.busPort == message.busPort();
    if (node.link == channel || same) {
      return;
    }
    node.moveTo(ip, message.port(), message.busPort());
    server
        .log()
        .warning("Address updated for node %s, now %s:%d".formatted(node.id, node.ip, node.port));
    if (view().myself().masterId.equals(node.id)) {
      server.replication().follow(new RedisConfig.Address(node.ip, node.port));
    }
  }
}
