package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A node's links on the cluster bus: one that it opens to each other node, one that each opens. */
final class BusLinks {

  /** A link that another node has opened to this one. */
  record Accepted(String sender, String pod, long since) {}

  private final ClusterBus bus;
  private final RedisServer server;
  private final Map<Channel<String>, Accepted> accepted = new LinkedHashMap<>();
  private final BusCounts counts = new BusCounts();

  BusLinks(ClusterBus bus, RedisServer server) {
    this.bus = bus;
    this.server = server;
  }

  BusCounts counts() {
    return counts;
  }

  // ---- in

  ConnectionHandler accept(Connection connection) {
    return Channel.accept(connection, BusMessage.FRAMING, new Inbound());
  }

  private final class Inbound implements Channel.Handler<String> {
    @Override
    public void onMessage(Channel<String> channel, String text) {
      BusMessage message = BusMessage.decode(text);
      Accepted before = accepted.get(channel);
      long since = before == null ? bus.now() : before.since();
      accepted.put(channel, new Accepted(message.sender(), message.pod(), since));
      received(channel, Optional.empty(), message);
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      accepted.remove(channel);
    }
  }

  private void received(Channel<String> channel, Optional<ClusterNode> to, BusMessage message) {
    counts.received(message.type());
    bus.protocol().received(channel, to, message);
  }

  /** The link that a node has opened to this one. */
  Optional<Accepted> from(ClusterNode node) {
    return accepted.values().stream().filter(each -> each.sender().equals(node.id)).findFirst();
  }

  ImmutableList<Link> reported() {
    RedisConfig config = server.config();
    return accepted.entrySet().stream()
        .map(
            entry ->
                Link.accepted(
                    entry.getValue().pod(), config.pod(), config.busPort(), entry.getKey()))
        .collect(ImmutableList.toImmutableList());
  }

  // ---- out

  /** Opens a link to a node that has an address. */
  void connect(ClusterNode node) {
    if (IpAddress.isLiteral(node.ip)) {
      node.linkedAt = bus.now();
      node.link =
          Channel.dial(
              server.process(),
              Dial.to(new Endpoint(IpAddress.of(node.ip), node.busPort))
                  .within(bus.config().nodeTimeout()),
              BusMessage.FRAMING,
              new Outbound(node));
    }
  }

  private final class Outbound implements Channel.Handler<String> {
    private final ClusterNode node;

    Outbound(ClusterNode node) {
      this.node = node;
    }

    @Override
    public void onOpen(Channel<String> channel) {
      bus.opened(node);
    }

    @Override
    public void onMessage(Channel<String> channel, String text) {
      server.encounters().answered(name(), node.busPort);
      received(channel, Optional.of(node), BusMessage.decode(text));
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      server.encounters().ended(name(), node.busPort, end);
      if (node.link == channel) {
        node.link = null;
      }
    }

    private String name() {
      return node.pod.isEmpty() ? node.ip : node.pod;
    }
  }

  /** Over the link that leads to a node, if there is one. */
  void send(ClusterNode node, BusMessage message) {
    if (node.link != null) {
      send(node.link, message);
    }
  }

  void send(Channel<String> link, BusMessage message) {
    counts.sent(message.type());
    link.send(message.encode());
  }
}
