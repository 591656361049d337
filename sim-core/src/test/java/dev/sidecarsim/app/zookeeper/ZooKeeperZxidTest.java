package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.Lab.Front.NONE;
import static dev.sidecarsim.time.Durations.seconds;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.sim.Simulation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What real servers that nobody has written to say of their last transaction, and elect by it. */
class ZooKeeperZxidTest {

  private static final long FIRST_EPOCH = 0x100000000L;

  /** One in which both followers are there before the leader serves, and the largest id leads. */
  private static Simulation<Lab> led() {
    return IntStream.range(1, 20)
        .mapToObj(seed -> Lab.start(seed, nCopies(3, NONE)))
        .peek(run -> run.runUntil(seconds(20)))
        .filter(
            run -> run.world().roles().equals("FFL") && zxids(run).get(0) + zxids(run).get(1) == 0)
        .findFirst()
        .orElseThrow();
  }

  private static List<Long> zxids(Simulation<Lab> run) {
    return run.world().hosts.stream().map(host -> host.server.zxid()).toList();
  }

  private static void kill(Simulation<Lab> run, int ordinal) {
    run.perform(lab -> lab.hosts.get(ordinal).kill());
    run.runFor(seconds(5));
  }

  private static void start(Simulation<Lab> run, int ordinal) {
    run.perform(lab -> lab.hosts.get(ordinal).start());
    run.runFor(seconds(5));
  }

  /** Leader.startZkServer sets it; a learner that lacks nothing gets a DIFF, which does not. */
  @Test
  void theLeaderIsInTheNewEpochAndOneThatFormedItWithItIsNot() {
    for (int seed = 1; seed <= 20; seed++) {
      Simulation<Lab> run = Lab.start(seed, nCopies(3, NONE));
      run.runUntil(seconds(20));
      int leader = run.world().roles().indexOf('L');
      assertThat(zxids(run).get(leader)).isEqualTo(FIRST_EPOCH);
      assertThat(zxids(run)).contains(0L).allMatch(zxid -> zxid == 0 || zxid == FIRST_EPOCH);
    }
  }

  /** It gets a snapshot, and writes it to disk. */
  @Test
  void whoComesLaterTakesTheLeadersOver() {
    Simulation<Lab> run = led();
    kill(run, 0);
    start(run, 0);
    assertThat(zxids(run)).containsExactly(FIRST_EPOCH, 0L, FIRST_EPOCH);
    kill(run, 2);
    kill(run, 0);
    start(run, 0);
    assertThat(run.world().hosts.get(0).server.zxid()).isGreaterThanOrEqualTo(FIRST_EPOCH);
  }

  /** Of two that followed the same leader the larger id leads, but for a later transaction. */
  @Test
  void aSmallerIdThatCameLaterIsPreferred() {
    Simulation<Lab> run = led();
    kill(run, 2);
    assertThat(run.world().roles()).isEqualTo("FL-");

    run = led();
    kill(run, 0);
    start(run, 0);
    kill(run, 2);
    assertThat(run.world().roles()).isEqualTo("LF-");
  }

  /** Its memory is gone, and on disk is only what it had when it was elected. */
  @Test
  void aKilledLeaderComesBackWithNothing() {
    Simulation<Lab> run = led();
    kill(run, 2);
    kill(run, 1);
    kill(run, 0);
    run.perform(lab -> lab.hosts.get(2).start());
    run.runFor(seconds(5));
    assertThat(run.world().hosts.get(2).server.zxid()).isZero();
  }
}
