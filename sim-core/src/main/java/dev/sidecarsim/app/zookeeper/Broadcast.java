package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;

import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.host.Process;
import java.util.Set;

/** The leader's transactions, on their way to all of its learners and back. */
final class Broadcast implements Proposals.Voters {

  private final QuorumPeer peer;
  private final Leader leader;
  private final Proposals proposals;

  Broadcast(QuorumPeer peer, Leader leader) {
    this.peer = peer;
    this.leader = leader;
    this.proposals = new Proposals(new Place(), this, tracker(peer.process(), peer.config()));
  }

  static SessionTracker tracker(Process process, ZooKeeperConfig config) {
    return new SessionTracker(process.namespace().scheduler()::now, millis(config.tickMillis()));
  }

  Proposals proposals() {
    return proposals;
  }

  @Override
  public void propose(Txn txn) {
    leader.forEachFollower(learner -> learner.propose(txn));
  }

  @Override
  public boolean enough(Set<Long> sids) {
    return peer.verifier().containsQuorum(sids);
  }

  @Override
  public void commit(Txn txn) {
    leader.forEachFollower(learner -> learner.commit(txn));
  }

  private final class Place implements Proposals.Site {
    @Override
    public Database database() {
      return peer.database();
    }

    @Override
    public ServerLog log() {
      return peer.log();
    }

    @Override
    public long myId() {
      return peer.config().myId();
    }

    @Override
    public void after(long nanos, Runnable action) {
      leader.after(nanos, action);
    }

    @Override
    public long writeTime() {
      return peer.delays().writeEpoch();
    }
  }
}
