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
import dev.sidecarsim.app.elasticsearch.PeerConnection.Waiting;
import dev.sidecarsim.app.elasticsearch.Requests.Failure;
import dev.sidecarsim.app.elasticsearch.Requests.Responder;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The transport port. A node's requests go out on its own connections, one to each other node, and
 * answers come back on them.
 */
final class Transport {

  /** Each message of the transport starts with E and S. */
  static final TextFrames FRAMING = new TextFrames(Bytes.of("ES"));

  /** transport.connect_timeout, for the connection and for the handshake on it. */
  static final long CONNECT_TIMEOUT = seconds(30);

  /** The first words of messages that are no requests: who are you, and: I am. */
  static final String HANDSHAKE = "HANDSHAKE";

  static final String OPEN = "OPEN";
  static final String OPENED = "OPENED";

  /** The words behind a request's number in what comes back. */
  static final String ANSWER = "ANSWER";

  static final String REFUSED = "REFUSED";

  private final Process process;
  private final Node self;
  private final String clusterName;
  private final Encounters encounters;
  private final Requests.Server server;
  private final Consumer<Node> disconnected;
  private final Map<String, PeerConnection> peers = new LinkedHashMap<>();
  private final Map<Channel<String>, Node> accepted = new LinkedHashMap<>();

  /**
   * @param server gets the requests of other nodes, and those to the own one
   * @param disconnected is told of a node to which a connection stood
   */
  Transport(
      Process process,
      Node self,
      String clusterName,
      Encounters encounters,
      Requests.Server server,
      Consumer<Node> disconnected) {
    this.process = process;
    this.self = self;
    this.clusterName = clusterName;
    this.encounters = encounters;
    this.server = server;
    this.disconnected = disconnected;
  }

  Process process() {
    return process;
  }

  Node self() {
    return self;
  }

  String clusterName() {
    return clusterName;
  }

  /**
   * Listens on an address.
   *
   * @param letsIn whether a caller's address is let in
   */
  boolean listen(IpAddress address, int port, Predicate<IpAddress> letsIn) {
    return process.listen(
            new Endpoint(address, port),
            connection -> Channel.accept(connection, FRAMING, new Incoming(letsIn)))
        instanceof Bound.Listening;
  }

  // ---- connections to others

  ImmutableSet<Node> connected() {
    return peers.values().stream()
        .filter(PeerConnection::isUp)
        .map(PeerConnection::node)
        .collect(ImmutableSet.toImmutableSet());
  }

  boolean isConnected(Node node) {
    PeerConnection peer = peers.get(node.ephemeralId());
    return peer != null && peer.isUp();
  }

  /** Opens a connection to a node, unless there is one. */
  void connect(Node node, Waiting then) {
    if (node.equals(self)) {
      then.connected();
      return;
    }
    peers
        .computeIfAbsent(
            node.ephemeralId(),
            any -> new PeerConnection(process, node, OPEN + " " + self.encode(), this::ended))
        .whenUp(
            new Waiting() {
              @Override
              public void connected() {
                encounters.answered(node.pod(), node.port());
                then.connected();
              }

              @Override
              public void failed(String why) {
                then.failed(why);
              }
            });
  }

  private void ended(PeerConnection connection, boolean wasUp, String why) {
    Node node = connection.node();
    peers.remove(node.ephemeralId());
    if (wasUp) {
      disconnected.accept(node);
    } else {
      encounters.failed(
          node.pod(), node.port(), "completed handshake but followup connection failed: " + why);
    }
  }

  /** Closes the connection to a node; its requests fail. */
  void disconnect(Node node) {
    PeerConnection peer = peers.remove(node.ephemeralId());
    if (peer != null) {
      peer.close();
    }
  }

  /**
   * Asks a node, over the connection that there is to it; the own one as well.
   *
   * @param timeout in nanoseconds; 0: none
   */
  void request(Node node, String text, long timeout, Response response) {
    PeerConnection peer = peers.get(node.ephemeralId());
    if (node.equals(self)) {
      List<String> words = Splitter.on(' ').splitToList(text);
      process.after(0, () -> server.received(self, words, new ToSelf(response)));
    } else if (peer != null && peer.isUp()) {
      peer.request(text, timeout, response);
    } else {
      Failure failure = new Failure(Failure.Kind.DISCONNECTED, "Node not connected");
      process.after(0, () -> response.failed(failure));
    }
  }

  private record ToSelf(Response response) implements Responder {
    @Override
    public void answer(String text) {
      response.answered(Splitter.on(' ').splitToList(text));
    }

    @Override
    public void refuse(String reason) {
      response.failed(new Failure(Failure.Kind.REFUSED, reason));
    }
  }

  // ---- connections of others

  ImmutableList<Link> links() {
    return accepted.entrySet().stream()
        .map(
            entry -> Link.accepted(entry.getValue().pod(), self.pod(), self.port(), entry.getKey()))
        .collect(ImmutableList.toImmutableList());
  }

  private final class Incoming implements Channel.Handler<String> {
    private final Predicate<IpAddress> letsIn;

    Incoming(Predicate<IpAddress> letsIn) {
      this.letsIn = letsIn;
    }

    @Override
    public void onOpen(Channel<String> channel) {
      if (!letsIn.test(channel.remote().address())) {
        channel.close();
      }
    }

    @Override
    public void onMessage(Channel<String> channel, String message) {
      List<String> words = Splitter.on(' ').splitToList(message);
      switch (words.get(0)) {
        case HANDSHAKE -> channel.send(HANDSHAKE + " " + self.encode() + " " + clusterName);
        case OPEN -> {
          accepted.put(channel, Node.decode(words.get(1)));
          channel.send(OPENED + " " + self.encode());
        }
        default -> {
          Node from = accepted.get(channel);
          if (from != null) {
            Responder responder = new ToCaller(channel, words.get(0));
            server.received(from, words.subList(1, words.size()), responder);
          }
        }
      }
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      accepted.remove(channel);
    }
  }

  private record ToCaller(Channel<String> channel, String id) implements Responder {
    @Override
    public void answer(String text) {
      channel.send(id + " " + ANSWER + " " + text);
    }

    @Override
    public void refuse(String reason) {
      channel.send(id + " " + REFUSED + " " + reason);
    }
  }
}
