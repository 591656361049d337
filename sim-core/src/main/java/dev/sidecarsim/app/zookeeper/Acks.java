package dev.sidecarsim.app.zookeeper;

import java.util.Set;
import java.util.TreeSet;

/** Which voters have said something to their leader, the leader itself included. */
final class Acks {

  private final QuorumPeer peer;
  private final Set<Long> sids = new TreeSet<>();

  Acks(QuorumPeer peer) {
    this.peer = peer;
  }

  /** What observers say does not count. */
  void add(long sid) {
    if (peer.config().voter(sid)) {
      sids.add(sid);
    }
  }

  /** Whether the leader is among them, and they are enough. */
  boolean enough() {
    return sids.contains(peer.config().myId()) && peer.verifier().containsQuorum(sids);
  }

  Set<Long> sids() {
    return sids;
  }
}
