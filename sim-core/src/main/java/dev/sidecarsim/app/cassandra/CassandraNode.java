package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A container with Cassandra in it: it starts once the JVM is up, and exits when that fails. */
final class CassandraNode implements Member {

  /** How a JVM ends that got SIGTERM. */
  private static final int TERMINATED = 143;

  /** CassandraDaemon exits so after an exception during startup. */
  private static final int STARTUP_FAILED = 3;

  private final Container container;
  private final CassandraConfig config;
  private final CassandraLog log;
  private final Encounters encounters = new Encounters();
  private @Nullable StorageService service;
  private @Nullable Internode internode;
  private OptionalLong servingSince = OptionalLong.empty();

  private CassandraNode(Container container, CassandraConfig config) {
    this.container = container;
    this.config = config;
    this.log =
        new CassandraLog(
            config,
            new LogTime(process().namespace().scheduler(), "yyyy-MM-dd HH:mm:ss,SSS"),
            container::log);
  }

  /** Starts a node; the JVM takes its time before anything is bound. */
  static CassandraNode start(Container container, CassandraConfig config) {
    CassandraNode node = new CassandraNode(container, config);
    long boot = millis(4_000 + container.random().nextInt(3_000));
    container.process().after(boot, node::boot);
    container.onTerminate(() -> node.drain(() -> container.exit(TERMINATED)));
    return node;
  }

  // ---- start

  private void boot() {
    process().listen(new Endpoint(IpAddress.LOOPBACK_V4, 7199), CassandraNode::silent);
    Optional<IpAddress> listen = address(config.listenAddress());
    ImmutableSet<String> seeds = seeds();
    if (listen.isEmpty()) {
      fail("Unknown listen_address '" + config.listenAddress() + "'");
    } else if (listen.get().isAny()) {
      fail("listen_address cannot be a wildcard address (" + config.listenAddress() + ")!");
    } else if (seeds.isEmpty()) {
      fail("The seed provider lists no seeds.");
    } else {
      begin(listen.get(), seeds);
    }
  }

  private ImmutableSet<String> seeds() {
    return config.seeds().stream()
        .flatMap(seed -> process().resolve(seed).stream())
        .map(IpAddress::toString)
        .collect(ImmutableSet.toImmutableSet());
  }

  private Optional<IpAddress> address(String host) {
    return process().resolve(host).stream().findFirst();
  }

  private void begin(IpAddress listen, ImmutableSet<String> seeds) {
    IpAddress own = address(config.broadcastAddress()).orElse(listen);
    Internode messaging =
        new Internode(process(), config, log, encounters, listen, own.toString(), this::received);
    if (!messaging.listen(listen)) {
      fail("Failed to bind port " + config.storagePort() + " on " + listen);
      return;
    }
    if (config.listenOnBroadcastAddress() && !own.equals(listen)) {
      messaging.listen(own);
    }
    internode = messaging;
    service =
        new StorageService(
            process(),
            config,
            log,
            new SystemKeyspace(container.disk()),
            messaging,
            own.toString(),
            seeds,
            container.random(),
            this::fail,
            this::serve);
    service.start();
  }

  private void received(String from, String message) {
    if (service != null) {
      service.received(from, message);
    }
  }

  private void serve() {
    address(config.rpcAddress())
        .map(address -> new Endpoint(address, config.nativePort()))
        .ifPresent(
            cql -> {
              process().listen(cql, CassandraNode::silent);
              log.servesClients(cql);
            });
    servingSince = OptionalLong.of(process().namespace().scheduler().now());
  }

  private static ConnectionHandler silent(Connection connection) {
    return new ConnectionHandler() {
      @Override
      public void onData(Connection same, Bytes data) {}

      @Override
      public void onEof(Connection same) {
        same.close();
      }
    };
  }

  private void fail(String reason) {
    log.failed(reason);
    LastWords.exit(container, STARTUP_FAILED, reason);
  }

  // ---- nodetool

  /** {@code nodetool drain}, which is done before the process ends, too. */
  void drain(Runnable then) {
    if (service == null) {
      then.run();
    } else {
      service.drain(then);
    }
  }

  /** What {@code nodetool} prints, or empty where it is not modelled. */
  Optional<ExecResult> nodetool(ImmutableList<String> arguments) {
    StorageService running = service;
    if (running == null) {
      return Optional.of(
          new ExecResult(
              1,
              "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection"
                  + " refused (Connection refused)'.\n"));
    }
    return new Nodetool(config, running, servingSince.isPresent()).run(arguments);
  }

  private ImmutableList<EndpointState> states() {
    return service == null ? ImmutableList.of() : service.states();
  }

  private boolean up(EndpointState state) {
    return service != null && service.up(state);
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

  /** The letters of nodetool status for the own node, or what it does before it has any. */
  @Override
  public String state() {
    String status = service == null ? "STARTING" : service.status();
    return switch (status) {
      case EndpointState.NORMAL -> "UN";
      case EndpointState.BOOT -> "UJ";
      case "" -> "JOINING";
      default -> status;
    };
  }

  /** There is no leader. */
  @Override
  public Optional<String> role() {
    return Optional.empty();
  }

  @Override
  public OptionalLong servingSince() {
    return servingSince;
  }

  @Override
  public boolean agreesWith(Member other) {
    return states().stream()
        .anyMatch(state -> state.pod().equals(other.pod()) && up(state) && state.normal());
  }

  @Override
  public ImmutableList<Link> links() {
    return internode == null ? ImmutableList.of() : internode.links();
  }

  @Override
  public ImmutableList<BookEntry> book() {
    return states().stream()
        .filter(EndpointState::inRing)
        .map(state -> new BookEntry(state.pod(), state.address(), config.storagePort()))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public ImmutableList<String> troubles() {
    return encounters.sentences(pod());
  }
}
