package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.micros;
import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Servers zk-0, zk-1, … with the addresses 10.0.0.1, 10.0.0.2, … and ids 1, 2, …; each with a proxy
 * in front of its quorum and election port, or without.
 */
final class Lab {

  /** What stands in front of a server. */
  enum Front {
    NONE("10.0.0.0"),
    /** The proxy calls the loopback address. */
    LOOPBACK("127.0.0.1"),
    /** The proxy calls the pod's address, from 127.0.0.6. */
    POD("127.0.0.6");

    private final String source;

    Front(String source) {
      this.source = source;
    }
  }

  /** An election connection as a test sees it. */
  record Dialled(long atMillis, int from, Endpoint to) {}

  final List<Host> hosts = new ArrayList<>();
  final List<Dialled> dials = new ArrayList<>();
  final ZooKeeperEnsemble ensemble;
  private final Network network;

  /** One pod. */
  final class Host {
    final int ordinal;
    final String name;
    final NetworkNamespace namespace;
    final Map<String, String> disk = new LinkedHashMap<>();
    private final Front front;
    private final NetworkNamespace proxy;
    private final UnaryOperator<ZooKeeperConfig.Builder> settings;
    @Nullable ZooKeeperServer server;
    int starts;
    int exitCode = -1;
    final List<String> log = new ArrayList<>();
    Map<String, String> names = new LinkedHashMap<>();

    Host(int ordinal, Front front, UnaryOperator<ZooKeeperConfig.Builder> settings) {
      this.ordinal = ordinal;
      this.name = "zk-" + ordinal;
      this.front = front;
      this.settings = settings;
      namespace = network.namespace(name);
      proxy = network.namespace(name + " proxy");
      plug(namespace);
      plug(proxy);
      for (int port : new int[] {2888, 3888}) {
        proxy
            .process("proxy", new SocketOwner(1337, 1337))
            .listen(new Endpoint(address(), port), this::forward)
            .orThrow();
      }
    }

    IpAddress address() {
      return IpAddress.of("10.0.0." + (ordinal + 1));
    }

    private void plug(NetworkNamespace to) {
      to.ip()
          .addInterface(
              "eth0",
              List.of(InterfaceAddress.of(address() + "/24")),
              (packet, nextHop, tracer) -> carry(packet, tracer));
      to.resolver(
          asked ->
              Optional.ofNullable(names.get(asked))
                  .map(IpAddress::of)
                  .map(List::of)
                  .orElse(List.of()));
    }

    private ConnectionHandler forward(Connection downstream) {
      boolean loopback = front == Front.LOOPBACK;
      IpAddress target = loopback ? IpAddress.LOOPBACK_V4 : address();
      Process dialler = namespace.process("proxy", new SocketOwner(1337, 1337));
      downstream.pauseReading();
      dialler.connect(
          Dial.to(new Endpoint(target, downstream.local().port())).from(IpAddress.of(front.source)),
          new Pump(downstream));
      return new ConnectionHandler() {};
    }

    void start() {
      ZooKeeperConfig.Builder config = ZooKeeperConfig.builder(ordinal + 1).whitelist(List.of("*"));
      for (int i = 0; i < names.size(); i++) {
        config.server(QuorumServer.voter(i + 1, "zk-" + i, 2888, 3888));
      }
      Process process = namespace.process("java", new SocketOwner(1001, 1001));
      process.onExit(code -> exitCode = code);
      server =
          ZooKeeperServer.start(
              process,
              settings.apply(config).build(),
              disk,
              network.seed().stream("zookeeper " + name + " " + starts++),
              line -> log.add(line.get()));
    }

    void kill() {
      server.process().kill();
    }
  }

  /** Both directions of a forwarded connection. */
  private static final class Pump implements ConnectionHandler {
    private final Connection downstream;

    Pump(Connection downstream) {
      this.downstream = downstream;
    }

    @Override
    public void onConnected(Connection upstream) {
      downstream.handler(new Half(upstream));
      upstream.handler(new Half(downstream));
      downstream.resumeReading();
    }

    @Override
    public void onFailed(Connection upstream, ConnectFailure failure) {
      downstream.resumeReading();
      downstream.close();
    }
  }

  private static final class Half implements ConnectionHandler {
    private final Connection other;

    Half(Connection other) {
      this.other = other;
    }

    @Override
    public void onData(Connection from, Bytes data) {
      other.send(data);
    }

    @Override
    public void onEof(Connection from) {
      other.finish();
    }

    @Override
    public void onReset(Connection from) {
      other.abort();
    }
  }

  private Lab(
      Network network, List<Front> fronts, UnaryOperator<ZooKeeperConfig.Builder> settings) {
    this.network = network;
    for (Front front : fronts) {
      hosts.add(new Host(hosts.size(), front, settings));
    }
    for (Host host : hosts) {
      hosts.forEach(other -> host.names.put(other.name, other.address().toString()));
    }
    ensemble =
        new ZooKeeperEnsemble(
            "zk",
            hosts.stream()
                .map(
                    host ->
                        new ZooKeeperEnsemble.Seat(
                            host.name, () -> Optional.ofNullable(host.server)))
                .toList());
  }

  /** The servers, all started at time 0. */
  static Simulation<Lab> start(long seed, List<Front> fronts) {
    return start(seed, fronts, config -> config);
  }

  static Simulation<Lab> start(
      long seed, List<Front> fronts, UnaryOperator<ZooKeeperConfig.Builder> settings) {
    Simulation<Lab> run =
        Simulation.start(network -> new Lab(network, fronts, settings), new Seed(seed));
    run.perform(lab -> lab.hosts.forEach(Host::start));
    return run;
  }

  FormationReport report() {
    return ensemble.report();
  }

  /** The roles by ordinal: L, F or - for a server that does not serve. */
  String roles() {
    StringBuilder roles = new StringBuilder();
    report()
        .members()
        .forEach(
            member ->
                roles.append(
                    member
                        .role()
                        .map(role -> role.substring(0, 1).toUpperCase(Locale.ROOT))
                        .orElse("-")));
    return roles.toString();
  }

  private void carry(Packet packet, Tracer tracer) {
    int to = packet.dst().v4Bits() & 0xff;
    if (to < 1 || to > hosts.size()) {
      return;
    }
    Host host = hosts.get(to - 1);
    boolean syn = packet.flags().opens();
    if (syn) {
      int from = (packet.src().v4Bits() & 0xff) - 1;
      dials.add(new Dialled(network.scheduler().now() / millis(1), from, packet.to()));
    }
    boolean quorumPort = packet.to().port() == 2888 || packet.to().port() == 3888;
    NetworkNamespace receiver =
        host.front != Front.NONE && quorumPort ? host.proxy : host.namespace;
    network.scheduler().after(micros(50), () -> receiver.ip().receive("eth0", packet, tracer));
  }

  /** Runs until a condition holds, and returns the time in milliseconds; -1 if it never does. */
  static long runUntil(Simulation<Lab> run, long limitSeconds, Predicate<Lab> condition) {
    while (run.now() < seconds(limitSeconds)) {
      run.runFor(millis(10));
      if (condition.test(run.world())) {
        return run.now() / millis(1);
      }
    }
    return -1;
  }
}
