package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.host.Process;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a node comes into the ring: a shadow round with the seeds, then, if it is new and no seed,
 * waiting for the ring and for what it will own, then its tokens. Afterwards it gossips once a
 * second. Times are those of real 4.0.17 where no constant of the source gives them.
 */
final class StorageService {

  /** StorageService.RING_DELAY, in seconds. */
  static final int RING_DELAY = 30;

  /**
   * How long the schema takes to arrive: asked for once the first peer is up, looked at each
   * second.
   */
  private static final long SCHEMA = seconds(5);

  /** Gossiper.waitToSettle: 5 s, and three looks of a second each. */
  private static final long SETTLED = seconds(8);

  /** cassandra.shutdown_announce_in_ms. */
  private static final long SHUTDOWN_ANNOUNCE = seconds(2);

  /** Streaming of system keyspaces without users' data. */
  private static final long STREAMING = seconds(1);

  private static final String ALONE =
      "Unable to gossip with any peers but continuing anyway since node is in its own seed list";
  private static final String NOBODY = "Unable to gossip with any peers";
  private static final String ADDRESS_TAKEN =
      "A node with address %s already exists, cancelling join. Use cassandra.replace_address if you"
          + " want to replace this node.";
  private static final String ANOTHER_JOINS =
      "Other bootstrapping/leaving/moving nodes detected, cannot bootstrap while"
          + " cassandra.consistent.rangemovement is true";

  private final Process process;
  private final CassandraConfig config;
  private final CassandraLog log;
  private final SystemKeyspace saved;
  private final Internode internode;
  private final Gossiper gossiper;
  private final Consumer<String> failed;
  private final ImmutableSet<String> seeds;
  private final boolean seed;
  private final String own;
  private final String hostId;
  private final long generation;
  private final ShadowRound shadow;
  private final Clients clients;
  private String status = EndpointState.SHADOW;
  private boolean drained;
  private long version;

  /**
   * @param own the broadcast address
   * @param seeds addresses, the own one among them on a seed
   * @param failed is told why it cannot start
   * @param ready is told that it is part of the ring, and clients may come
   */
  StorageService(
      Process process,
      CassandraConfig config,
      CassandraLog log,
      SystemKeyspace saved,
      Internode internode,
      String own,
      Set<String> seeds,
      Random random,
      Consumer<String> failed,
      Runnable ready) {
    this.process = process;
    this.config = config;
    this.log = log;
    this.saved = saved;
    this.internode = internode;
    this.own = own;
    this.seed = seeds.contains(own);
    this.seeds =
        seeds.stream().filter(each -> !each.equals(own)).collect(ImmutableSet.toImmutableSet());
    this.hostId = saved.hostId(random, log);
    this.generation = now() / SECOND + 1;
    this.failed = failed;
    this.gossiper = new Gossiper(own, internode, log, saved, this::now);
    this.shadow =
        new ShadowRound(
            process, config, saved, internode, own, this.seeds, seed, this::shadowRoundIsOver);
    this.clients = new Clients(process, config, log, gossiper, ready);
  }

  private long now() {
    return process.namespace().scheduler().now();
  }

  /** What it says of itself; {@link EndpointState#SHADOW} before it says anything. */
  String status() {
    return status;
  }

  /** When the process started, in seconds. */
  long generation() {
    return generation;
  }

  String hostId() {
    return hostId;
  }

  boolean up(EndpointState state) {
    return gossiper.up(state);
  }

  ImmutableList<EndpointState> states() {
    return gossiper.states();
  }

  void start() {
    shadow.start();
  }

  private void shadowRoundIsOver(Optional<ImmutableList<EndpointState>> told) {
    if (told.isPresent()) {
      prepareToJoin(told.get());
    } else if (seed) {
      log.service(ALONE);
      prepareToJoin(ImmutableList.of());
    } else {
      failed.accept(NOBODY);
    }
  }

  // ---- joining

  /**
   * Checks what the shadow round told (checkForEndpointCollision); then a seed, and a node that has
   * joined before, have their tokens at once.
   */
  private void prepareToJoin(ImmutableList<EndpointState> told) {
    boolean bootstraps = config.autoBootstrap() && !seed && !saved.joined();
    if (told.stream().anyMatch(state -> state.address().equals(own) && !mine(state, bootstraps))) {
      failed.accept(ADDRESS_TAKEN.formatted(log.name(own)));
    } else if (bootstraps && told.stream().anyMatch(this::joinsToo)) {
      failed.accept(ANOTHER_JOINS);
    } else {
      log.service("Starting up server gossip");
      status = "";
      gossiper.start(self());
      if (bootstraps) {
        log.joining("waiting for ring information");
        process.after(SCHEMA, this::schemaKnown);
      } else {
        normal();
      }
      gossip();
    }
  }

  /** Whether what others know of the own address is no other node (Gossiper.isSafeForStartup). */
  private boolean mine(EndpointState known, boolean bootstraps) {
    return bootstraps ? known.status().equals(EndpointState.BOOT) : known.hostId().equals(hostId);
  }

  private boolean joinsToo(EndpointState state) {
    return state.status().equals(EndpointState.BOOT) && !state.address().equals(own);
  }

  private void schemaKnown() {
    if (config.release().settlesBeforeJoining()) {
      log.settling();
      process.after(
          SETTLED,
          () -> {
            log.settled();
            bootstrap();
          });
    } else {
      bootstrap();
    }
  }

  private void bootstrap() {
    log.joining("schema complete, ready to bootstrap");
    log.joining("waiting for pending range calculation");
    log.joining("calculation complete, ready to bootstrap");
    List<String> others =
        states().stream().filter(this::joinsToo).map(state -> log.name(state.address())).toList();
    if (!others.isEmpty()) {
      failed.accept(
          "%s. Nodes detected, bootstrapping: %s; leaving: ; moving: ;"
              .formatted(ANOTHER_JOINS, String.join(",", others)));
      return;
    }
    log.joining("getting bootstrap token");
    status = EndpointState.BOOT;
    log.joining("sleeping " + RING_DELAY * 1000 + " ms for pending range setup");
    process.after(seconds(RING_DELAY), this::stream);
  }

  private void stream() {
    log.joining("Starting to bootstrap...");
    Optional<EndpointState> missing = Ring.of(states()).missingSource(self(), this::up);
    if (missing.isPresent()) {
      failed.accept(config.release().sourceIsDown(log.name(missing.get().address())));
    } else {
      process.after(STREAMING, this::normal);
    }
  }

  private void normal() {
    status = EndpointState.NORMAL;
    saved.join();
    log.joining("Finish joining ring");
    log.stateOf("main", own, EndpointState.NORMAL);
    log.settling();
    process.after(SETTLED, clients::settled);
  }

  // ---- gossip

  private EndpointState self() {
    return new EndpointState(
        own, config.pod(), hostId, config.tokens(), generation, version, status);
  }

  boolean gossips() {
    return !status.equals(EndpointState.SHADOW) && !drained;
  }

  boolean drained() {
    return drained;
  }

  /** Tells the peers that it ends, as on SIGTERM and by {@code nodetool drain}, and is silent. */
  void drain(Runnable then) {
    if (gossips()) {
      log.announcesShutdown(own);
      gossiper.announceShutdown(config.clusterName());
      drained = true;
      process.after(SHUTDOWN_ANNOUNCE, then);
    } else {
      then.run();
    }
  }

  private void gossip() {
    if (drained) {
      return;
    }
    version++;
    gossiper.round(self(), seeds, tell("SYN"));
    process.after(SECOND, this::gossip);
  }

  private String tell(String type) {
    return Message.of(type, config.clusterName(), gossiper.states());
  }

  void received(String from, String text) {
    Message message = Message.decode(text);
    switch (message.type()) {
      case "SYN" -> syn(from, message);
      case "SHADOW" -> shadow.inShadowToo(from);
      case "ACK" -> ack(message);
      case "SHUTDOWN" -> gossiper.shutdown(from);
      case "ECHO" -> internode.send(from, Message.ECHOED);
      case "ECHOED" -> gossiper.echoed(from);
      default -> {} // a newer release's word
    }
  }

  private void syn(String from, Message message) {
    if (!message.cluster().equals(config.clusterName())) {
      log.otherCluster(from, message.cluster());
    } else if (gossips()) {
      message.states().forEach(gossiper::merge);
      internode.send(from, tell("ACK"));
    } else if (message.states().isEmpty()) {
      internode.send(from, Message.of("SHADOW", config.clusterName(), ImmutableList.of()));
    }
  }

  private void ack(Message message) {
    if (gossips()) {
      message.states().forEach(gossiper::merge);
    } else {
      shadow.answered(message.states());
    }
  }
}
