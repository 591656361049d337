package dev.sidecarsim.app.zookeeper;

/**
 * How far a leader has come. Some phases wait initLimit for a quorum, and give up (Leader.java).
 */
enum LeaderPhase {
  BINDING(""),
  EPOCH("Timeout while waiting for epoch from quorum"),
  EPOCH_ACKS("Timeout while waiting for epoch to be acked by quorum"),
  NEW_LEADER_ACKS("Timeout while waiting for NEWLEADER to be acked by quorum"),
  STARTING(""),
  SERVING("");

  private final String timeout;

  LeaderPhase(String timeout) {
    this.timeout = timeout;
  }

  boolean waits() {
    return !timeout.isEmpty();
  }

  /** Why it gives up, in the words of the real leader. */
  String timeout() {
    return timeout;
  }

  boolean before(LeaderPhase other) {
    return compareTo(other) < 0;
  }
}
