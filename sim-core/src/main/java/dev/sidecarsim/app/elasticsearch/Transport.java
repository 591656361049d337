package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.TextFrames;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The transport port: to a seed's address goes a first connection, which is only asked who is
 * there; then a second one to the address that the answer names. Both must work. A node's requests
 * go out on its own connections, and answers come back on them.
 */
final class Transport {

  /** Who a node is: its name, and where it says it is. */
  record Node(String name, String pod, String host, int port, boolean masterEligible) {
    String encode() {
      return String.join("|", name, pod, host, Integer.toString(port), "" + masterEligible);
    }

    static Node decode(String text) {
      List<String> parts = Splitter.on('|').splitToList(text);
      return new Node(
          parts.get(0),
          parts.get(1),
          parts.get(2),
          Integer.parseInt(parts.get(3)),
          Boolean.parseBoolean(parts.get(4)));
    }

    String address() {
      return host + ":" + port;
    }
  }

  /** Who is told of messages and ends. */
  interface Events {
    void received(Node from, String message, Channel<String> channel);

    void disconnected(Node peer);
  }

  /** Each message of the transport starts with E and S. */
  private static final TextFrames FRAMING = new TextFrames(Bytes.of("ES"));

  /** discovery.probe.handshake_timeout and cluster join: 30 s is the connect timeout. */
  private static final long PATIENCE = seconds(30);

  private static final String PING = "HANDSHAKE ";

  private final Process process;
  private final Node self;
  private final Encounters encounters;
  private final Events events;
  private final Map<String, Connected> peers = new LinkedHashMap<>();
  private final Set<String> probing = new LinkedHashSet<>();
  private final Map<Channel<String>, Node> accepted = new LinkedHashMap<>();

  Transport(Process process, Node self, Encounters encounters, Events events) {
    this.process = process;
    this.self = self;
    this.encounters = encounters;
    this.events = events;
  }

  boolean listen(IpAddress address) {
    return process.listen(
            new Endpoint(address, self.port()),
            connection -> Channel.accept(connection, FRAMING, new Incoming()))
        instanceof Bound.Listening;
  }

  /** The nodes that the second kind of connection stands to. */
  ImmutableSet<Node> connected() {
    return peers.values().stream()
        .filter(peer -> peer.up)
        .map(peer -> peer.node)
        .collect(ImmutableSet.toImmutableSet());
  }

  boolean send(String name, String message) {
    Connected peer = peers.get(name);
    if (peer == null || !peer.up) {
      return false;
    }
    peer.channel.send(message);
    return true;
  }

  void broadcast(String message) {
    connected().forEach(node -> send(node.name(), message));
  }

  ImmutableList<Link> links() {
    return accepted.entrySet().stream()
        .map(
            entry -> Link.accepted(entry.getValue().pod(), self.pod(), self.port(), entry.getKey()))
        .collect(ImmutableList.toImmutableList());
  }

  // ---- finding others

  /** Asks who is at an address, unless it is known. */
  void probe(String host, IpAddress address, int port) {
    String key = address + ":" + port;
    boolean known =
        peers.values().stream().anyMatch(peer -> peer.up && peer.node.address().equals(key));
    if (!known && probing.add(key)) {
      Channel.dial(
              process,
              Dial.to(new Endpoint(address, port)).within(PATIENCE),
              FRAMING,
              new Probe(key, host, port))
          .limitSilence(PATIENCE);
    }
  }

  private final class Probe implements Channel.Handler<String> {
    private final String key;
    private final String host;
    private final int port;

    Probe(String key, String host, int port) {
      this.key = key;
      this.host = host;
      this.port = port;
    }

    @Override
    public void onOpen(Channel<String> channel) {
      channel.send(PING + self.encode());
    }

    @Override
    public void onMessage(Channel<String> channel, String message) {
      channel.close();
      probing.remove(key);
      encounters.answered(host, port);
      Node found = Node.decode(message.substring(PING.length()));
      boolean known = peers.containsKey(found.name());
      if (!found.name().equals(self.name()) && !known) {
        peers.put(found.name(), new Connected(found));
      }
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      probing.remove(key);
      encounters.ended(host, port, end);
    }
  }

  /** The connection to a node's published address. */
  private final class Connected implements Channel.Handler<String> {
    private final Node node;
    private final Channel<String> channel;
    private boolean up;

    Connected(Node node) {
      this.node = node;
      this.channel =
          Channel.dial(
              process,
              Dial.to(new Endpoint(IpAddress.of(node.host()), node.port())).within(PATIENCE),
              FRAMING,
              this);
    }

    @Override
    public void onOpen(Channel<String> opened) {
      opened.send("OPEN " + self.encode());
    }

    @Override
    public void onMessage(Channel<String> same, String message) {
      if (message.startsWith("OPENED")) {
        up = true;
        encounters.answered(node.pod(), node.port());
      } else {
        events.received(node, message, same);
      }
    }

    @Override
    public void onEnd(Channel<String> same, End end) {
      peers.remove(node.name());
      if (!up) {
        encounters.failed(
            node.pod(),
            node.port(),
            "completed handshake but followup connection failed: " + end.text());
      } else {
        events.disconnected(node);
      }
    }
  }

  private final class Incoming implements Channel.Handler<String> {
    @Override
    public void onMessage(Channel<String> channel, String message) {
      if (message.startsWith(PING)) {
        channel.send(PING + self.encode());
      } else if (message.startsWith("OPEN ")) {
        accepted.put(channel, Node.decode(message.substring("OPEN ".length())));
        channel.send("OPENED");
      } else {
        Node from = accepted.get(channel);
        if (from != null) {
          events.received(from, message, channel);
        }
      }
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      accepted.remove(channel);
    }
  }
}
