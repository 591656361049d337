package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.HttpServer;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.app.elasticsearch.Transport.Node;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A running Elasticsearch node. */
final class ElasticsearchNode implements Member {

  private static final long TICK = millis(100);

  /** discovery.find_peers_interval is 1 s. */
  private static final int TICKS_PER_SECOND = 10;

  /** ExitCodes.CONFIG, with which failed bootstrap checks end a node. */
  private static final int CHECKS_FAILED = 78;

  private static final String UNSUITABLE =
      "bootstrap checks failed: the default discovery settings are unsuitable for production use;"
          + " at least one of [discovery.seed_hosts, discovery.seed_providers,"
          + " cluster.initial_master_nodes] must be configured";

  private final Container container;
  private final ElasticsearchConfig config;
  private final Encounters encounters = new Encounters();
  private final Node self;
  private final Transport transport;
  private final Coordinator coordinator;
  private long ticks;

  private ElasticsearchNode(Container container, ElasticsearchConfig config) {
    this.container = container;
    this.config = config;
    this.self =
        new Node(
            config.node(),
            config.pod(),
            publishAddress().toString(),
            config.transportPort(),
            config.masterEligible());
    this.transport =
        new Transport(
            process(),
            self,
            encounters,
            new Transport.Events() {
              @Override
              public void received(Node from, String message, Channel<String> channel) {
                heard(from, message, channel);
              }

              @Override
              public void disconnected(Node peer) {
                coordinator().disconnected(peer);
              }
            });
    this.coordinator =
        new Coordinator(config, self, transport, container.disk(), container.random());
  }

  /** Starts a node; the JVM takes its time before anything is bound. */
  static ElasticsearchNode start(Container container, ElasticsearchConfig config) {
    ElasticsearchNode node = new ElasticsearchNode(container, config);
    long boot = millis(5_000 + container.random().nextInt(4_000));
    container.process().after(boot, node::boot);
    return node;
  }

  private Coordinator coordinator() {
    return coordinator;
  }

  private void heard(Node from, String message, Channel<String> channel) {
    if (message.startsWith("PEERS? ")) {
      channel.send("PEERS 0 " + peersKnown());
    } else if (message.startsWith("PEERS ")) {
      Stream.of(message.split(" ", -1))
          .skip(2)
          .filter(text -> !text.isEmpty())
          .map(Node::decode)
          .filter(node -> !node.name().equals(self.name()))
          .forEach(node -> transport.probe(node.pod(), IpAddress.of(node.host()), node.port()));
    } else {
      coordinator.received(from, message, channel, now());
    }
  }

  private String peersKnown() {
    return String.join(" ", transport.connected().stream().map(Node::encode).toList());
  }

  // ---- addresses

  /** Each address once, in the order of the settings. */
  private ImmutableSet<IpAddress> addresses(List<String> hosts) {
    return hosts.stream().map(this::address).collect(ImmutableSet.toImmutableSet());
  }

  private IpAddress address(String host) {
    return switch (host.replace(":ipv4_", "_")) {
      case "_local_", "_lo_" -> IpAddress.LOOPBACK_V4;
      case "_site_", "_eth0_", "_global_" -> container.podIp();
      default ->
          process().resolve(host).stream()
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException("Failed to resolve host [" + host + "]"));
    };
  }

  /** The best address is no loopback one: of a wildcard the pod's. */
  private IpAddress publishAddress() {
    try {
      ImmutableSet<IpAddress> addresses = addresses(config.publishHosts());
      IpAddress best =
          addresses.stream()
              .filter(address -> !address.isLoopback())
              .findFirst()
              .orElseGet(() -> addresses.iterator().next());
      return best.isAny() ? container.podIp() : best;
    } catch (IllegalArgumentException e) {
      return container.podIp();
    }
  }

  // ---- start

  private void boot() {
    try {
      for (IpAddress bind : addresses(config.bindHosts())) {
        if (!transport.listen(bind)) {
          LastWords.exit(container, 1, "BindTransportException: Failed to bind to " + bind);
          return;
        }
        if (!config.discovers() && !bind.isLoopback()) {
          LastWords.exit(container, CHECKS_FAILED, UNSUITABLE);
          return;
        }
      }
      for (IpAddress bind : addresses(config.httpHosts())) {
        process()
            .listen(
                new Endpoint(bind, config.httpPort()),
                connection -> new HttpServer(new ClusterHealth(this)::answer));
      }
      process().after(TICK, this::tick);
    } catch (IllegalArgumentException e) {
      LastWords.exit(container, 1, String.valueOf(e.getMessage()));
    }
  }

  private void tick() {
    if (ticks++ % TICKS_PER_SECOND == 0) {
      findPeers();
      coordinator.second();
    }
    coordinator.tick(now());
    process().after(TICK, this::tick);
  }

  /** Asks at all addresses of the seeds, and the nodes that are known for theirs. */
  private void findPeers() {
    for (String seed : config.seeds()) {
      int colon = seed.lastIndexOf(':');
      String host = colon < 0 ? seed : seed.substring(0, colon);
      int port = colon < 0 ? config.transportPort() : Endpoint.parsePort(seed.substring(colon + 1));
      List<IpAddress> found = process().resolve(host);
      if (found.isEmpty()) {
        encounters.failed(host, port, "no address for the name");
      } else {
        found.forEach(address -> transport.probe(host + " (" + address + ")", address, port));
      }
    }
    if (coordinator.master().isEmpty()) {
      transport.broadcast("PEERS? 0");
    }
  }

  private long now() {
    return process().namespace().scheduler().now();
  }

  // ---- what the health says

  Optional<String> master() {
    return coordinator.master();
  }

  int nodes() {
    return transport.connected().size() + 1;
  }

  /** The warning of ClusterFormationFailureHelper, without addresses and versions. */
  private String notDiscovered() {
    String have =
        String.join(
            ", ",
            Stream.concat(Stream.of(self), transport.connected().stream())
                .map(Node::name)
                .toList());
    if (coordinator.bootstrapped()) {
      return "master not discovered or elected yet, an election requires a majority of "
          + coordinator.votingConfiguration()
          + ", have discovered ["
          + have
          + "]";
    }
    return "master not discovered yet, this node has not previously joined a bootstrapped (v7+)"
        + " cluster, and "
        + (config.initialMasters().isEmpty()
            ? "[cluster.initial_master_nodes] is empty on this node"
            : "this node must discover master-eligible nodes "
                + config.initialMasters()
                + " to bootstrap a cluster")
        + ": have discovered ["
        + have
        + "]";
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

  /** What _cat/nodes marks: the master with a star, others with a dash. */
  @Override
  public String state() {
    if (ticks == 0) {
      return "starting";
    }
    return coordinator.master().isEmpty()
        ? "master_not_discovered"
        : coordinator.leads() ? "master" : "joined";
  }

  @Override
  public Optional<String> role() {
    return Optional.of(coordinator.leads() ? "leader" : "follower");
  }

  @Override
  public OptionalLong servingSince() {
    return coordinator.masterSince();
  }

  @Override
  public boolean agreesWith(Member other) {
    return other instanceof ElasticsearchNode that && master().equals(that.master());
  }

  @Override
  public ImmutableList<Link> links() {
    return transport.links();
  }

  @Override
  public ImmutableList<BookEntry> book() {
    return transport.connected().stream()
        .map(node -> new BookEntry(node.pod(), node.host(), node.port()))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public ImmutableList<String> troubles() {
    if (coordinator.master().isPresent() || ticks == 0) {
      return ImmutableList.of();
    }
    return ImmutableList.<String>builder()
        .add(pod() + ": " + notDiscovered())
        .addAll(encounters.sentences(pod()))
        .build();
  }
}
