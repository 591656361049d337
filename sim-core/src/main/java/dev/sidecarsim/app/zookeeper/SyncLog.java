package dev.sidecarsim.app.zookeeper;

import java.util.Locale;

/** What a server logs on its way from the election to service, in the words of 3.7.0. */
final class SyncLog {

  /** How far the protocol between leader and learners has come, as QuorumPeer.ZabState. */
  enum Phase {
    DISCOVERY,
    SYNCHRONIZATION,
    BROADCAST
  }

  private static final String SYNC_MODE = "QuorumPeer@920";

  private final ServerLog log;

  SyncLog(ServerLog log) {
    this.log = log;
  }

  private void state(String place, PeerState state, Phase phase, String mode) {
    String text = state.name() + " - " + phase.name() + mode;
    log.peer(LogLevel.INFO, place, () -> "Peer state changed: " + text.toLowerCase(Locale.ROOT));
  }

  void phase(PeerState state, Phase phase) {
    state("QuorumPeer@915", state, phase, "");
  }

  void nothingMissing(PeerState state, long zxid) {
    log.peer(
        LogLevel.INFO,
        "Learner@562",
        () -> "Getting a diff from the leader 0x" + Long.toHexString(zxid));
    state(SYNC_MODE, state, Phase.SYNCHRONIZATION, " - diff");
  }

  void snapshot(PeerState state, long zxid) {
    state(SYNC_MODE, state, Phase.SYNCHRONIZATION, " - snap");
    log.peer(
        LogLevel.INFO,
        "Learner@573",
        () -> "Getting a snapshot from leader 0x" + Long.toHexString(zxid));
  }

  void newLeader() {
    log.peer(LogLevel.INFO, "Learner@734", () -> "Learner received NEWLEADER message");
  }

  void synchronised(PeerState state) {
    state(SYNC_MODE, state, Phase.SYNCHRONIZATION, "");
  }

  /** A follower's first proposal is never the one that it expects. */
  void unexpectedZxid(long zxid, long expected) {
    log.peer(
        LogLevel.WARN,
        "Follower@172",
        () -> "Got zxid 0x%x expected 0x%x".formatted(zxid, expected));
  }

  void upToDate() {
    log.peer(LogLevel.INFO, "Learner@718", () -> "Learner received UPTODATE message");
  }
}
