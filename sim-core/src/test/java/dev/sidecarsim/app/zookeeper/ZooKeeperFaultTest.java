package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.Lab.Front.NONE;
import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ZooKeeperFaultTest {

  /** QuorumCnxManager.Listener: three tries a second apart, then exit code 14. */
  @Test
  void exitsWithCode14WhereItsNameGivesAnAddressThatIsNotItsOwn() {
    Simulation<Lab> run = Lab.start(1, nCopies(3, NONE));
    run.perform(lab -> lab.hosts.get(0).names.put("zk-0", "10.0.0.99"));
    run.runUntil(seconds(10));
    assertThat(run.world().hosts.get(0).exitCode).isEqualTo(14);
    assertThat(run.world().report().reasons()).contains("zk-0 is not running");
    assertThat(run.world().roles()).isIn("-FL", "-LF");
  }

  @Test
  void saysWhichAddressItCannotBind() {
    Simulation<Lab> run = Lab.start(1, nCopies(3, NONE));
    run.perform(lab -> lab.hosts.get(0).names.remove("zk-0"));
    Lab.runUntil(run, 10, lab -> !lab.report().reasons().isEmpty() && looks(lab, 0));
    assertThat(run.world().report().reasons())
        .contains("zk-0 cannot bind its election port 3888: no address for zk-0");
  }

  private static boolean looks(Lab lab, int ordinal) {
    return lab.report().reasons().stream()
        .anyMatch(reason -> reason.startsWith("zk-" + ordinal + " cannot"));
  }

  private static void call(Simulation<Lab> run, int from, int to, String hex, List<String> log) {
    run.perform(
        lab ->
            lab.hosts
                .get(from)
                .namespace
                .process("stranger", new SocketOwner(0, 0))
                .connect(
                    Dial.to(new Endpoint(lab.hosts.get(to).address(), 3888)),
                    new ConnectionHandler() {
                      @Override
                      public void onConnected(Connection connection) {
                        connection.send(Bytes.ofHex(hex));
                      }

                      @Override
                      public void onEof(Connection connection) {
                        log.add("closed");
                      }

                      @Override
                      public void onReset(Connection connection) {
                        log.add("closed");
                      }
                    }));
  }

  /** What a plaintext application makes of a TLS ClientHello. */
  @Test
  void closesACallThatSpeaksTls() {
    Simulation<Lab> run = Lab.start(1, nCopies(3, NONE));
    run.perform(lab -> lab.hosts.get(1).kill());
    run.perform(lab -> lab.hosts.get(2).kill());
    run.runUntil(seconds(10));
    List<String> log = new ArrayList<>();
    call(run, 1, 0, "1603010200010001fc0303aabbccddeeff00112233445566", log);
    run.runFor(millis(100));
    assertThat(log).containsExactly("closed");
    assertThat(run.world().report().reasons())
        .contains(
            "zk-0 was called on 3888 by 10.0.0.2 with bytes that are no ZooKeeper message"
                + " (16030102…), once");
  }

  /**
   * QuorumCnxManager.Listener: one thread accepts; a silent caller keeps the others out for
   * syncLimit ticks.
   */
  @Test
  void aSilentCallerKeepsOthersWaiting() {
    Simulation<Lab> run = Lab.start(1, nCopies(3, NONE));
    run.perform(lab -> lab.hosts.get(2).kill());
    run.perform(lab -> lab.hosts.get(1).kill());
    run.runUntil(seconds(10));
    List<String> silent = new ArrayList<>();
    List<String> garbage = new ArrayList<>();
    call(run, 1, 0, "ffff", silent);
    run.runFor(millis(10));
    call(run, 2, 0, "fffffffffffffff0", garbage);
    run.runFor(seconds(9));
    assertThat(garbage).isEmpty();
    run.runFor(seconds(2));
    assertThat(silent).containsExactly("closed");
    assertThat(garbage).containsExactly("closed");
  }

  private static Simulation<Lab> threeVotersAndAnObserver() {
    Simulation<Lab> run =
        Lab.start(
            1,
            nCopies(4, NONE),
            config ->
                config.server(new QuorumServer(4, "zk-3", 2888, 3888, true, Optional.empty())));
    run.runUntil(seconds(60));
    return run;
  }

  @Test
  void anObserverServesButDoesNotVote() {
    Simulation<Lab> run = threeVotersAndAnObserver();
    assertThat(run.world().roles()).isIn("FFLO", "FLFO");
    assertThat(run.world().report().members())
        .filteredOn(member -> member.pod().equals("zk-3"))
        .extracting(MemberStatus::state)
        .containsExactly("OBSERVING");
  }

  /**
   * FastLeaderElection.WorkerReceiver answers whoever has no vote with the current vote, which
   * while it looks is still the one of the election before.
   */
  @Test
  void anObserverThatAsksIsToldTheLastLeader() {
    Simulation<Lab> run = threeVotersAndAnObserver();
    int leader = run.world().roles().indexOf('L');
    int follower = run.world().roles().lastIndexOf('F');
    run.perform(lab -> lab.hosts.get(leader).kill());
    run.perform(lab -> lab.hosts.get(follower).kill());
    Lab.Host observer = run.world().hosts.get(3);
    observer.log.clear();
    run.runFor(seconds(10));
    String sender = "n.sid:" + (3 - leader - follower + 1) + ", n.state:LOOKING";
    assertThat(observer.log)
        .anyMatch(line -> line.contains(sender + ", n.leader:" + (leader + 1) + ","))
        .noneMatch(line -> line.contains(sender + ", n.leader:" + (3 - leader - follower + 1)));
  }

  /** QuorumHierarchical: a server of weight 0 never leads; groups count by their weight. */
  @Test
  void weightZeroNeverLeads() {
    Simulation<Lab> run =
        Lab.start(
            1,
            nCopies(3, NONE),
            config ->
                config.hierarchy(ImmutableMap.of(1L, 1L, 2L, 1L, 3L, 1L), ImmutableMap.of(3L, 0L)));
    run.runUntil(seconds(60));
    assertThat(run.world().roles()).isEqualTo("FLF");
  }

  @Test
  void aLeaderWithoutFollowersStopsServingWithinATick() {
    Simulation<Lab> run = Lab.start(1, nCopies(3, NONE));
    run.runUntil(seconds(60));
    int leader = run.world().roles().indexOf('L');
    run.perform(
        lab -> lab.hosts.stream().filter(host -> host.ordinal != leader).forEach(Lab.Host::kill));
    run.runFor(millis(2100));
    assertThat(run.world().report().formed()).isFalse();
    assertThat(run.world().roles()).isEqualTo("---");
    run.perform(lab -> lab.hosts.get((leader + 1) % 3).start());
    run.runFor(seconds(4));
    assertThat(run.world().report().formed()).isTrue();
  }

  @Test
  void aRestartedServerServesSoon() {
    Simulation<Lab> run = Lab.start(1, nCopies(3, NONE));
    run.runUntil(seconds(60));
    int follower = run.world().roles().indexOf('F');
    run.perform(lab -> lab.hosts.get(follower).kill());
    run.runFor(seconds(5));
    run.perform(lab -> lab.hosts.get(follower).start());
    run.runFor(millis(2000));
    assertThat(run.world().report().members()).allMatch(MemberStatus::serving);
  }
}
