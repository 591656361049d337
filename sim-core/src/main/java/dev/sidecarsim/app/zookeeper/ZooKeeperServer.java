package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.app.zookeeper.data.DataTree;
import dev.sidecarsim.host.Process;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One running ZooKeeper server. */
public final class ZooKeeperServer {

  private final Process process;
  private final ZooKeeperConfig config;
  private final Encounters encounters = new Encounters();
  private final ServerLog log;
  private final Optional<QuorumPeer> peer;
  private final DataDir data;
  private final Database database;
  private boolean started;
  private OptionalLong standaloneSince = OptionalLong.empty();
  private Optional<Requests> alone = Optional.empty();

  private ZooKeeperServer(
      Process process,
      ZooKeeperConfig config,
      Map<String, String> disk,
      Random random,
      Consumer<Supplier<String>> output) {
    this.process = process;
    this.config = config;
    this.log =
        new ServerLog(config, new LogWriter(config, process.namespace().scheduler(), output));
    this.data = new DataDir(disk);
    this.database = new Database(data);
    Delays delays = new Delays(random, data.fresh());
    this.peer =
        config.standalone()
            ? Optional.empty()
            : Optional.of(new QuorumPeer(process, config, data, database, delays, encounters, log));
    process.after(delays.boot(), () -> boot(delays));
  }

  /**
   * Starts a server; its ports open once the JVM is up.
   *
   * @param process in which it runs; it exits with code 14 if its election port cannot be bound
   * @param disk what earlier servers of this id have written
   * @param random for the time that its own work takes
   * @param output takes the lines of its log, and has them made if anybody keeps them
   */
  public static ZooKeeperServer start(
      Process process,
      ZooKeeperConfig config,
      Map<String, String> disk,
      Random random,
      Consumer<Supplier<String>> output) {
    return new ZooKeeperServer(process, config, disk, random, output);
  }

  private void boot(Delays delays) {
    data.acceptedEpoch(data.acceptedEpoch());
    log.start().configured();
    log.start().starting();
    ClientPort clients = new ClientPort(this);
    database.observer(clients);
    clients.listen();
    peer.ifPresent(member -> member.onStepDown(clients::closeAll));
    started = true;
    peer.ifPresent(member -> log.start().quorumSettings());
    peer.ifPresentOrElse(
        member -> process.after(delays.electionPort(), member::start), () -> serveAlone(delays));
  }

  private void serveAlone(Delays delays) {
    standaloneSince = OptionalLong.of(process.namespace().scheduler().now());
    Standalone place = new Standalone(process, database, log, delays);
    alone = Optional.of(new Proposals(place, place, Broadcast.tracker(process, config)));
  }

  public ZooKeeperConfig config() {
    return config;
  }

  public Process process() {
    return process;
  }

  /** The own word for what it does: LOOKING, FOLLOWING, LEADING, OBSERVING or STANDALONE. */
  public String state() {
    if (!process.alive()) {
      return MemberStatus.DOWN;
    }
    return peer.map(member -> member.state().name()).orElse("STANDALONE");
  }

  /** Start of the present serving period in nanoseconds of simulated time, if it serves. */
  public OptionalLong servingSince() {
    if (!process.alive()) {
      return OptionalLong.empty();
    }
    return peer.map(QuorumPeer::servingSince).orElse(standaloneSince);
  }

  public boolean serving() {
    return servingSince().isPresent();
  }

  /** What {@code Mode:} says while it serves: leader, follower, observer or standalone. */
  public Optional<String> mode() {
    return serving()
        ? Optional.of(peer.map(member -> member.state().mode()).orElse("standalone"))
        : Optional.empty();
  }

  /** Whom it leads; empty unless it does. */
  Optional<FourLetterWords.Learners> learners() {
    return peer.flatMap(QuorumPeer::learners);
  }

  /** The last transaction. */
  public long zxid() {
    return database.zxid();
  }

  DataTree tree() {
    return database.tree();
  }

  /** Whom the requests of clients go to; empty unless it serves. */
  Optional<Requests> requests() {
    return peer.map(QuorumPeer::requests).orElse(alone);
  }

  /** Whether the JVM is up. */
  boolean started() {
    return started;
  }

  ImmutableList<QuorumPeer.AcceptedLink> acceptedLinks() {
    return process.alive() && peer.isPresent()
        ? ImmutableList.<QuorumPeer.AcceptedLink>builder()
            .addAll(peer.get().learnerLinks())
            .addAll(peer.get().network().accepted())
            .build()
        : ImmutableList.of();
  }

  Encounters encounters() {
    return encounters;
  }

  ServerLog log() {
    return log;
  }
}
