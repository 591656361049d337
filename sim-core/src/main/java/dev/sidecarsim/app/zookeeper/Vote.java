package dev.sidecarsim.app.zookeeper;

/**
 * Whom a server wants, or has, as leader.
 *
 * @param leader the candidate's id
 * @param zxid the candidate's last transaction
 * @param round the election's number, ZooKeeper's logical clock
 * @param epoch the candidate's epoch
 * @param state of the server that gives the vote
 */
record Vote(long leader, long zxid, long round, long epoch, PeerState state) {

  /** The order of candidates: epoch, then transaction, then id. */
  boolean beats(Vote other) {
    if (epoch != other.epoch) {
      return epoch > other.epoch;
    }
    if (zxid != other.zxid) {
      return zxid > other.zxid;
    }
    return leader > other.leader;
  }

  /**
   * Whether two servers mean the same; for those that have a leader, transaction and round pass.
   */
  boolean agrees(Vote other) {
    boolean same = leader == other.leader && epoch == other.epoch;
    if (state == PeerState.LOOKING || other.state == PeerState.LOOKING) {
      return same && zxid == other.zxid && round == other.round;
    }
    return same;
  }

  /**
   * Whether two votes of one round mean the same: servers that have a leader need only agree on who
   * it is, since a leader that serves has gone on to its new epoch (ZOOKEEPER-1732, where the votes
   * of the round are kept without the version that makes epochs comparable).
   */
  boolean agreesInRound(Vote other) {
    boolean wish = state == PeerState.LOOKING || other.state == PeerState.LOOKING;
    return wish ? agrees(other) : leader == other.leader;
  }

  Vote in(PeerState newState) {
    return new Vote(leader, zxid, round, epoch, newState);
  }

  Vote withRound(long newRound) {
    return new Vote(leader, zxid, newRound, epoch, state);
  }

  Vote withEpoch(long newEpoch) {
    return new Vote(leader, zxid, round, newEpoch, state);
  }
}
