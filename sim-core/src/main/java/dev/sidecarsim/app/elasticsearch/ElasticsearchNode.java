package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.HttpServer;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.app.elasticsearch.Requests.Responder;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A running Elasticsearch node. */
final class ElasticsearchNode implements Member {

  /** discovery.initial_state_timeout: so long port 9200 waits for a master. */
  private static final long INITIAL_STATE_TIMEOUT = seconds(30);

  /** ExitCodes.CONFIG, with which failed bootstrap checks end a node. */
  private static final int CHECKS_FAILED = 78;

  private static final String UNSUITABLE =
      "bootstrap checks failed: the default discovery settings are unsuitable for production use;"
          + " at least one of [discovery.seed_hosts, discovery.seed_providers,"
          + " cluster.initial_master_nodes] must be configured";

  private static final ImmutableList<Cidr> SITE_LOCAL =
      ImmutableList.of(Cidr.of("10.0.0.0/8"), Cidr.of("172.16.0.0/12"), Cidr.of("192.168.0.0/16"));

  /** Of a connection that is turned away. */
  private static final ConnectionHandler CLOSED = new ConnectionHandler() {};

  private final Container container;
  private final ElasticsearchConfig config;
  private final Encounters encounters = new Encounters();
  private final ElasticsearchLog log;
  private final Node self;
  private final Transport transport;
  private final Coordinator coordinator;
  private boolean started;

  private ElasticsearchNode(Container container, ElasticsearchConfig config) {
    this.container = container;
    this.config = config;
    this.log =
        new ElasticsearchLog(
            new LogTime(process().namespace().scheduler(), "yyyy-MM-dd'T'HH:mm:ss,SSS"),
            config.node(),
            config.release(),
            container::log);
    this.self =
        new Node(
            config.node(),
            config.pod(),
            PersistedState.nodeId(container.disk(), container.random()),
            PersistedState.newId(container.random()),
            publishAddress().toString(),
            config.publishPort(),
            config.roles());
    this.transport =
        new Transport(
            process(), self, config.clusterName(), encounters, this::received, this::disconnected);
    this.coordinator =
        new Coordinator(
            config,
            transport,
            new PersistedState(container.disk(), self),
            container.random(),
            encounters,
            log);
  }

  /** Starts a node; the JVM takes its time before anything is bound. */
  static ElasticsearchNode start(Container container, ElasticsearchConfig config) {
    ElasticsearchNode node = new ElasticsearchNode(container, config);
    long boot = millis(5_000 + container.random().nextInt(4_000));
    container.process().after(boot, node::boot);
    return node;
  }

  private void received(Node from, List<String> words, Responder responder) {
    if (started) {
      coordinator.requests().received(from, words, responder);
    }
  }

  private void disconnected(Node peer) {
    coordinator.disconnected(peer);
  }

  // ---- addresses

  /** Each address once, in the order of the settings. */
  private ImmutableSet<IpAddress> addresses(List<String> hosts) {
    return hosts.stream().map(this::address).collect(ImmutableSet.toImmutableSet());
  }

  private IpAddress address(String host) {
    return switch (host.replace(":ipv4_", "_")) {
      case "_local_", "_lo_" -> IpAddress.LOOPBACK_V4;
      case "_eth0_" -> container.podIp();
      case "_site_" -> interfaceAddress(true, "site-local (private)");
      case "_global_" -> interfaceAddress(false, "global-scope (public)");
      default ->
          process().resolve(host).stream()
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException("Failed to resolve host [" + host + "]"));
    };
  }

  /** Java's InetAddress calls the private ranges of RFC 1918 site-local. */
  private IpAddress interfaceAddress(boolean wanted, String scope) {
    boolean site = SITE_LOCAL.stream().anyMatch(range -> range.contains(container.podIp()));
    if (site != wanted) {
      throw new IllegalArgumentException(
          "no up-and-running %s addresses found, got [name:lo (lo), name:eth0 (eth0)]"
              .formatted(scope));
    }
    return container.podIp();
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
      if (!transport.listen(
          bind,
          config.transportPort(),
          peer -> !config.transportFilter().refuses(peer, transportHosts))) {
        fail(1, "BindTransportException: Failed to bind to " + bind);
        return;
      }
    }
    IpAddress published = IpAddress.of(self.host());
    log.transportBound(
        new Endpoint(published, self.port()), at(transportHosts, config.transportPort()));
    boolean local =
        published.isLoopback() && transportHosts.stream().allMatch(IpAddress::isLoopback);
    if (!local && !config.singleNode()) {
      log.enforcesChecks();
      if (config.unconfigured()) {
        fail(CHECKS_FAILED, UNSUITABLE);
        return;
      }
    }
    started = true;
    coordinator.start();
    applied().awaitMaster(INITIAL_STATE_TIMEOUT, () -> serve(httpHosts));
  }

  /** Port 9200 is bound last of all. */
  private void serve(ImmutableSet<IpAddress> httpHosts) {
    if (applied().master().isEmpty()) {
      log.initialStateTimedOut();
    }
    RestApi api = new RestApi(this);
    for (Endpoint http : at(httpHosts, config.httpPort())) {
      process()
          .listen(
              http,
              connection -> {
                if (config.httpFilter().refuses(connection.remote().address(), httpHosts)) {
                  connection.close();
                  return CLOSED;
                }
                return new HttpServer(api::answer);
              });
    }
    log.httpBound(
        new Endpoint(best(httpHosts), config.httpPort()), at(httpHosts, config.httpPort()));
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

  // ---- what the health says

  ElasticsearchConfig config() {
    return config;
  }

  AppliedState applied() {
    return coordinator.applied();
  }

  /** Has nodes excluded from voting, and runs something once they are. */
  void exclude(List<String> nodes, Runnable done) {
    coordinator.exclude(nodes, words -> done.run());
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
    if (!started) {
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
    if (applied().master().isPresent() || !started) {
      return ImmutableList.of();
    }
    return ImmutableList.<String>builder()
        .add(pod() + ": " + coordinator.whyNoMaster())
        .addAll(encounters.sentences(pod()))
        .build();
  }
}
