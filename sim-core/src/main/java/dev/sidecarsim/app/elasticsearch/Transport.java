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
import java.util.ArrayList;
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
  private final String clusterName;
  private final ElasticsearchLog log;
  private final Encounters encounters;
  private final Events events;
  private final Map<String, Connected> peers = new LinkedHashMap<>();
  private final Set<String> probing = new LinkedHashSet<>();
  private final Map<Channel<String>, Node> accepted = new LinkedHashMap<>();

  Transport(
      Process process,
      Node self,
      String clusterName,
      ElasticsearchLog log,
      Encounters encounters,
      Events events) {
    this.process = process;
    this.self = self;
    this.clusterName = clusterName;
    this.log = log;
    this.encounters = encounters;
    this.events = events;
  }

  private String handshake() {
    return PING + self.encode() + " " + clusterName;
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

  /** Sends a message on the own connection to a node, if there is one. */
  void send(Node node, String message) {
    Connected peer = peers.get(node.ephemeralId());
    if (peer != null && peer.up) {
      peer.channel.send(message);
    }
  }

  void broadcast(String message) {
    connected().forEach(node -> send(node, message));
  }

  /**
   * Opens a connection to a node, unless there is one.
   *
   * @param up runs once it stands
   */
  void connect(Node node, Runnable up) {
    if (!node.ephemeralId().equals(self.ephemeralId())) {
      peers.computeIfAbsent(node.ephemeralId(), any -> new Connected(node)).whenUp(up);
    }
  }

  /** Closes the connection to a node; nobody is told. */
  void disconnect(Node node) {
    Connected peer = peers.remove(node.ephemeralId());
    if (peer != null) {
      peer.channel.close();
    }
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
      channel.send(handshake());
    }

    @Override
    public void onMessage(Channel<String> channel, String message) {
      channel.close();
      probing.remove(key);
      encounters.answered(host, port);
      List<String> words = Splitter.on(' ').limit(3).splitToList(message);
      if (words.get(2).equals(clusterName)) {
        connect(Node.decode(words.get(1)), () -> {});
      } else {
        encounters.failed(
            host,
            port,
            "handshake failed: remote cluster name [%s] does not match local cluster name [%s]"
                .formatted(words.get(2), clusterName));
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
    private final List<Runnable> waiting = new ArrayList<>();
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

    void whenUp(Runnable then) {
      if (up) {
        then.run();
      } else {
        waiting.add(then);
      }
    }

    @Override
    public void onOpen(Channel<String> opened) {
      opened.limitSilence(PATIENCE);
      opened.send("OPEN " + self.encode());
    }

    @Override
    public void onMessage(Channel<String> same, String message) {
      if (message.startsWith("OPENED")) {
        up = true;
        same.limitSilence(0);
        encounters.answered(node.pod(), node.port());
        waiting.forEach(Runnable::run);
        waiting.clear();
      } else {
        events.received(node, message, same);
      }
    }

    @Override
    public void onEnd(Channel<String> same, End end) {
      peers.remove(node.ephemeralId());
      if (!up) {
        log.followupFailed(node, end);
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
        channel.send(handshake());
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
