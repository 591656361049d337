package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.HttpServer;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/** A running NiFi node. */
final class NifiNode implements Member {

  /** The state key under which a node keeps its id. */
  private static final String UUID_FILE = "state/local/Node UUID";

  private final Container container;
  private final NifiConfig config;
  private final Encounters encounters = new Encounters();
  private final NodeId self;
  private final NifiLog log;
  private final Topology topology;
  private final ProtocolPort port;
  private final Roles roles;
  private final Coordination coordination;
  private final HeartbeatMonitor monitor;
  private final Heartbeater heartbeater;
  private final FlowService flow;
  private final WebServer web;
  private final Probe probe;
  private boolean booted;

  private NifiNode(Container container, NifiConfig config) {
    this.container = container;
    this.config = config;
    this.self =
        new NodeId(
            uuid(container),
            container.pod().name(),
            config.web().host(),
            config.web().port(),
            config.node().host(),
            config.node().protocolPort());
    this.log =
        new NifiLog(
            new LogTime(process().namespace().scheduler(), "yyyy-MM-dd HH:mm:ss,SSS"),
            container::log);
    this.topology = new Topology(this::now, container.disk());
    this.port = new ProtocolPort(process(), self, config.node().sockets(), encounters);
    this.roles =
        new Roles(process(), config, self.participant(), container.random(), encounters, log);
    this.coordination = new Coordination(process(), self, config, port, roles, topology, log);
    this.monitor =
        new HeartbeatMonitor(process(), self, config, roles, topology, coordination, log);
    this.heartbeater = new Heartbeater(process(), self, config, port, roles, topology, log);
    this.flow =
        new FlowService(
            process(), self, port, roles, topology, coordination, monitor, heartbeater, log);
    this.web =
        new WebServer(
            self,
            flow,
            coordination,
            roles,
            topology,
            new ClusterView(this::now, topology, coordination, monitor, roles),
            new WebClient(process(), config.web().sockets(), encounters));
    this.probe = new Probe(process(), coordination, web);
  }

  private static String uuid(Container container) {
    Random random = container.random();
    return container
        .disk()
        .computeIfAbsent(
            UUID_FILE, any -> new UUID(random.nextLong(), random.nextLong()).toString());
  }

  /** Starts a node; the JVM unpacks its archives before anything is bound. */
  static NifiNode start(Container container, NifiConfig config) {
    NifiNode node = new NifiNode(container, config);
    long boot = millis(8_000 + container.random().nextInt(6_000));
    container.process().after(boot, node::boot);
    container.onTerminate(node::terminate);
    return node;
  }

  private long now() {
    return process().namespace().scheduler().now();
  }

  // ---- start

  private void boot() {
    for (IpAddress address : webAddresses()) {
      Endpoint at = new Endpoint(address, config.web().port());
      if (process()
              .listen(
                  at, config.web().sockets().accepting(connection -> new HttpServer(web::handle)))
          instanceof Bound.Failed failed) {
        fail("web server cannot bind " + at + ": " + failed.failure().message());
        return;
      }
    }
    if (port.listen(this::handle) instanceof Bound.Failed failed) {
      fail("cannot bind " + self.port() + ": " + failed.failure().message());
      return;
    }
    booted = true;
    roles.start();
    flow.start(this::started);
  }

  /** The image's script runs nifi.sh stop, and exits with 0. */
  private void terminate() {
    if (booted) {
      flow.shutDown(() -> container.exit(0));
    } else {
      container.exit(0);
    }
  }

  private void fail(String why) {
    log.warn(NifiLog.Logger.WEB, "main", "Failed to start web server... shutting down.");
    LastWords.exit(container, 1, why);
  }

  /** Jetty binds to the interfaces if any is named, else to the host. */
  private ImmutableList<IpAddress> webAddresses() {
    List<IpAddress> addresses =
        config.web().interfaces().isEmpty()
            ? process().resolve(config.web().host()).stream().limit(1).toList()
            : config.web().interfaces().stream()
                .map(name -> name.equals("lo") ? IpAddress.LOOPBACK_V4 : container.podIp())
                .toList();
    return ImmutableList.copyOf(addresses);
  }

  /** The flow is loaded: what moves its data is opened, and the web server takes requests. */
  private void started() {
    process().resolve(config.node().loadBalanceHost()).stream()
        .findFirst()
        .ifPresent(address -> open(address, config.node().loadBalancePort()));
    config.node().siteToSitePort().ifPresent(raw -> open(IpAddress.ANY_V4, raw));
    web("NiFi has started. The UI is available at the following URLs:");
    web(config.web().url());
    probe.start();
  }

  /** A port that takes calls; no flow makes use of it. */
  private void open(IpAddress address, int number) {
    process()
        .listen(
            new Endpoint(address, number),
            config.node().sockets().accepting(connection -> new Silent()));
  }

  private static final class Silent implements ConnectionHandler {
    @Override
    public void onEof(Connection connection) {
      connection.close();
    }
  }

  private void web(String text) {
    log.info(NifiLog.Logger.WEB, "main", text);
  }

  private Optional<Message> handle(Message message) {
    return switch (message.type()) {
      case CONNECTION_REQUEST -> Optional.of(coordination.connect(message.node()));
      case HEARTBEAT -> Optional.of(monitor.heard(message));
      case RECONNECTION_REQUEST -> Optional.of(flow.reconnect(message));
      case DISCONNECTION_REQUEST -> {
        flow.leave(message.text());
        yield Optional.empty();
      }
      case NODE_STATUS_CHANGE -> {
        coordination.changed(message.statuses().get(0));
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  // ---- as a member

  @Override
  public String pod() {
    return self.pod();
  }

  @Override
  public Process process() {
    return container.process();
  }

  /** What the node takes itself for. */
  @Override
  public String state() {
    return booted ? flow.state().name() : "STARTING";
  }

  /** The leader is the cluster coordinator. */
  @Override
  public Optional<String> role() {
    return Optional.of(roles.leads(Roles.Role.COORDINATOR) ? "leader" : "follower");
  }

  @Override
  public OptionalLong servingSince() {
    return probe.servingSince();
  }

  @Override
  public boolean agreesWith(Member other) {
    return other instanceof NifiNode that
        && coordinator().isPresent()
        && coordinator().equals(that.coordinator());
  }

  private Optional<String> coordinator() {
    return roles.lastKnown(Roles.Role.COORDINATOR);
  }

  @Override
  public ImmutableList<Link> links() {
    return port.links();
  }

  /** Nodes are known by the host that they were told to say. */
  @Override
  public ImmutableList<BookEntry> book() {
    return topology.all().stream()
        .map(NodeStatus::node)
        .map(node -> new BookEntry(node.pod(), node.apiHost(), node.apiPort()))
        .collect(ImmutableList.toImmutableList());
  }

  /** Only the coordinator goes on to ask nodes that do not answer. */
  @Override
  public ImmutableList<String> troubles() {
    return servingSince().isPresent() && !roles.leads(Roles.Role.COORDINATOR)
        ? ImmutableList.of()
        : encounters.sentences(pod());
  }
}
