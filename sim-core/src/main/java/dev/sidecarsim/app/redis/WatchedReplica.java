package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import java.util.Optional;

/** A replica of a watched master. */
final class WatchedReplica extends WatchedServer {

  /** Four times SENTINEL_PUBLISH_PERIOD: time enough to hear of a newer configuration. */
  private static final long SURE = 4 * PUBLISH_PERIOD;

  /** How far it is on its way to another master. */
  enum Move {
    NONE(""),
    SENT("reconf_sent"),
    IN_PROGRESS("reconf_inprog"),
    DONE("reconf_done");

    final String flag;

    Move(String flag) {
      this.flag = flag;
    }
  }

  private final WatchedMaster master;
  private final String name;
  private Move move = Move.NONE;
  private long movedAt = NEVER;
  private String followed = "";
  private long followedSince;

  WatchedReplica(WatchedMaster master, SentinelAddress address) {
    super(master.sentinel(), master.settings(), address);
    this.master = master;
    this.name = nameOf(master.sentinel(), address);
    this.followedSince = now();
  }

  /** A replica is named by the address that it had when it was first heard of. */
  static String nameOf(Sentinel sentinel, SentinelAddress address) {
    return sentinel.shown(address) + ":" + address.port();
  }

  @Override
  String kind() {
    return "slave";
  }

  @Override
  String name() {
    return name;
  }

  @Override
  WatchedMaster group() {
    return master;
  }

  /** More often while the master is gone, or the link to it. */
  @Override
  long infoPeriod() {
    boolean closely =
        master.objectivelyDown() || master.failover().underWay() || masterLinkDown() != 0;
    return closely ? SECOND : INFO_PERIOD;
  }

  /** master_link_down_since_seconds, in nanoseconds. */
  long masterLinkDown() {
    return number("master_link_down_since_seconds", 0) * SECOND;
  }

  long priority() {
    return number("slave_priority", 100);
  }

  long offset() {
    return number("slave_repl_offset", 0);
  }

  boolean announced() {
    return number("replica_announced", 1) == 1;
  }

  Move move() {
    return move;
  }

  boolean moving() {
    return move == Move.SENT || move == Move.IN_PROGRESS;
  }

  long movingFor() {
    return now() - movedAt;
  }

  /** Tells it to follow the replica that is promoted. */
  void moveTo(WatchedReplica promoted) {
    follow(promoted);
    move = Move.SENT;
    movedAt = now();
  }

  void doneMoving() {
    move = Move.DONE;
  }

  @Override
  void informed() {
    String follows = info("master_host") + ":" + info("master_port");
    if (!saysMaster() && !follows.equals(followed)) {
      followed = follows;
      followedSince = now();
    }
    if (saysMaster()) {
      straysAsMaster();
    } else if (!leadsTo(master.address())) {
      straysAsReplica();
    }
    if (!saysMaster() && moving()) {
      progress();
    }
  }

  private boolean leadsTo(SentinelAddress address) {
    return number("master_port", 0) == address.port()
        && sentinel().resolvesTo(info("master_host"), address);
  }

  /** Promoted as it was to be; or it is made a replica again, once that is sure. */
  private void straysAsMaster() {
    if (master.failover().promotes(this)) {
      master.failover().promotionSeen();
    } else if (master.looksSane() && notDownFor(SURE) && inRoleFor() > SURE) {
      follow(master);
      sentinel().log().event("+convert-to-slave", title());
    }
  }

  private void straysAsReplica() {
    long patience = settings().failoverNanos();
    boolean sure = now() - followedSince > patience && notDownFor(patience);
    if (sure && master.looksSane()) {
      follow(master);
      sentinel().log().event("+fix-slave-config", title());
    }
  }

  private void progress() {
    Optional<WatchedReplica> promoted = master.failover().promoted();
    if (move == Move.SENT && promoted.filter(to -> leadsTo(to.address())).isPresent()) {
      move = Move.IN_PROGRESS;
      sentinel().log().event("+slave-reconf-inprog", title());
    }
    if (move == Move.IN_PROGRESS && info("master_link_status").equals("up")) {
      move = Move.DONE;
      sentinel().log().event("+slave-reconf-done", title());
    }
  }
}
