package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A failover by one Sentinel: be elected, choose a replica, promote it, point the others at it. */
final class Failover {

  private enum State {
    NONE,
    WAIT_START,
    WAIT_PROMOTION,
    RECONF_SLAVES
  }

  /** SENTINEL_ELECTION_TIMEOUT. */
  private static final long ELECTION = 10 * SECOND;

  /** SENTINEL_MAX_DESYNC, in milliseconds. */
  private static final int DESYNC = 1000;

  private final Sentinel sentinel;
  private final WatchedMaster watched;
  private State state = State.NONE;
  private long startedAt = Long.MIN_VALUE / 2;
  private long epoch;
  private String votedFor = "";
  private long votedEpoch;
  private boolean forced;
  private @Nullable SentinelPeer promoted;

  Failover(Sentinel sentinel, WatchedMaster watched) {
    this.sentinel = sentinel;
    this.watched = watched;
  }

  boolean underWay() {
    return state != State.NONE;
  }

  private long now() {
    return watched.master().now();
  }

  void tick() {
    switch (state) {
      case NONE -> startIfNeeded();
      case WAIT_START -> awaitElection();
      case WAIT_PROMOTION -> awaitPromotion();
      case RECONF_SLAVES -> finish();
    }
  }

  private void startIfNeeded() {
    boolean late = now() - startedAt >= 2 * watched.settings().failoverNanos();
    if (watched.objectivelyDown() && late) {
      begin(false);
      sentinel.event("+try-failover", watched.name());
      watched.askOthers();
    }
  }

  private void begin(boolean byHand) {
    state = State.WAIT_START;
    forced = byHand;
    epoch = sentinel.nextEpoch();
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
    begin(true);
    return Resp.ok();
  }

  private void abort(String event) {
    sentinel.event(event, watched.name());
    state = State.NONE;
    promoted = null;
  }

  // ---- election

  /** sentinelVoteLeader: the first who asks in an epoch has the vote. */
  String vote(long requestedEpoch, String candidate) {
    sentinel.epochAtLeast(requestedEpoch);
    if (votedEpoch < requestedEpoch && sentinel.epoch() <= requestedEpoch) {
      votedFor = candidate;
      votedEpoch = sentinel.epoch();
      sentinel.event("+vote-for-leader", candidate + " " + votedEpoch);
      if (!candidate.equals(sentinel.runId())) {
        startedAt = now() + millis(sentinel.random().nextInt(DESYNC));
      }
    }
    return votedFor;
  }

  long votedEpoch() {
    return votedEpoch;
  }

  private void awaitElection() {
    if (forced || elected()) {
      sentinel.event("+elected-leader", watched.name());
      selectReplica();
    } else if (now() - startedAt > Math.min(ELECTION, watched.settings().failoverNanos())) {
      abort("-failover-abort-not-elected");
    }
  }

  private boolean elected() {
    Map<String, Integer> votes = new LinkedHashMap<>();
    for (WatchedMaster.OtherSentinel other : watched.sentinels()) {
      if (other.votedEpoch == epoch) {
        votes.merge(other.votedFor, 1, Integer::sum);
      }
    }
    String front =
        votes.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(sentinel.runId());
    votes.merge(vote(epoch, front), 1, Integer::sum);
    int voters = watched.sentinels().size() + 1;
    int mine = votes.getOrDefault(sentinel.runId(), 0);
    return mine >= voters / 2 + 1 && mine >= watched.settings().quorum();
  }

  // ---- promotion

  /** sentinelSelectSlave: reachable, asked lately, and with the most of the stream. */
  private Optional<SentinelPeer> choose() {
    long validity = watched.isDown(watched.master()) ? 5 * SECOND : 30 * SECOND;
    return watched.replicas().values().stream()
        .filter(peer -> !watched.isDown(peer) && peer.connected())
        .filter(peer -> peer.silence() <= 5 * SECOND && peer.infoAge() <= validity)
        .filter(peer -> peer.info("role").equals("slave"))
        .max(
            Comparator.comparingLong(Failover::offset)
                .thenComparing(peer -> peer.info("run_id"), Comparator.reverseOrder()));
  }

  private static long offset(SentinelPeer peer) {
    String text = peer.info("slave_repl_offset");
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  private void selectReplica() {
    Optional<SentinelPeer> chosen = choose();
    if (chosen.isEmpty()) {
      abort("-failover-abort-no-good-slave");
      return;
    }
    promoted = chosen.get();
    sentinel.event("+selected-slave", watched.replicaName(promoted.address()));
    promoted.ask(Resp.command("SLAVEOF", "NO", "ONE"), answer -> {});
    startedAt = now();
    state = State.WAIT_PROMOTION;
  }

  private void awaitPromotion() {
    if (promoted != null && promoted.info("role").equals("master")) {
      watched.configEpoch(epoch);
      sentinel.event("+promoted-slave", watched.replicaName(promoted.address()));
      redirectOthers(promoted);
      startedAt = now();
      state = State.RECONF_SLAVES;
    } else if (now() - startedAt > watched.settings().failoverNanos()) {
      abort("-failover-abort-slave-timeout");
    }
  }

  private void redirectOthers(SentinelPeer newMaster) {
    for (SentinelPeer replica : List.copyOf(watched.replicas().values())) {
      if (replica != newMaster && !watched.isDown(replica)) {
        replica.ask(WatchedMaster.slaveOf(newMaster.address()), answer -> {});
        sentinel.event("+slave-reconf-sent", watched.replicaName(replica.address()));
      }
    }
  }

  private void finish() {
    if (promoted != null) {
      sentinel.event("+failover-end", watched.name());
      watched.switchTo(promoted.address());
    }
    promoted = null;
    state = State.NONE;
  }
}
