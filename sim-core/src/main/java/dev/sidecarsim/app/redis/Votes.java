package dev.sidecarsim.app.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Whom Sentinels elect to fail a master over: one vote each in an epoch, to the first who asks. */
final class Votes {

  /**
   * What a Sentinel answers who is asked for its vote.
   *
   * @param candidate for whom it has voted; empty if it never has
   */
  record Vote(Optional<String> candidate, long epoch) {}

  private final Sentinel sentinel;
  private final WatchedMaster master;
  private final Runnable votedForOther;
  private Optional<String> candidate = Optional.empty();
  private long epoch;

  /**
   * @param votedForOther is told when the own vote has gone to another Sentinel
   */
  Votes(Sentinel sentinel, WatchedMaster master, Runnable votedForOther) {
    this.sentinel = sentinel;
    this.master = master;
    this.votedForOther = votedForOther;
  }

  void reset() {
    candidate = Optional.empty();
  }

  /** sentinelVoteLeader. */
  Vote vote(long requestedEpoch, String requester) {
    sentinel.epochAtLeast(requestedEpoch);
    if (epoch < requestedEpoch && sentinel.epoch() <= requestedEpoch) {
      candidate = Optional.of(requester);
      epoch = sentinel.epoch();
      sentinel.log().saved();
      sentinel.log().event("+vote-for-leader", requester + " " + epoch);
      if (!requester.equals(sentinel.runId())) {
        votedForOther.run();
      }
    }
    return new Vote(candidate, epoch);
  }

  /** Who has the votes of most Sentinels, and of a quorum, in an epoch (sentinelGetLeader). */
  Optional<String> leader(long inEpoch) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (OtherSentinel other : master.sentinels()) {
      other
          .votedFor()
          .filter(voted -> other.votedEpoch() == sentinel.epoch())
          .ifPresent(voted -> counts.merge(voted, 1, Integer::sum));
    }
    Vote own = vote(inEpoch, front(counts).orElse(sentinel.runId()));
    own.candidate()
        .filter(voted -> own.epoch() == inEpoch)
        .ifPresent(voted -> counts.merge(voted, 1, Integer::sum));
    int majority = (master.sentinels().size() + 1) / 2 + 1;
    int needed = Math.max(majority, master.settings().quorum());
    return front(counts).filter(winner -> counts.getOrDefault(winner, 0) >= needed);
  }

  private static Optional<String> front(Map<String, Integer> counts) {
    return counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }
}
