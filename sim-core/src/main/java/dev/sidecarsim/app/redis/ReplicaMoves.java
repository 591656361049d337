package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

/** How the other replicas of a master that failed come to follow the one that is promoted. */
final class ReplicaMoves {

  /** sentinel_slave_reconf_timeout. */
  private static final long TIMEOUT = 10 * SECOND;

  private final Sentinel sentinel;
  private final WatchedMaster master;

  ReplicaMoves(Sentinel sentinel, WatchedMaster master) {
    this.sentinel = sentinel;
    this.master = master;
  }

  /** As many at a time as parallel-syncs says (sentinelFailoverReconfNextSlave). */
  void next(WatchedReplica promoted) {
    long moving = master.replicas().stream().filter(WatchedReplica::moving).count();
    for (WatchedReplica replica : master.replicas()) {
      boolean settled = replica == promoted || replica.move() == WatchedReplica.Move.DONE;
      if (moving < master.settings().parallelSyncs() && !settled) {
        giveUpOnLate(replica);
        if (replica.move() == WatchedReplica.Move.NONE && replica.link().whole()) {
          send(replica, promoted, "+slave-reconf-sent");
          moving++;
        }
      }
    }
  }

  private void giveUpOnLate(WatchedReplica replica) {
    if (replica.move() == WatchedReplica.Move.SENT && replica.movingFor() > TIMEOUT) {
      sentinel.log().event("-slave-reconf-sent-timeout", replica.title());
      replica.doneMoving();
    }
  }

  private void send(WatchedReplica replica, WatchedReplica promoted, String event) {
    replica.moveTo(promoted);
    sentinel.log().event(event, replica.title());
  }

  /** Whether all follow that are within reach. */
  boolean done(WatchedReplica promoted) {
    return master.replicas().stream()
        .filter(replica -> replica != promoted && !replica.down())
        .allMatch(replica -> replica.move() == WatchedReplica.Move.DONE);
  }

  /** Tells all that have not been told, since there is no more time. */
  void all(WatchedReplica promoted) {
    for (WatchedReplica replica : master.replicas()) {
      boolean told =
          replica.move() == WatchedReplica.Move.SENT || replica.move() == WatchedReplica.Move.DONE;
      if (replica != promoted && !told && replica.link().whole()) {
        send(replica, promoted, "+slave-reconf-sent-be");
      }
    }
  }
}
