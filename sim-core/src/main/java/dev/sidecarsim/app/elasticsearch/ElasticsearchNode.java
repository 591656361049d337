package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.HttpServer;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A running Elasticsearch node. */
final class ElasticsearchNode implements Member {

  private static final long TICK = millis(100);

  /** discovery.find_peers_interval is 1 s. */
  private static final int TICKS_PER_SECOND = 10;

  /** discovery.cluster_formation_warning_timeout is 10 s. */
  private static final int TICKS_PER_WARNING = 100;

  /** ExitCodes.CONFIG, with which failed bootstrap checks end a node. */
  private static final int CHECKS_FAILED = 78;

  private static final String UNSUITABLE =
      "bootstrap checks failed: the default discovery settings are unsuitable for production use;"
          + " at least one of [discovery.seed_hosts, discovery.seed_providers,"
          + " cluster.initial_master_nodes] must be configured";

  private final Container container;
  private final ElasticsearchConfig config;
  private final Encounters encounters = new Encounters();
  private final ElasticsearchLog log;
  private final Node self;
  private final Transport transport;
  private final Coordinator coordinator;
  private final PeerFinder finder;
  private long ticks;

  private ElasticsearchNode(Container container, ElasticsearchConfig config) {
    this.container = container;
    this.config = config;
    this.log =
        new ElasticsearchLog(
            new LogTime(process().namespace().scheduler(), "yyyy-MM-dd'T'HH:mm:ss,SSS"),
            config.node(),
            container::log);
    PersistedState state = new PersistedState(container.disk(), container.random());
    this.self =
        new Node(
            config.node(),
            config.pod(),
            state.nodeId(),
            PersistedState.newId(container.random()),
            publishAddress().toString(),
            config.transportPort(),
            config.masterEligible());
    this.transport =
        new Transport(process(), self, config.clusterName(), log, encounters, new Heard());
    this.coordinator = new Coordinator(config, self, transport, state, container.random(), log);
    this.finder =
        new PeerFinder(process(), config, self, transport, encounters, coordinator::foundLeader);
  }

  /** Starts a node; the JVM takes its time before anything is bound. */
  static ElasticsearchNode start(Container container, ElasticsearchConfig config) {
    ElasticsearchNode node = new ElasticsearchNode(container, config);
    long boot = millis(5_000 + container.random().nextInt(4_000));
    container.process().after(boot, node::boot);
    return node;
  }

  private final class Heard implements Transport.Events {
    @Override
    public void received(Node from, String message, Channel<String> channel) {
      if (message.startsWith("PEERS? ")) {
        finder.asked(message, channel, coordinator.knownLeader());
      } else if (message.startsWith("PEERS ")) {
        finder.answered(message);
      } else {
        coordinator.received(from, message, channel, now());
      }
    }

    @Override
    public void disconnected(Node peer) {
      coordinator.disconnected(peer, now());
    }
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
      return best(addresses(config.publishHosts()));
    } catch (IllegalArgumentException e) {
      return container.podIp();
    }
  }

  private IpAddress best(ImmutableSet<IpAddress> addresses) {
    IpAddress best =
        addresses.stream()
            .filter(address -> !address.isLoopback())
            .findFirst()
            .orElseGet(() -> addresses.iterator().next());
    return best.isAny() ? container.podIp() : best;
  }

  // ---- start

  private void boot() {
    try {
      bind(addresses(config.bindHosts()), addresses(config.httpHosts()));
    } catch (IllegalArgumentException e) {
      fail(1, String.valueOf(e.getMessage()));
    }
  }

  private void bind(ImmutableSet<IpAddress> transportHosts, ImmutableSet<IpAddress> httpHosts) {
    for (IpAddress bind : transportHosts) {
      if (!transport.listen(bind)) {
        fail(1, "BindTransportException: Failed to bind to " + bind);
        return;
      }
    }
    IpAddress published = IpAddress.of(self.host());
    log.transportBound(
        new Endpoint(published, self.port()), at(transportHosts, config.transportPort()));
    if (!published.isLoopback() || transportHosts.stream().anyMatch(each -> !each.isLoopback())) {
      log.enforcesChecks();
      if (!config.discovers()) {
        fail(CHECKS_FAILED, UNSUITABLE);
        return;
      }
    }
    for (Endpoint http : at(httpHosts, config.httpPort())) {
      process().listen(http, connection -> HttpServer.of(new ClusterHealth(this)::answer));
    }
    log.httpBound(
        new Endpoint(best(httpHosts), config.httpPort()), at(httpHosts, config.httpPort()));
    process().after(TICK, this::tick);
  }

  private static ImmutableList<Endpoint> at(Collection<IpAddress> addresses, int port) {
    return addresses.stream()
        .map(address -> new Endpoint(address, port))
        .collect(ImmutableList.toImmutableList());
  }

  private void fail(int code, String reason) {
    log.fatal(reason);
    LastWords.exit(container, code, reason);
  }

  private void tick() {
    if (ticks % TICKS_PER_SECOND == 0 && coordinator.isCandidate()) {
      finder.find();
    }
    if (ticks % TICKS_PER_WARNING == TICKS_PER_WARNING - 1 && coordinator.isCandidate()) {
      log.noMaster(this::notDiscovered);
    }
    ticks++;
    coordinator.tick(now());
    process().after(TICK, this::tick);
  }

  private long now() {
    return process().namespace().scheduler().now();
  }

  // ---- what the health says

  ElasticsearchConfig config() {
    return config;
  }

  AppliedState applied() {
    return coordinator.applied();
  }

  private String notDiscovered() {
    return coordinator.whyNoMaster(finder.seedAddresses());
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
    return applied().master().isEmpty()
        ? "master_not_discovered"
        : coordinator.leads() ? "master" : "joined";
  }

  @Override
  public Optional<String> role() {
    return Optional.of(coordinator.leads() ? "leader" : "follower");
  }

  @Override
  public OptionalLong servingSince() {
    return applied().masterSince();
  }

  @Override
  public boolean agreesWith(Member other) {
    return other instanceof ElasticsearchNode that
        && applied().master().equals(that.applied().master());
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
    if (applied().master().isPresent() || ticks == 0) {
      return ImmutableList.of();
    }
    return ImmutableList.<String>builder()
        .add(pod() + ": " + notDiscovered())
        .addAll(encounters.sentences(pod()))
        .build();
  }
}
