package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a leader does while it serves: pings twice a tick, and counts its learners once a tick. */
final class Heartbeat {

  private final QuorumPeer peer;
  private final Leader leader;
  private final Collection<LearnerHandler> learners;
  private long tick;
  private boolean halfTick = true;

  /**
   * @param learners those that are connected, as they come and go
   */
  Heartbeat(QuorumPeer peer, Leader leader, Collection<LearnerHandler> learners) {
    this.peer = peer;
    this.leader = leader;
    this.learners = learners;
  }

  void start() {
    leader.after(millis(peer.config().tickMillis()) / 2, this::beat);
  }

  private void beat() {
    if (!halfTick) {
      tick++;
      Set<Long> there = synced(peer.config()::voter);
      there.add(peer.config().myId());
      if (!peer.verifier().containsQuorum(there)) {
        leader.giveUp("Not sufficient followers synced, only synced with sids: [ " + there + " ]");
        return;
      }
    }
    halfTick = !halfTick;
    learners.forEach(LearnerHandler::ping);
    start();
  }

  /** Ticks of service. */
  long tick() {
    return tick;
  }

  FourLetterWords.Learners counted() {
    return new FourLetterWords.Learners(
        synced(peer.config()::voter).size(),
        synced(sid -> !peer.config().voter(sid)).size(),
        peer.config().voters().size());
  }

  private Set<Long> synced(Predicate<Long> which) {
    return learners.stream()
        .filter(learner -> learner.synced(tick))
        .map(LearnerHandler::sid)
        .filter(which)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
