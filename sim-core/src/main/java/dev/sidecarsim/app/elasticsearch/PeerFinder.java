package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.elasticsearch.Requests.Failure;
import dev.sidecarsim.app.elasticsearch.Requests.Responder;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Timer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a candidate finds others: it probes the seeds and the nodes of the last state, asks each that
 * it finds for those that this one knows and for its master, and looks again every second.
 */
final class PeerFinder {

  /** Who is told. */
  interface Events {
    /** Others were found, or are gone. */
    void foundPeersUpdated();

    /** A peer says that it leads. */
    void activeMaster(Node master, long term);
  }

  /** The request. */
  static final String PEERS = "PEERS";

  /** discovery.find_peers_interval. */
  private static final long INTERVAL = SECOND;

  /** discovery.request_peers_timeout. */
  private static final long REQUEST_TIMEOUT = 3 * SECOND;

  /**
   * How long the first lookup of seeds takes in a JVM that has just started: with 7.10.2 and 7.17.9
   * on JDK 17 a first peer was found 0.4 to 0.7 s after the transport port was bound.
   */
  private static final int COLD_MILLIS = 400;

  private static final int COLD_SPREAD_MILLIS = 300;

  private static final String NOBODY = "-";

  private static final class Peer {
    private @Nullable Node node;
    private boolean asked;
  }

  private final ElasticsearchConfig config;
  private final Transport transport;
  private final Encounters encounters;
  private final ElasticsearchLog log;
  private final Events events;
  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final Set<String> seedAddresses = new LinkedHashSet<>();
  private ImmutableList<Node> lastNodes = ImmutableList.of();
  private Optional<Node> leader = Optional.empty();
  private boolean active;
  private boolean warm;
  private @Nullable Timer wakeUp;

  PeerFinder(
      ElasticsearchConfig config,
      Transport transport,
      Encounters encounters,
      ElasticsearchLog log,
      Events events) {
    this.config = config;
    this.transport = transport;
    this.encounters = encounters;
    this.log = log;
    this.events = events;
  }

  /** What the seeds stood for when they were last looked up, but the own address. */
  ImmutableSet<String> seedAddresses() {
    return ImmutableSet.copyOf(seedAddresses);
  }

  /** The nodes that it has found, all of them master-eligible, without the own one. */
  ImmutableSet<Node> found() {
    return peers.values().stream()
        .flatMap(peer -> Stream.ofNullable(peer.node))
        .collect(ImmutableSet.toImmutableSet());
  }

  /** The node has started. */
  void start(Random random, List<Node> nodes) {
    long cold = millis(COLD_MILLIS + random.nextInt(COLD_SPREAD_MILLIS));
    transport
        .process()
        .after(
            cold,
            () -> {
              warm = true;
              probeSeeds();
            });
    activate(nodes);
  }

  /** Begins to look, also for the nodes of the last state. */
  void activate(List<Node> nodes) {
    active = true;
    leader = Optional.empty();
    lastNodes = ImmutableList.copyOf(nodes);
    look();
    events.foundPeersUpdated();
  }

  /** There is a leader. */
  void deactivate(Node newLeader) {
    active = false;
    leader = Optional.of(newLeader);
    if (wakeUp != null) {
      wakeUp.cancel();
    }
    peers.clear();
  }

  private void look() {
    boolean gone =
        peers.values().removeIf(peer -> peer.node != null && !transport.isConnected(peer.node));
    peers.values().forEach(this::askForPeers);
    lastNodes.stream().filter(Node::masterEligible).forEach(this::probe);
    probeSeeds();
    wakeUp = transport.process().after(INTERVAL, this::look);
    if (gone) {
      events.foundPeersUpdated();
    }
  }

  private void probeSeeds() {
    if (active && warm) {
      seedAddresses.clear();
      config.seeds().forEach(this::probeSeed);
    }
  }

  private void probeSeed(String seed) {
    int colon = seed.lastIndexOf(':');
    String host = colon < 0 ? seed : seed.substring(0, colon);
    int port = colon < 0 ? config.transportPort() : Endpoint.parsePort(seed.substring(colon + 1));
    List<IpAddress> found = transport.process().resolve(host);
    if (found.isEmpty()) {
      log.unresolved(host);
      encounters.failed(host, port, "no address for the name");
    }
    for (IpAddress address : found) {
      Endpoint endpoint = new Endpoint(address, port);
      if (!endpoint.toString().equals(transport.self().address())) {
        seedAddresses.add(endpoint.toString());
      }
      probe(endpoint, host + " (" + address + ")");
    }
  }

  private void probe(Node node) {
    probe(new Endpoint(IpAddress.of(node.host()), node.port()), node.pod());
  }

  private void probe(Endpoint address, String name) {
    String key = address.toString();
    if (!active || key.equals(transport.self().address()) || peers.containsKey(key)) {
      return;
    }
    Peer peer = new Peer();
    peers.put(key, peer);
    SeedProbe.start(
        transport,
        log,
        encounters,
        address,
        name,
        config.release(),
        node -> found(peer, node),
        () -> peers.remove(key, peer));
  }

  private void found(Peer peer, Node node) {
    if (active && peers.containsValue(peer)) {
      peer.node = node;
      askForPeers(peer);
      events.foundPeersUpdated();
    }
  }

  private void askForPeers(Peer peer) {
    Node node = peer.node;
    if (node == null || peer.asked) {
      return;
    }
    peer.asked = true;
    transport.request(
        node,
        PEERS + " " + encode(found()),
        REQUEST_TIMEOUT,
        new Response() {
          @Override
          public void answered(List<String> words) {
            peer.asked = false;
            heard(node, words);
          }

          @Override
          public void failed(Failure failure) {
            peer.asked = false;
          }
        });
  }

  /** The answer is a term, the leader, and whom the peer knows. */
  private void heard(Node peer, List<String> words) {
    if (!active) {
      return;
    }
    String master = words.get(1);
    Stream.concat(Stream.of(master), words.stream().skip(2))
        .filter(word -> !word.equals(NOBODY) && !word.isEmpty())
        .map(Node::decode)
        .forEach(this::probe);
    if (!master.equals(NOBODY) && Node.decode(master).equals(peer)) {
      events.activeMaster(peer, Long.parseLong(words.get(0)));
    }
  }

  /** Answers a candidate; another candidate probes it and those it knows in turn. */
  void asked(Node from, List<String> known, long term, Responder responder) {
    if (active) {
      Stream.concat(
              Stream.of(from), known.stream().filter(word -> !word.isEmpty()).map(Node::decode))
          .filter(Node::masterEligible)
          .forEach(this::probe);
    }
    responder.answer(term + " " + leader.map(Node::encode).orElse(NOBODY) + " " + encode(found()));
  }

  private static String encode(Set<Node> nodes) {
    return nodes.stream().map(Node::encode).collect(Collectors.joining(" "));
  }
}
