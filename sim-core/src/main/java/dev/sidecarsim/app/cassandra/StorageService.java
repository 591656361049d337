package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.host.Process;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/**
 * How a node comes into the ring: a shadow round with the seeds, then, if it is new and no seed,
 * waiting for the ring, then its tokens. Afterwards it gossips once a second.
 */
final class StorageService {

  /** StorageService.RING_DELAY, in seconds. */
  private static final int RING_DELAY = 30;

  /** Gossiper.doShadowRound asks again, and those it knew before, too. */
  private static final int ASK_AGAIN = 5;

  /** Gossiper.waitToSettle: 5 s, and three looks of a second each. */
  private static final long SETTLED = seconds(8);

  private static final String ALONE =
      "Unable to gossip with any peers but continuing anyway since node is in its own seed list";
  private static final String NOBODY = "Unable to gossip with any peers";
  private static final String ANOTHER_JOINS =
      "Other bootstrapping/leaving/moving nodes detected, cannot bootstrap while"
          + " cassandra.consistent.rangemovement is true";

  /** Who is told how the start goes. */
  interface Events {
    void failed(String reason);

    /** It is part of the ring, and gossip is quiet: clients are served. */
    void ready();
  }

  private final Process process;
  private final CassandraConfig config;
  private final CassandraLog log;
  private final SystemKeyspace saved;
  private final Internode internode;
  private final Gossiper gossiper;
  private final Events events;
  private final ImmutableSet<String> seeds;
  private final boolean seed;
  private final String own;
  private final String hostId;
  private final long generation;
  private final Set<String> inShadow = new LinkedHashSet<>();
  private String status = "SHADOW";
  private boolean answered;
  private boolean othersJoin;
  private long version;

  /**
   * @param own the broadcast address
   * @param seeds addresses, the own one among them on a seed
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
      Events events) {
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
    this.events = events;
    this.gossiper = new Gossiper(own, internode, log, saved, this::now);
  }

  private long now() {
    return process.namespace().scheduler().now();
  }

  /** SHADOW, BOOT or NORMAL. */
  String status() {
    return status;
  }

  boolean up(EndpointState state) {
    return gossiper.up(state);
  }

  ImmutableList<EndpointState> states() {
    return gossiper.states();
  }

  // ---- the shadow round

  void start() {
    if (seeds.isEmpty()) {
      join();
    } else {
      shadowRound(0);
    }
  }

  private void shadowRound(int slept) {
    if (answered || (seed && inShadow.containsAll(seeds))) {
      join();
    } else if (slept > RING_DELAY) {
      alone();
    } else {
      if (slept % ASK_AGAIN == 0) {
        ask(slept > 0);
      }
      process.after(SECOND, () -> shadowRound(slept + 1));
    }
  }

  private void ask(boolean peersToo) {
    Set<String> targets = new LinkedHashSet<>(seeds);
    if (peersToo) {
      saved.peers().forEach(peer -> targets.add(peer.address()));
      targets.remove(own);
    }
    String empty = Message.of("SYN", config.clusterName(), ImmutableList.of());
    targets.forEach(to -> internode.send(to, empty));
  }

  private void alone() {
    if (seed) {
      log.service(ALONE);
      join();
    } else {
      events.failed(NOBODY);
    }
  }

  // ---- joining

  /** A seed, and a node that has joined before, have their tokens at once. */
  private void join() {
    boolean bootstraps = !seed && !saved.joined();
    if (bootstraps && othersJoin) {
      events.failed(ANOTHER_JOINS);
      return;
    }
    status = "BOOT";
    gossiper.start(self());
    gossip();
    if (bootstraps) {
      log.service("JOINING: waiting for ring information");
      log.service("JOINING: sleeping " + RING_DELAY * 1000 + " ms for pending range setup");
      process.after(seconds(RING_DELAY), this::normal);
    } else {
      normal();
    }
  }

  private void normal() {
    status = "NORMAL";
    saved.join();
    log.service("JOINING: Finish joining ring");
    log.normal("main", own);
    log.daemon("Waiting for gossip to settle before accepting client requests...");
    process.after(SETTLED, this::settled);
  }

  private void settled() {
    log.daemon("No gossip backlog; proceeding");
    events.ready();
  }

  // ---- gossip

  private EndpointState self() {
    return new EndpointState(
        own, config.pod(), hostId, config.tokens(), generation, version, status);
  }

  private boolean gossips() {
    return !status.equals("SHADOW");
  }

  private void gossip() {
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
      case "SHADOW" -> inShadow.add(from);
      case "ACK" -> ack(message);
      case "ECHO" -> internode.send(from, Message.ECHOED);
      case "ECHOED" -> gossiper.echoed(from);
      default -> {
        // A newer release's word.
      }
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
    answered = true;
    if (gossips()) {
      message.states().forEach(gossiper::merge);
    } else {
      othersJoin = message.states().stream().anyMatch(state -> !state.normal());
    }
  }
}
