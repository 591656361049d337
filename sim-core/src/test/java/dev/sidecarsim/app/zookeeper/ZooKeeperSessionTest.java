package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.Lab.Front.NONE;
import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.zookeeper.client.Curator;
import dev.sidecarsim.app.zookeeper.client.LeaderSelector;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Read;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.Write;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients' sessions over an ensemble. A client that asks for 3 s gets two ticks, 4 s; its leader
 * looks for it at whole ticks (SessionTrackerImpl, ExpiryQueue).
 */
class ZooKeeperSessionTest {

  private static final int TICK = 2;
  private static final int SESSION = 2 * TICK;
  private static final String QUEUE = "/nifi/leaders/Primary Node";

  private final Simulation<Lab> run = led(1);
  private final List<String> states = new ArrayList<>();
  private final List<Process> clients = new ArrayList<>();

  /** The first of the seeds on that lets the largest id win the race for the lead. */
  private static Simulation<Lab> led(long seed) {
    Simulation<Lab> run = Lab.start(seed, nCopies(3, NONE));
    run.runUntil(seconds(20));
    return run.world().roles().equals("FFL") ? run : led(seed + 1);
  }

  /** A client of one server, or of all three. */
  private Curator client(int host, String servers) {
    Curator[] made = new Curator[1];
    run.perform(
        lab -> {
          Process process =
              lab.hosts.get(host).namespace.process("client " + host, SocketOwner.ROOT);
          clients.add(process);
          made[0] =
              new Curator(
                  process,
                  new Curator.Settings(servers, 3000, 3000),
                  new Random(host),
                  new Encounters());
          made[0].listener(state -> states.add(run.now() / seconds(1) + " " + state));
          made[0].start();
        });
    return made[0];
  }

  private Reply ask(Curator client, Operation operation) {
    List<Reply> replies = new ArrayList<>();
    run.perform(lab -> client.request(operation, replies::add));
    for (int i = 0; i < 100 && replies.isEmpty(); i++) {
      run.runFor(millis(100));
    }
    return replies.get(0);
  }

  private static Operation ephemeral(String path) {
    return new Write.Create(path, Bytes.of("x"), true, true);
  }

  private List<Integer> nodes() {
    return run.world().hosts.stream()
        .filter(host -> host.server.serving())
        .map(host -> host.server.tree().nodeCount() - 5)
        .toList();
  }

  private void kill(Process process) {
    run.perform(lab -> process.kill());
  }

  /** Runs until nobody has a node any more; how long that took, in milliseconds. */
  private long untilGone() {
    long since = run.now();
    while (!nodes().stream().allMatch(count -> count == 0) && run.now() < since + seconds(60)) {
      run.runFor(millis(10));
    }
    return (run.now() - since) / millis(1);
  }

  private Process process(int host) {
    return run.world().hosts.get(host).server.process();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zk-0", "zk-2", "zk-0:2181,zk-1:2181,zk-2:2181/nifi"})
  void everyServerHasWhatAClientOfOneCreates(String servers) {
    Curator client = client(1, servers);

    Reply created = ask(client, ephemeral("/a-"));

    assertThat(created.path()).isEqualTo("/a-0000000000");
    run.runFor(millis(100));
    assertThat(nodes()).containsExactly(1, 1, 1);
    assertThat(ask(client, ephemeral("/a-")).path()).isEqualTo("/a-0000000001");
    assertThat(ask(client, new Read.GetData("/a-0000000000", false)).data().text()).isEqualTo("x");
    assertThat(ask(client, new Read.Exists("/b", false)).error()).isEqualTo(ErrorCode.NO_NODE);
    assertThat(ask(client, ephemeral("/b/c")).error()).isEqualTo(ErrorCode.NO_NODE);
    assertThat(ask(client, ephemeral("/a-0000000000/c")).error())
        .isEqualTo(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
    assertThat(ask(client, new Write.Delete("/a-0000000000")).ok()).isTrue();
    assertThat(ask(client, new Read.GetChildren("/", false)).children())
        .containsExactly("a-0000000001", "zookeeper");
  }

  @Test
  void pingsKeepASessionForLong() {
    Curator client = client(0, "zk-0");
    ask(client, ephemeral("/a-"));

    run.runFor(seconds(120));

    assertThat(nodes()).containsExactly(1, 1, 1);
    assertThat(states).containsExactly("20 CONNECTED");
  }

  /**
   * Between its time-out less a ping's pause, and its time-out, a tick and the learner's report.
   */
  @ParameterizedTest
  @CsvSource({"0, 0", "2, 0", "0, 700", "0, 1300"})
  void theNodesOfADeadClientLastUntilItsSessionIsOver(int server, int wait) {
    Curator client = client(1, "zk-" + server);
    ask(client, ephemeral("/a-"));
    run.runFor(millis(5000 + wait));
    kill(clients.get(0));

    assertThat(untilGone()).isBetween(SESSION * 1000L * 2 / 3, (SESSION + TICK + 1) * 1000L + 100);
  }

  @Test
  void aSessionGoesOnWithAnotherServer() {
    Curator client = client(1, "zk-0,zk-1");
    ask(client, ephemeral("/a-"));
    for (int i = 0; i < 2; i++) {
      kill(process(i));
      run.runFor(seconds(12));
      run.perform(
          lab ->
              lab.hosts.stream().filter(h -> !h.server.process().alive()).forEach(Lab.Host::start));
      run.runFor(seconds(20));
    }

    assertThat(nodes()).containsExactly(1, 1, 1);
    assertThat(states).doesNotContain("LOST").anyMatch(state -> state.endsWith(" RECONNECTED"));
  }

  /** Nobody counts while there is no leader; the next one gives every session all of its time. */
  @Test
  void noSessionExpiresWithoutAQuorum() {
    Curator client = client(1, "zk-1");
    ask(client, ephemeral("/a-"));
    kill(process(0));
    kill(process(2));
    run.runFor(seconds(5));
    assertThat(run.world().roles()).isEqualTo("---");
    run.runFor(seconds(60));
    assertThat(states.get(1)).endsWith("SUSPENDED");
    assertThat(states.get(2)).endsWith("LOST");

    run.perform(lab -> lab.hosts.get(0).start());
    long back = Lab.runUntil(run, 200, lab -> nodes().size() == 2);
    assertThat(back).isPositive();
    assertThat(nodes()).containsExactly(1, 1);
    assertThat(untilGone()).isBetween(SESSION * 1000L - 100, (SESSION + TICK) * 1000L + 100);
    run.runFor(seconds(5));
    assertThat(states.get(states.size() - 1)).endsWith("RECONNECTED");
  }

  @Test
  void whatWasWrittenOutlivesAllServers() {
    Curator client = client(1, "zk-1");
    assertThat(ask(client, new Write.Create("/kept", Bytes.EMPTY, false, false)).ok()).isTrue();
    for (int i = 0; i < 3; i++) {
      kill(process(i));
    }
    run.perform(lab -> lab.hosts.forEach(Lab.Host::start));
    run.runFor(seconds(30));

    assertThat(nodes()).containsExactly(1, 1, 1);
  }

  private LeaderSelector selector(int host, List<String> leaders) {
    Curator client = client(host, "zk-" + host);
    LeaderSelector[] made = new LeaderSelector[1];
    run.perform(
        lab -> {
          made[0] =
              new LeaderSelector(
                  lab.hosts.get(host).namespace.process("selector", SocketOwner.ROOT),
                  client,
                  QUEUE,
                  "node-" + host,
                  new Random(host),
                  new LeaderSelector.Listener() {
                    @Override
                    public void elected() {
                      leaders.add("+" + host);
                    }

                    @Override
                    public void relinquished() {
                      leaders.add("-" + host);
                    }
                  });
          made[0].start();
        });
    run.runFor(seconds(1));
    return made[0];
  }

  /** The one who loses its server gives the role up though its session lasts, and queues again. */
  @Test
  void theQueueDecidesWhoLeads() {
    List<String> leaders = new ArrayList<>();
    selector(0, leaders);
    selector(1, leaders);
    selector(2, leaders);
    assertThat(leaders).containsExactly("+0");

    kill(process(0));
    run.runFor(seconds(20));
    assertThat(leaders).containsExactly("+0", "-0", "+1");

    run.perform(lab -> lab.hosts.get(0).start());
    run.runFor(seconds(20));
    assertThat(leaders).containsExactly("+0", "-0", "+1");

    kill(process(1));
    run.runFor(seconds(20));
    assertThat(leaders).containsExactly("+0", "-0", "+1", "-1", "+2");
  }

  @Test
  void anybodyCanAskWhoLeads() {
    List<String> leaders = new ArrayList<>();
    selector(1, leaders);
    Curator asking = client(2, "zk-0");
    List<String> found = new ArrayList<>();
    run.perform(
        lab -> LeaderSelector.leader(asking, QUEUE, leader -> leader.ifPresent(found::add)));
    run.runFor(seconds(1));
    assertThat(found).containsExactly("node-1");
  }

  @Test
  void theWordsCountSessionsAndNodes() {
    Curator client = client(1, "zk-0");
    ask(client, ephemeral("/a-"));
    assertThat(word("mntr"))
        .contains("zk_znode_count\t6\n")
        .contains("zk_ephemerals_count\t1\n")
        .contains("zk_global_sessions\t1\n");
  }

  @Test
  void theWordsTellOfWatches() {
    Curator client = client(1, "zk-0");
    ask(client, new Read.Exists("/b", true));
    ask(client, new Read.Exists("/c", true));

    assertThat(word("wchs")).isEqualTo("1 connections watching 2 paths\nTotal watches:2\n");
    assertThat(word("mntr")).contains("zk_watch_count\t2\n");
    assertThat(word("wchc")).matches("0x1[0-9a-f]{14}\n\t/b\n\t/c\n\n");
    assertThat(word("wchp")).matches("/b\n\t0x1[0-9a-f]{14}\n/c\n\t0x1[0-9a-f]{14}\n\n");
  }

  private String word(String word) {
    List<String> answers = new ArrayList<>();
    run.perform(
        lab ->
            FourLetterWord.ask(
                lab.hosts.get(1).namespace.process("nc", SocketOwner.ROOT),
                new Endpoint(lab.hosts.get(0).address(), 2181),
                word,
                seconds(5),
                Tracer.OFF,
                answer -> answers.add(answer.text())));
    run.runFor(seconds(1));
    return answers.get(0);
  }
}
