package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import dev.sidecarsim.app.LogTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failover by one Sentinel: be elected, choose a replica, promote it, point the others at it; one
 * step a tick.
 */
final class Failover {

  private enum State {
    NONE,
    WAIT_START,
    SELECT_SLAVE,
    SEND_SLAVEOF_NOONE,
    WAIT_PROMOTION,
    RECONF_SLAVES,
    UPDATE_CONFIG
  }

  /** SENTINEL_ELECTION_TIMEOUT. */
  private static final long ELECTION = 10 * SECOND;

  /** SENTINEL_MAX_DESYNC, in milliseconds. */
  private static final int DESYNC = 1000;

  /** ctime(3). */
  private static final DateTimeFormatter CTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

  private final Sentinel sentinel;
  private final WatchedMaster master;
  private final Votes votes;
  private final ReplicaMoves moves;
  private State state = State.NONE;
  private long startedAt = WatchedInstance.NEVER;
  private long delayTold = WatchedInstance.NEVER;
  private long changedAt;
  private long epoch;
  private boolean forced;
  private @Nullable WatchedReplica promoted;

  Failover(Sentinel sentinel, WatchedMaster master) {
    this.sentinel = sentinel;
    this.master = master;
    this.votes = new Votes(sentinel, master, this::delay);
    this.moves = new ReplicaMoves(sentinel, master);
  }

  boolean underWay() {
    return state != State.NONE;
  }

  /** The state as SENTINEL MASTERS has it. */
  String word() {
    return state.name().toLowerCase(Locale.ROOT);
  }

  boolean forced() {
    return forced;
  }

  Votes votes() {
    return votes;
  }

  Optional<WatchedReplica> promoted() {
    return Optional.ofNullable(promoted);
  }

  /** Whether the promoted replica has said that it is a master. */
  boolean redirects() {
    return state.compareTo(State.RECONF_SLAVES) >= 0;
  }

  boolean promotes(WatchedReplica replica) {
    return state == State.WAIT_PROMOTION && replica == promoted;
  }

  /** All is as if nothing had been tried. */
  void reset() {
    go(State.NONE);
    startedAt = WatchedInstance.NEVER;
    promoted = null;
    forced = false;
    votes.reset();
  }

  private long now() {
    return sentinel.now();
  }

  private void go(State next) {
    state = next;
    changedAt = now();
  }

  private boolean timedOut() {
    return now() - changedAt > master.settings().failoverNanos();
  }

  // ---- the beginning

  /** Starts one if the master is down for enough Sentinels, and none was tried of late. */
  boolean startIfNeeded() {
    if (!master.objectivelyDown() || underWay()) {
      return false;
    }
    long patience = 2 * master.settings().failoverNanos();
    if (now() - startedAt < patience) {
      tellDelay(startedAt + patience);
      return false;
    }
    begin();
    return true;
  }

  private void tellDelay(long until) {
    if (delayTold != startedAt) {
      delayTold = startedAt;
      sentinel
          .log()
          .tell(
              "Next failover delay: I will not start a failover before "
                  + LogTime.text(until, CTIME));
    }
  }

  private void begin() {
    go(State.WAIT_START);
    epoch = sentinel.nextEpoch();
    sentinel.log().event("+try-failover", master.title());
    delay();
  }

  /** Keeps this Sentinel from starting a failover of the same master soon after. */
  private void delay() {
    startedAt = now() + millis(sentinel.random().nextInt(DESYNC));
  }

  /** SENTINEL FAILOVER: without an election; what it answers. */
  Resp byHand() {
    if (underWay()) {
      return Resp.error("INPROG Failover already in progress");
    }
    if (choose().isEmpty()) {
      return Resp.error("NOGOODSLAVE No suitable replica to promote");
    }
    sentinel.log().tell("Executing user requested FAILOVER of '" + master.name() + "'");
    begin();
    forced = true;
    return Resp.ok();
  }

  private void abort(String event) {
    sentinel.log().event(event, master.title());
    go(State.NONE);
    forced = false;
    promoted = null;
  }

  // ---- step by step

  void tick() {
    switch (state) {
      case WAIT_START -> awaitElection();
      case SELECT_SLAVE -> select();
      case SEND_SLAVEOF_NOONE -> promote();
      case WAIT_PROMOTION -> abortIfTimedOut();
      case RECONF_SLAVES -> redirectOthers();
      default -> {
        // Nothing is under way, or the switch is due.
      }
    }
  }

  private void awaitElection() {
    boolean elected = votes.leader(epoch).filter(sentinel.runId()::equals).isPresent();
    if (elected || forced) {
      sentinel.log().event("+elected-leader", master.title());
      go(State.SELECT_SLAVE);
      sentinel.log().event("+failover-state-select-slave", master.title());
    } else if (now() - startedAt > Math.min(ELECTION, master.settings().failoverNanos())) {
      abort("-failover-abort-not-elected");
    }
  }

  private void select() {
    Optional<WatchedReplica> chosen = choose();
    if (chosen.isEmpty()) {
      abort("-failover-abort-no-good-slave");
      return;
    }
    promoted = chosen.get();
    sentinel.log().event("+selected-slave", promoted.title());
    go(State.SEND_SLAVEOF_NOONE);
    sentinel.log().event("+failover-state-send-slaveof-noone", promoted.title());
  }

  /** sentinelSelectSlave: reachable, asked lately, of the least priority number and most data. */
  private Optional<WatchedReplica> choose() {
    long infoAge = master.down() ? 5 * SentinelLink.PING_PERIOD : 3 * WatchedServer.INFO_PERIOD;
    long linkDown = master.downFor() + 10 * master.settings().downAfterNanos();
    return master.replicas().stream()
        .filter(each -> !each.down() && each.link().whole() && each.priority() != 0)
        .filter(each -> each.link().sinceAvailable() <= 5 * SentinelLink.PING_PERIOD)
        .filter(each -> each.sinceInfo() <= infoAge && each.masterLinkDown() <= linkDown)
        .min(
            Comparator.comparingLong(WatchedReplica::priority)
                .thenComparing(Comparator.comparingLong(WatchedReplica::offset).reversed())
                .thenComparing(WatchedReplica::runId));
  }

  private void promote() {
    WatchedReplica chosen = promoted().orElseThrow();
    if (!chosen.link().whole()) {
      abortIfTimedOut();
      return;
    }
    chosen.reconfigure("NO", "ONE");
    sentinel.log().event("+failover-state-wait-promotion", chosen.title());
    go(State.WAIT_PROMOTION);
  }

  private void abortIfTimedOut() {
    if (timedOut()) {
      abort("-failover-abort-slave-timeout");
    }
  }

  /** The promoted replica has said that it is a master: the others are to know at once. */
  void promotionSeen() {
    WatchedReplica chosen = promoted().orElseThrow();
    master.configEpoch(epoch);
    go(State.RECONF_SLAVES);
    sentinel.log().saved();
    sentinel.log().event("+promoted-slave", chosen.title());
    sentinel.log().event("+failover-state-reconf-slaves", master.title());
    master.greetAllSoon();
  }

  /** The others follow one after the other; the end is when all do, or when it takes too long. */
  private void redirectOthers() {
    WatchedReplica chosen = promoted().orElseThrow();
    moves.next(chosen);
    if (chosen.down()) {
      return;
    }
    boolean late = timedOut();
    if (late) {
      sentinel.log().event("+failover-end-for-timeout", master.title());
    }
    if (late || moves.done(chosen)) {
      sentinel.log().event("+failover-end", master.title());
      go(State.UPDATE_CONFIG);
    }
    if (late) {
      moves.all(chosen);
    }
  }

  /** The last step, once everybody has had its tick. */
  void switchIfDone() {
    if (state == State.UPDATE_CONFIG) {
      master.switchTo(promoted().orElseThrow().address());
    }
  }
}
