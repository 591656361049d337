package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A running {@code redis-server}: a master, a replica, or a node of a cluster. */
final class RedisServer implements Member {

  private final Process process;
  private final RedisConfig config;
  private final RedisLog log;
  private final Encounters encounters = new Encounters();
  private final Keyspace keys = new Keyspace();
  private final Replication replication;
  private final String runId;
  private final Set<ClientSession> clients = new LinkedHashSet<>();
  private final Optional<ClusterBus> cluster;
  private long nextClient = 3;

  private RedisServer(
      Process process,
      RedisConfig config,
      Random random,
      Map<String, String> disk,
      Consumer<Supplier<String>> output) {
    this.log = new RedisLog(process.namespace().scheduler(), output, () -> master() ? "M" : "S");
    this.process = process;
    this.config = config;
    this.runId = Ids.next(random);
    this.replication = new Replication(this, random);
    this.cluster =
        config.cluster().enabled()
            ? Optional.of(new ClusterBus(this, Ids.next(random), new NodesConf(disk), random))
            : Optional.empty();
  }

  /**
   * Starts a server.
   *
   * @param process in which it runs; it exits with code 1 if no address can be bound
   * @param random for its run id, and for the delays of elections
   * @param disk what an earlier life has written
   * @param output takes the lines of its log
   */
  static RedisServer start(
      Process process,
      RedisConfig config,
      Random random,
      Map<String, String> disk,
      Consumer<Supplier<String>> output) {
    RedisServer server = new RedisServer(process, config, random, disk, output);
    server.listen();
    if (process.alive()) {
      server.replication.start();
      server.tellStart();
      server.cluster.ifPresent(ClusterBus::start);
    }
    return server;
  }

  private void tellStart() {
    log.notice(
        "Running mode=%s, port=%d."
            .formatted(config.cluster().enabled() ? "cluster" : "standalone", config.port()));
    log.warning("Server initialized");
    log.notice("Ready to accept connections");
  }

  // ---- listening

  private void listen() {
    int bound = 0;
    for (String address : config.bind()) {
      bound += bind(address, config.port(), this::accept) ? 1 : 0;
      if (config.cluster().enabled()) {
        bind(
            address,
            config.busPort(),
            connection -> cluster.orElseThrow().links().accept(connection));
      }
    }
    if (bound == 0) {
      process.exit(1);
    }
  }

  /** {@code -ADDRESS} may be missing; an address that must not be ends the server. */
  private boolean bind(String entry, int port, dev.sidecarsim.host.Acceptor acceptor) {
    boolean optional = entry.startsWith("-");
    String host = optional ? entry.substring(1) : entry;
    if (host.contains(":") || !process.alive()) {
      return false;
    }
    List<IpAddress> addresses =
        host.equals("*") ? List.of(IpAddress.ANY_V4) : process.resolve(host);
    boolean listening =
        !addresses.isEmpty()
            && process.listen(new Endpoint(addresses.get(0), port), acceptor)
                instanceof Bound.Listening;
    if (!listening && !optional) {
      process.exit(1);
    }
    return listening;
  }

  private ConnectionHandler accept(Connection connection) {
    if (config.denies(connection.remote().address())) {
      connection.send(Bytes.of(Resp.error(ProtectedMode.DENIED).encode()));
      connection.close();
      return new ConnectionHandler() {};
    }
    ClientSession session = new ClientSession(this, nextClient++);
    clients.add(session);
    return Channel.accept(connection, RespFraming.RESP, session);
  }

  void forget(ClientSession session) {
    clients.remove(session);
    replication.replicas().forget(session);
  }

  /** CLIENT KILL TYPE: ends the clients of a kind but for the one who says so. */
  int kill(String kind, ClientSession except) {
    List<ClientSession> killed =
        clients.stream().filter(each -> each != except && each.kind().equals(kind)).toList();
    killed.forEach(ClientSession::close);
    return killed.size();
  }

  /** CLIENT LIST. */
  String clientLines() {
    return clients.stream().map(each -> each.line() + "\n").collect(Collectors.joining());
  }

  // ---- what the parts ask

  RedisLog log() {
    return log;
  }

  RedisConfig config() {
    return config;
  }

  Encounters encounters() {
    return encounters;
  }

  Keyspace keys() {
    return keys;
  }

  Replication replication() {
    return replication;
  }

  boolean master() {
    return replication.master();
  }

  long now() {
    return process.namespace().scheduler().now();
  }

  Optional<ClusterBus> cluster() {
    return cluster;
  }

  String runId() {
    return runId;
  }

  /** PUBLISH: hands a message to the clients that have subscribed. */
  int publish(String topic, String message) {
    int receivers = 0;
    for (ClientSession client : List.copyOf(clients)) {
      receivers += client.deliver(topic, message) ? 1 : 0;
    }
    return receivers;
  }

  // ---- as a member

  @Override
  public String pod() {
    return config.pod();
  }

  @Override
  public Process process() {
    return process;
  }

  /** A cluster node's {@code cluster_state}; else what ROLE says first, or third of a replica. */
  @Override
  public String state() {
    return cluster
        .map(ClusterBus::state)
        .orElseGet(
            () -> replication.masterLink().map(link -> link.stage().word()).orElse("master"));
  }

  @Override
  public Optional<String> role() {
    return Optional.of(master() ? "leader" : "follower");
  }

  @Override
  public OptionalLong servingSince() {
    return cluster.map(ClusterBus::okSince).orElseGet(replication::servingSince);
  }

  /** Nodes that know each other, or servers of one replication history. */
  @Override
  public boolean agreesWith(Member other) {
    if (!(other instanceof RedisServer that)) {
      return false;
    }
    return cluster
        .map(bus -> bus.knows(that.pod()))
        .orElseGet(() -> replication.stream().id().equals(that.replication.stream().id()));
  }

  @Override
  public ImmutableList<Link> links() {
    return ImmutableList.<Link>builder()
        .addAll(replication.replicas().links())
        .addAll(cluster.map(bus -> bus.links().reported()).orElse(ImmutableList.of()))
        .build();
  }

  @Override
  public ImmutableList<BookEntry> book() {
    return ImmutableList.<BookEntry>builder()
        .addAll(replication.replicas().book())
        .addAll(cluster.map(ClusterBus::book).orElse(ImmutableList.of()))
        .build();
  }

  @Override
  public ImmutableList<String> troubles() {
    return encounters.sentences(config.pod());
  }
}
