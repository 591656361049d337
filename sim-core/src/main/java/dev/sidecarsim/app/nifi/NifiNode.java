package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.HttpServer;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.app.Peers;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A running NiFi node: a session with ZooKeeper, heartbeats, and requests to all nodes' web ports.
 */
final class NifiNode implements Member {

  /** nifi.cluster.protocol.heartbeat.interval. */
  private static final long HEARTBEAT = seconds(5);

  /** nifi.cluster.protocol.heartbeat.missable.max is 8. */
  private static final long DISCONNECTED = 8 * HEARTBEAT;

  private static final String SUMMARY = "/nifi-api/flow/cluster/summary";
  private static final String NOBODY = "-";

  /** What the last heartbeat of a node said. */
  private record Beat(long at, boolean session, String web, String coordinator) {}

  private final Container container;
  private final NifiConfig config;
  private final Encounters encounters = new Encounters();
  private final ZooKeeperSession session;
  private final Replication replication;
  private final Map<String, Beat> beats = new TreeMap<>();
  private Optional<Peers> peers = Optional.empty();
  private String state = "STARTING";
  private long electionSince = -1;

  private NifiNode(Container container, NifiConfig config) {
    this.container = container;
    this.config = config;
    this.session = new ZooKeeperSession(process(), config.zooKeeper(), encounters);
    this.replication = new Replication(process(), config.webPort(), encounters);
  }

  /** Starts a node; the JVM unpacks its archives before anything is bound. */
  static NifiNode start(Container container, NifiConfig config) {
    NifiNode node = new NifiNode(container, config);
    long boot = millis(8_000 + container.random().nextInt(6_000));
    container.process().after(boot, node::boot);
    return node;
  }

  // ---- start

  private void boot() {
    List<IpAddress> web = webAddresses();
    for (IpAddress address : web) {
      Bound bound =
          process()
              .listen(
                  new Endpoint(address, config.webPort()),
                  connection -> new HttpServer(this::answer));
      if (bound instanceof Bound.Failed failed) {
        LastWords.exit(
            container, 1, "web server cannot bind " + address + ": " + failed.failure().message());
        return;
      }
    }
    Peers port =
        new Peers(
            process(),
            new Peers.Self(pod(), config.webHost(), config.protocolPort()),
            Peers.Manner.of("NIFI"),
            encounters,
            new Hearing());
    if (!port.listen(new Endpoint(IpAddress.ANY_V4, config.protocolPort()))) {
      LastWords.exit(container, 1, "cannot bind " + config.protocolPort());
      return;
    }
    peers = Optional.of(port);
    state = "CONNECTING";
    session.connect();
    beat();
  }

  /** Jetty binds to the interfaces if any is named, else to the host. */
  private List<IpAddress> webAddresses() {
    List<IpAddress> addresses = new ArrayList<>();
    for (String name : config.interfaces()) {
      addresses.add(name.equals("lo") ? IpAddress.LOOPBACK_V4 : container.podIp());
    }
    if (addresses.isEmpty()) {
      process().resolve(config.webHost()).stream().findFirst().ifPresent(addresses::add);
    }
    return addresses;
  }

  // ---- heartbeats

  private void beat() {
    findNodes();
    beats.put(pod(), new Beat(now(), session.open(), web(), coordinator()));
    String message = "BEAT " + session.open() + " " + web() + " " + coordinator();
    peers.ifPresent(port -> port.broadcast(message));
    connect();
    replicate();
    process().after(HEARTBEAT, this::beat);
  }

  /** Stands for the nodes' entries in ZooKeeper: the addresses of the headless Service. */
  private void findNodes() {
    container
        .pod()
        .spec()
        .subdomain()
        .ifPresent(
            service ->
                process()
                    .resolve(service)
                    .forEach(
                        address ->
                            peers.ifPresent(
                                port -> port.keepLink(address.toString(), config.protocolPort()))));
  }

  private final class Hearing implements Peers.Events {
    @Override
    public void received(String pod, String message, Channel<String> channel) {
      List<String> words = Splitter.on(' ').splitToList(message);
      if (words.get(0).equals("BEAT")) {
        beats.put(
            pod, new Beat(now(), Boolean.parseBoolean(words.get(1)), words.get(2), words.get(3)));
      }
    }
  }

  private List<String> alive() {
    return beats.entrySet().stream()
        .filter(entry -> now() - entry.getValue().at() < DISCONNECTED)
        .filter(entry -> entry.getValue().session())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The first of those who have a session with ZooKeeper. */
  private String coordinator() {
    return session.open() ? alive().stream().findFirst().orElse(NOBODY) : NOBODY;
  }

  /** The flow election ends with enough candidates, or with its time. */
  private void connect() {
    if (coordinator().equals(NOBODY)) {
      state = "CONNECTING";
      electionSince = -1;
      replication.stop();
      return;
    }
    electionSince = electionSince < 0 ? now() : electionSince;
    boolean enough =
        config.electionCandidates().isPresent()
            && alive().size() >= config.electionCandidates().getAsInt();
    if (enough || now() - electionSince >= seconds(config.electionSeconds())) {
      state = "CONNECTED";
    }
  }

  // ---- requests

  private String web() {
    return config.webHost() + ":" + config.webPort();
  }

  private void replicate() {
    if (state.equals("CONNECTED")) {
      List<String> alive = alive();
      Map<String, String> webs = new TreeMap<>();
      beats.forEach(
          (node, beat) -> {
            if (alive.contains(node)) {
              webs.put(node, beat.web());
            }
          });
      replication.request(SUMMARY, webs);
    }
  }

  private HttpServer.Answer answer(String path) {
    return path.equals(SUMMARY)
        ? new HttpServer.Answer(200, summary())
        : new HttpServer.Answer(404, "{\"error\":\"not modelled\"}");
  }

  private String summary() {
    int connected = state.equals("CONNECTED") ? alive().size() : 0;
    return Json.object()
        .put(
            "clusterSummary",
            Json.object()
                .put("connectedNodes", connected + " / " + beats.size())
                .put("connectedNodeCount", connected)
                .put("totalNodeCount", beats.size())
                .put("connectedToCluster", state.equals("CONNECTED"))
                .put("clustered", true)
                .build())
        .build()
        .compact();
  }

  private long now() {
    return process().namespace().scheduler().now();
  }

  // ---- as a member

  @Override
  public String pod() {
    return config.pod();
  }

  @Override
  public Process process() {
    return container.process();
  }

  @Override
  public String state() {
    return state;
  }

  /** The leader is the cluster coordinator. */
  @Override
  public Optional<String> role() {
    return Optional.of(coordinator().equals(pod()) ? "leader" : "follower");
  }

  @Override
  public OptionalLong servingSince() {
    return replication.servingSince();
  }

  @Override
  public boolean agreesWith(Member other) {
    return other instanceof NifiNode that && coordinator().equals(that.coordinator());
  }

  @Override
  public ImmutableList<Link> links() {
    return peers.map(Peers::links).orElse(ImmutableList.of());
  }

  /** Nodes are known by the host that they were told to say. */
  @Override
  public ImmutableList<BookEntry> book() {
    return beats.entrySet().stream()
        .map(
            entry ->
                new BookEntry(
                    entry.getKey(),
                    entry.getValue().web().substring(0, entry.getValue().web().lastIndexOf(':')),
                    config.webPort()))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public ImmutableList<String> troubles() {
    return servingSince().isPresent() ? ImmutableList.of() : encounters.sentences(pod());
  }
}
