package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.Lab.Front.LOOPBACK;
import static dev.sidecarsim.app.zookeeper.Lab.Front.NONE;
import static dev.sidecarsim.app.zookeeper.Lab.Front.POD;
import static dev.sidecarsim.time.Durations.seconds;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.sim.Simulation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What servers log; the lines are those of real 3.7.0 servers in the same situations. */
class ZooKeeperLogTest {

  private static final String QUORUM_PEER =
      "\\[QuorumPeer\\[myid=%d]\\(plain=0\\.0\\.0\\.0:2181\\)\\(secure=disabled\\):";

  private static Simulation<Lab> run(Lab.Front front, LogLevel level, String release) {
    Simulation<Lab> run =
        Lab.start(
            1,
            nCopies(3, front),
            config -> config.logLevel(level).release(ZooKeeperRelease.of(release)));
    run.runUntil(seconds(20));
    return run;
  }

  private static List<String> log(Simulation<Lab> run, int ordinal) {
    return run.world().hosts.get(ordinal).log;
  }

  private static String peer(int id, String place) {
    return QUORUM_PEER.formatted(id) + place + "] - ";
  }

  @Test
  void aLineHasSimulatedTimeIdLevelThreadAndPlace() {
    assertThat(log(run(NONE, LogLevel.INFO, "3.7.0"), 0))
        .anyMatch(
            line ->
                line.matches(
                    "1970-01-01 00:00:0[123],\\d{3} \\[myid:1] - INFO  \\[main:QuorumPeerMain@152] -"
                        + " Starting quorum peer, myid=1"))
        .first()
        .asString()
        .endsWith(
            " [myid:] - INFO  [main:QuorumPeerConfig@444] - clientPortAddress is 0.0.0.0:2181");
  }

  @Test
  void theLargerIdSeesTheLinkBreakBehindALoopbackProxy() {
    List<String> log = log(run(LOOPBACK, LogLevel.INFO, "3.7.0"), 2);

    int broken = index(log, "RecvWorker:1:QuorumCnxManager$RecvWorker@1397");
    assertThat(log.get(broken)).endsWith(" - Connection broken for id 1, my id = 3");
    assertThat(log.subList(broken + 1, broken + 6))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("java.io.EOFException"),
            line ->
                assertThat(line)
                    .endsWith("Interrupting SendWorker thread from RecvWorker. sid: 1. myId: 3"),
            line -> assertThat(line).endsWith("Interrupted while waiting for message on queue"),
            line -> assertThat(line).isEqualTo("java.lang.InterruptedException"),
            line -> assertThat(line).endsWith("Send worker leaving thread id 1 my id = 3"));
  }

  private static int index(List<String> log, String part) {
    for (int i = 0; i < log.size(); i++) {
      if (log.get(i).contains(part)) {
        return i;
      }
    }
    throw new AssertionError(part + " is not in " + log);
  }

  @Test
  void theSmallestIdSeesNothingWrongThere() {
    assertThat(log(run(LOOPBACK, LogLevel.INFO, "3.7.0"), 0))
        .anyMatch(
            line ->
                line.endsWith(
                    "Have smaller server identifier, so dropping the connection: (myId:1 -->"
                        + " sid:3)"))
        .anyMatch(line -> line.endsWith("Notification time out: 400"))
        .filteredOn(line -> line.contains("WARN"))
        .singleElement()
        .asString()
        .endsWith(
            "[main:ServerCnxnFactory@309] - maxCnxns is not configured, using default value 0.");
  }

  @Test
  void theStepsToAServingEnsembleAreLogged() {
    Simulation<Lab> run = run(POD, LogLevel.INFO, "3.7.0");
    int leader = run.world().roles().indexOf('L');
    int follower = (leader + 1) % 3;

    assertThat(log(run, leader))
        .anyMatch(
            line -> line.matches(".* INFO  " + peer(leader + 1, "QuorumPeer@1430") + "LOOKING"))
        .anyMatch(
            line -> line.matches(".* INFO  " + peer(leader + 1, "QuorumPeer@1524") + "LEADING"))
        .anyMatch(line -> line.matches(".*LEADING - LEADER ELECTION TOOK - \\d+ MS"))
        .anyMatch(line -> line.matches(".*Received connection request from /127\\.0\\.0\\.6:\\d+"))
        .anyMatch(
            line ->
                line.matches(
                    ".*Have quorum of supporters, sids: \\[\\[\\d, \\d]]; starting up and setting"
                        + " last processed zxid: 0x100000000"));
    assertThat(log(run, follower))
        .anyMatch(line -> line.matches(".*" + peer(follower + 1, "QuorumPeer@1512") + "FOLLOWING"))
        .anyMatch(
            line -> line.contains("Successfully connected to leader, using address: zk-" + leader));
  }

  /** The order of a real follower's and a real leader's lines. */
  @Test
  void whatLeaderAndLearnerComeThroughIsLogged() {
    Simulation<Lab> run = run(NONE, LogLevel.INFO, "3.7.0");
    int leader = run.world().roles().indexOf('L');
    run.perform(lab -> lab.hosts.get((leader + 1) % 3).kill());
    run.runFor(seconds(2));
    log(run, (leader + 1) % 3).clear();
    run.perform(lab -> lab.hosts.get((leader + 1) % 3).start());
    run.runFor(seconds(5));

    assertThat(progress(log(run, leader)))
        .containsExactly(
            "Peer state changed: leading",
            "Peer state changed: leading - discovery",
            "Peer state changed: leading - synchronization",
            "Peer state changed: leading - broadcast");
    assertThat(progress(log(run, (leader + 1) % 3)))
        .containsExactly(
            "Peer state changed: following",
            "Peer state changed: following - discovery",
            "Peer state changed: following - synchronization",
            "Peer state changed: following - synchronization - snap",
            "Getting a snapshot from leader 0x100000000",
            "Learner received NEWLEADER message",
            "Peer state changed: following - synchronization",
            "Learner received UPTODATE message",
            "Peer state changed: following - broadcast");
  }

  private static List<String> progress(List<String> log) {
    return log.stream()
        .map(line -> line.substring(line.indexOf("] - ", line.indexOf('@') + 1) + 4))
        .filter(text -> text.matches("(Peer state changed|Getting|Learner received).*"))
        .toList();
  }

  /** What a real leader's log has, and a real follower's, when the other one is killed. */
  @Test
  void bothSidesTellOfALostConnection() {
    Simulation<Lab> run = run(NONE, LogLevel.WARN, "3.7.0");
    int leader = run.world().roles().indexOf('L');
    int first = (leader + 1) % 3;
    int second = (leader + 2) % 3;
    log(run, leader).clear();
    run.perform(lab -> lab.hosts.get(first).kill());
    run.runFor(seconds(1));

    assertThat(texts(log(run, leader)))
        .contains(
            "ERROR LearnerHandler@715 Unexpected exception in LearnerHandler: ",
            "WARN LearnerHandler@731 ******* GOODBYE /10.0.0." + (first + 1) + ":N ********");

    log(run, second).clear();
    run.perform(lab -> lab.hosts.get(leader).kill());
    run.runFor(seconds(1));
    assertThat(texts(log(run, second)))
        .containsSubsequence(
            "WARN Follower@131 Exception when following the leader",
            "WARN QuorumPeer@1560 PeerState set to LOOKING");
  }

  /** The order of a real leader's lines. */
  @Test
  void aLeaderWithoutFollowersShutsDownInDueForm() {
    Simulation<Lab> run = run(NONE, LogLevel.INFO, "3.7.0");
    int leader = run.world().roles().indexOf('L');
    run.perform(lab -> lab.hosts.get((leader + 1) % 3).kill());
    run.perform(lab -> lab.hosts.get((leader + 2) % 3).kill());
    run.runFor(seconds(10));

    assertThat(texts(log(run, leader)))
        .containsSubsequence(
            "INFO Leader@789 Shutting down",
            "INFO Leader@795 Shutdown called. For the reason Not sufficient followers synced, only"
                + " synced with sids: [ ["
                + (leader + 1)
                + "] ]",
            "INFO ZooKeeperServer@829 shutting down",
            "INFO FinalRequestProcessor@684 shutdown of request processor complete",
            "WARN Leader$LearnerCnxAcceptor$LearnerCnxAcceptorHandler@526 Exception while shutting"
                + " down acceptor.",
            "INFO QuorumPeer@915 Peer state changed: looking",
            "WARN QuorumPeer@1560 PeerState set to LOOKING",
            "INFO QuorumPeer@1430 LOOKING");
  }

  /** Level, place and text of each message. */
  private static List<String> texts(List<String> log) {
    return log.stream()
        .filter(line -> line.startsWith("1970"))
        .map(
            line ->
                line.replaceFirst(".* - (\\w+) +\\[.*?:([\\w$]+@[\\d?]+)] - ", "$1 $2 ")
                    .replaceFirst("(GOODBYE /[\\d.]+:)\\d+", "$1N"))
        .toList();
  }

  @Test
  void refusalsAreSeenWithoutAProxy() {
    Simulation<Lab> run = Lab.start(1, nCopies(3, NONE));
    run.perform(lab -> lab.hosts.get(0).kill());
    run.runUntil(seconds(20));
    List<String> log = log(run, 2);

    int line = index(log, "Cannot open channel to 1 at election address zk-0/10.0.0.1:3888");
    assertThat(log.get(line)).contains(" WARN  [QuorumConnectionThread-[myid=3]-1:");
    assertThat(log.get(line + 1)).isEqualTo("java.net.ConnectException: Connection refused");
  }

  @Test
  void aServerThatCannotBindSaysSoThreeTimesAndLeaves() {
    Simulation<Lab> run =
        Lab.start(1, nCopies(3, NONE), config -> config.release(ZooKeeperRelease.of("3.7.0")));
    run.perform(lab -> lab.hosts.get(0).names.put("zk-0", "10.0.0.99"));
    run.runUntil(seconds(10));

    assertThat(log(run, 0))
        .filteredOn(line -> line.endsWith("Exception while listening"))
        .hasSize(3);
    assertThat(log(run, 0))
        .contains("java.net.BindException: Cannot assign requested address (Bind failed)");
    assertThat(texts(log(run, 0)))
        .endsWith(
            "ERROR QuorumCnxManager$Listener$ListenerHandler@1113 Leaving listener thread for"
                + " address 10.0.0.99:3888 after 3 errors. Use zookeeper.electionPortBindRetry"
                + " property to increase retry count.",
            "INFO QuorumCnxManager$Listener@980 Leaving listener",
            "ERROR QuorumCnxManager$Listener@982 As I'm leaving the listener thread, I won't be"
                + " able to participate in leader election any longer: 10.0.0.99:3888",
            "ERROR ServiceUtils@42 Exiting JVM with code 14");
  }

  /** electionPortBindRetry=0, with which a real server tries for ever. */
  @Test
  void aServerMayTryToBindForEver() {
    Simulation<Lab> run =
        Lab.start(
            1,
            nCopies(3, NONE),
            config ->
                config
                    .release(ZooKeeperRelease.of("3.7.0"))
                    .election(new ElectionSettings(0, 5000)));
    run.perform(lab -> lab.hosts.get(0).names.put("zk-0", "10.0.0.99"));
    run.runUntil(seconds(20));

    assertThat(log(run, 0))
        .anyMatch(line -> line.endsWith("Election port bind maximum retries is infinite"))
        .filteredOn(line -> line.endsWith("Exception while listening"))
        .hasSizeGreaterThan(10);
    assertThat(run.world().hosts.get(0).exitCode).isEqualTo(-1);
  }

  @Test
  void theLevelHoldsBackWhatIsBelowIt() {
    assertThat(log(run(LOOPBACK, LogLevel.ERROR, "3.7.0"), 2)).isEmpty();
    assertThat(log(run(LOOPBACK, LogLevel.WARN, "3.7.0"), 2))
        .isNotEmpty()
        .noneMatch(line -> line.contains(" INFO "));
    assertThat(LogLevel.of("INFO,CONSOLE")).isEqualTo(LogLevel.INFO);
    assertThatThrownBy(() -> LogLevel.of("loud"))
        .hasMessage("'loud' is no log level; give TRACE, DEBUG, INFO, WARN, ERROR or OFF");
  }

  @Test
  void whereAnotherReleaseHasALineIsNotKnown() {
    assertThat(log(run(NONE, LogLevel.INFO, "3.8.0"), 0))
        .first()
        .asString()
        .endsWith("[main:QuorumPeerConfig@?] - clientPortAddress is 0.0.0.0:2181");
  }
}
