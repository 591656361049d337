package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.MILLISECOND;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * How long a server's own work takes: the only thing about it that is drawn by chance.
 *
 * <p>The spans were chosen so that runs without a proxy take the times that real servers took on
 * one machine of two cores: first quorum 2.6 to 4.5 s after a cold start, 1.0 to 1.5 s until a
 * restarted server serves again, 0.44 to 0.59 s until a killed leader is replaced. From the
 * election's end a server that leads or follows for the first time took 6 to 98 ms to bind and 8 to
 * 104 ms to dial, later on 1 to 11 and 1 to 26 ms (bind(2) and connect(2) of 3.7.0, timed in 35
 * cold starts and 19 kills). What a race ends in is left to the protocol.
 */
final class Delays {

  /** Work whose first time in a JVM is slower, since classes are loaded and code is interpreted. */
  enum Warming {
    LEAD,
    FOLLOW,
    SERVE_LEADING,
    SERVE_FOLLOWING
  }

  private final Random random;
  private final boolean coldStart;
  private final Set<Warming> warm = EnumSet.noneOf(Warming.class);

  /**
   * @param coldStart whether the files of JVM and server are read from disk for the first time
   */
  Delays(Random random, boolean coldStart) {
    this.random = random;
    this.coldStart = coldStart;
  }

  /** From exec(2) to the client port: JVM start, configuration, empty data. */
  long boot() {
    return coldStart ? between(2000, 2600) : between(500, 800);
  }

  /** From the client port to the election port: the admin server's start lies in between. */
  long electionPort() {
    return coldStart ? between(150, 300) : between(60, 150);
  }

  /** From the election's end to the bind of the leader's port. */
  long bindQuorumPort() {
    return warm.add(Warming.LEAD) ? between(8, 90) : between(2, 18);
  }

  /** From the election's end to the call of the leader. */
  long dialLeader() {
    return warm.add(Warming.FOLLOW) ? between(10, 95) : between(3, 22);
  }

  /** Writing an epoch to disk, with fsync. */
  long writeEpoch() {
    return between(3, 15);
  }

  /** From the last acknowledgement, or UPTODATE, to a server that answers clients. */
  long startService(Warming role) {
    return warm.add(role) ? between(60, 120) : between(15, 50);
  }

  /**
   * From a lost peer to the next election: closing sockets, and where it served, stopping the
   * request processors.
   */
  long stepDown(boolean served) {
    return served ? between(70, 76) : between(1, 8);
  }

  /**
   * A notification's way through the threads and queues of both ends: mostly a few milliseconds,
   * now and then some tens (0 to 32 ms, 5 in the mean, from a server to itself).
   */
  long handOver() {
    double waits = -Math.log1p(-random.nextDouble());
    return MILLISECOND + (long) (Math.min(waits, 8) * 4 * MILLISECOND);
  }

  /**
   * How much later than it asked for a thread goes on after a wait. Two servers that wait equally
   * long for each other are told apart by nothing else.
   */
  long oversleep() {
    return between(0, 1);
  }

  /** An observer lets the voters settle it first: up to zookeeper.observer.electionDelayMs. */
  long observerPause() {
    return between(0, 200);
  }

  private long between(int fromMillis, int toMillis) {
    return fromMillis * MILLISECOND
        + (long) (random.nextDouble() * (toMillis - fromMillis) * MILLISECOND);
  }
}
