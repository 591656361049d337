package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.LastWords;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** A running Cassandra node: it asks the seeds, joins, and gossips once a second. */
final class CassandraNode implements Member {

  /** StorageService.RING_DELAY: a shadow round without answer, and a join, last so long. */
  private static final long RING_DELAY = seconds(30);

  /** CassandraDaemon exits so after an exception during startup. */
  private static final int STARTUP_FAILED = 3;

  /**
   * Silence at which phi, t / mean / ln 10, exceeds phi_convict_threshold 8 at one beat a second.
   */
  private static final long CONVICTED = millis(18_420);

  private final Container container;
  private final CassandraConfig config;
  private final Encounters encounters = new Encounters();
  private final Internode internode;
  private final Map<String, EndpointState> states = new LinkedHashMap<>();
  private final Map<String, Long> heardAt = new LinkedHashMap<>();
  private final long generation;
  private String own = "";
  private String status = "STARTING";
  private boolean answered;
  private long version;
  private OptionalLong servingSince = OptionalLong.empty();

  private CassandraNode(Container container, CassandraConfig config) {
    this.container = container;
    this.config = config;
    this.internode = new Internode(process(), config, encounters, this::received);
    this.generation = now() / SECOND + 1;
  }

  /** Starts a node; the JVM takes its time before anything is bound. */
  static CassandraNode start(Container container, CassandraConfig config) {
    CassandraNode node = new CassandraNode(container, config);
    long boot = millis(4_000 + container.random().nextInt(3_000));
    container.process().after(boot, node::boot);
    return node;
  }

  private void boot() {
    Optional<IpAddress> listen = address(config.listenAddress());
    if (listen.isEmpty()) {
      fail("Unknown listen_address '" + config.listenAddress() + "'");
    } else if (listen.get().isAny()) {
      fail("listen_address cannot be a wildcard address (" + config.listenAddress() + ")!");
    } else if (!internode.listen(listen.get())) {
      fail("Failed to bind port " + config.storagePort() + " on " + listen.get());
    } else {
      begin(listen.get());
    }
  }

  private void begin(IpAddress listen) {
    own = address(config.broadcastAddress()).orElse(listen).toString();
    if (config.listenOnBroadcastAddress() && !own.equals(listen.toString())) {
      internode.listen(IpAddress.of(own));
    }
    process().listen(new Endpoint(IpAddress.LOOPBACK_V4, 7199), CassandraNode::silent);
    status = "SHADOW";
    shadowRound(now());
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
    LastWords.exit(container, STARTUP_FAILED, reason);
  }

  private Optional<IpAddress> address(String host) {
    return process().resolve(host).stream().findFirst();
  }

  // ---- start

  /** Asks the seeds other than itself; without any answer only a seed goes on. */
  private void shadowRound(long since) {
    Set<String> seeds = seeds();
    boolean seed = seeds.remove(own);
    if (answered || (seed && seeds.isEmpty())) {
      join(seed);
    } else if (now() - since >= RING_DELAY) {
      if (seed) {
        encounters.note(
            "Unable to gossip with any peers but continuing anyway since node is in its own seed"
                + " list");
        join(true);
      } else {
        fail("Unable to gossip with any peers");
      }
    } else {
      seeds.forEach(each -> internode.send(each, own, "SYN"));
      process().after(SECOND, () -> shadowRound(since));
    }
  }

  private Set<String> seeds() {
    return config.seeds().stream()
        .flatMap(seed -> process().resolve(seed).stream())
        .map(IpAddress::toString)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** A seed has its tokens at once; others wait for the ring and take part in it first. */
  private void join(boolean seed) {
    status = "BOOT";
    gossip();
    process().after(seed ? SECOND : RING_DELAY, this::normal);
  }

  private void normal() {
    status = "NORMAL";
    Optional<IpAddress> rpc = address(config.rpcAddress());
    rpc.ifPresent(
        address ->
            process().listen(new Endpoint(address, config.nativePort()), CassandraNode::silent));
    servingSince = OptionalLong.of(now());
  }

  // ---- gossip

  private void gossip() {
    version++;
    states.put(own, new EndpointState(own, pod(), generation, version, status));
    Set<String> targets = seeds();
    targets.addAll(states.keySet());
    targets.remove(own);
    String message = digest("SYN");
    targets.forEach(to -> internode.send(to, own, message));
    process().after(SECOND, this::gossip);
  }

  private String digest(String type) {
    StringBuilder out = new StringBuilder(type);
    states.values().forEach(state -> out.append(' ').append(state.encode()));
    return out.toString();
  }

  private void received(String from, String message) {
    List<String> words = Splitter.on(' ').splitToList(message);
    words.subList(1, words.size()).stream().map(EndpointState::decode).forEach(this::merge);
    boolean gossiping = status.equals("BOOT") || status.equals("NORMAL");
    if (words.get(0).equals("SYN") && gossiping) {
      internode.send(from, own, digest("ACK"));
    } else if (words.get(0).equals("ACK")) {
      answered = true;
      encounters.clearNotes();
    }
  }

  private void merge(EndpointState told) {
    EndpointState known = states.get(told.address());
    if (!told.address().equals(own) && (known == null || told.newerThan(known))) {
      states.put(told.address(), told);
      heardAt.put(told.address(), now());
    }
  }

  private boolean up(EndpointState state) {
    return state.address().equals(own)
        || now() - heardAt.getOrDefault(state.address(), Long.MIN_VALUE / 2) < CONVICTED;
  }

  private long now() {
    return process().namespace().scheduler().now();
  }

  // ---- status

  /** nodetool status, without load and tokens. */
  String status() {
    StringBuilder out = new StringBuilder();
    out.append("Datacenter: datacenter1\n=======================\nStatus=Up/Down\n");
    out.append("|/ State=Normal/Leaving/Joining/Moving\n");
    out.append("--  Address          Rack\n");
    for (EndpointState state : states.values()) {
      String letters = (up(state) ? "U" : "D") + (state.status().equals("NORMAL") ? "N" : "J");
      out.append("%s  %-15s  rack1\n".formatted(letters, state.address()));
    }
    return out.toString();
  }

  boolean started() {
    return !states.isEmpty();
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
    return switch (status) {
      case "NORMAL" -> "UN";
      case "BOOT" -> "UJ";
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
    return states.values().stream()
        .anyMatch(
            state ->
                state.pod().equals(other.pod()) && up(state) && state.status().equals("NORMAL"));
  }

  @Override
  public ImmutableList<Link> links() {
    return internode.links();
  }

  @Override
  public ImmutableList<BookEntry> book() {
    return states.values().stream()
        .map(state -> new BookEntry(state.pod(), state.address(), config.storagePort()))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public ImmutableList<String> troubles() {
    return encounters.sentences(pod());
  }
}
