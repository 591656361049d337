package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.Lab.Front.NONE;
import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.zookeeper.client.Curator;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients get; the texts are those of a real 3.7.0 server. */
class ZooKeeperClientTest {

  private static Simulation<Lab> serving() {
    Simulation<Lab> run =
        Lab.start(
            1,
            nCopies(4, NONE),
            config ->
                config
                    .release(ZooKeeperRelease.of("3.7.0"))
                    .server(new QuorumServer(4, "zk-3", 2888, 3888, true, Optional.empty())));
    run.runUntil(seconds(30));
    return run;
  }

  private static String ask(Simulation<Lab> run, int from, int to, String word) {
    List<String> answers = new ArrayList<>();
    run.perform(
        lab ->
            FourLetterWord.ask(
                lab.hosts.get(from).namespace.process("nc", SocketOwner.ROOT),
                new Endpoint(lab.hosts.get(to).address(), 2181),
                word,
                seconds(5),
                Tracer.OFF,
                answer -> answers.add(answer.text() + answer.problem())));
    run.runFor(seconds(1));
    return answers.get(0);
  }

  private static int leader(Simulation<Lab> run) {
    return run.world().roles().indexOf('L');
  }

  @Test
  void confShowsTheConfiguration() {
    Simulation<Lab> run = serving();
    String common =
        """
        clientPort=2181
        secureClientPort=-1
        tickTime=2000
        maxClientCnxns=60
        minSessionTimeout=4000
        maxSessionTimeout=40000
        clientPortListenBacklog=-1
        serverId=%d
        initLimit=10
        syncLimit=5
        electionAlg=3
        electionPort=3888
        quorumPort=2888
        peerType=%d
        membership:\s
        server.1=zk-0:2888:3888:participant
        server.2=zk-1:2888:3888:participant
        server.3=zk-2:2888:3888:participant
        server.4=zk-3:2888:3888:observer
        version=0""";

    assertThat(ask(run, 0, 1, "conf")).isEqualTo(common.formatted(2, 0));
    assertThat(ask(run, 0, 3, "conf")).isEqualTo(common.formatted(4, 1));
  }

  @Test
  void statAndConsListConnections() {
    Simulation<Lab> run = serving();

    String stat = ask(run, 0, leader(run), "stat");

    assertThat(stat)
        .matches(
            """
            Zookeeper version: 3\\.7\\.0-e3704b390a6697bfdf4b0bef79e3da7a4f6bac4b, built on 2021-03-17 09:46 UTC
            Clients:
             /10\\.0\\.0\\.1:\\d+\\[0]\\(queued=0,recved=1,sent=0\\)

            Latency min/avg/max: 0/0\\.0/0
            Received: 1
            Sent: 0
            Connections: 1
            Outstanding: 0
            Zxid: 0x100000000
            Mode: leader
            Node count: 5
            Proposal sizes last/min/max: -1/-1/-1
            """);
    assertThat(ask(run, 0, leader(run), "cons"))
        .matches(" /10\\.0\\.0\\.1:\\d+\\[0]\\(queued=0,recved=1,sent=0\\)\n\n");
  }

  /** What a real server tells of a client with a session, in two releases. */
  @ParameterizedTest
  @CsvSource({"3.7.0, 0/0\\.0/0", "3.5.9, 0/0/0"})
  void consTellsOfSessionsUntilTheyAreReset(String release, String latency) {
    Simulation<Lab> run =
        Lab.start(1, nCopies(3, NONE), config -> config.release(ZooKeeperRelease.of(release)));
    run.runUntil(seconds(20));
    int leader = leader(run);
    String servers = "zk-" + leader;
    run.perform(
        lab ->
            new Curator(
                    lab.hosts.get(0).namespace.process("client", SocketOwner.ROOT),
                    new Curator.Settings(servers, 40000, 3000),
                    new Random(1),
                    new Encounters())
                .start());
    run.runFor(seconds(1));

    assertThat(ask(run, 0, leader, "cons"))
        .containsPattern(
            "\\[1]\\(queued=0,recved=1,sent=1,sid=0x\\w+,lop=SESS,est=\\d+,to=\\d+,lcxid=0x0,"
                + "lzxid=0x100000001,lresp=\\d+,llat=0,minlat=0,avglat=0,maxlat=0\\)\n");
    assertThat(ask(run, 0, leader, "crst")).isEqualTo("Connection stats reset.\n");
    assertThat(ask(run, 0, leader, "cons"))
        .containsPattern("\\[1]\\(queued=0,recved=0,sent=0,sid=0x\\w+,lop=NA,est");
    assertThat(ask(run, 0, leader, "srvr"))
        .containsPattern("Latency min/avg/max: " + latency + "\n");
  }

  /** The words of real servers of 3.5.9, which has no metrics yet. */
  @Test
  void anOlderReleaseTellsLess() {
    Simulation<Lab> run =
        Lab.start(1, nCopies(3, NONE), config -> config.release(ZooKeeperRelease.of("3.5.9")));
    run.runUntil(seconds(20));

    assertThat(ask(run, 0, leader(run), "mntr").lines().map(line -> line.split("\t", 2)[0]))
        .containsExactly(
            "zk_version",
            "zk_avg_latency",
            "zk_max_latency",
            "zk_min_latency",
            "zk_packets_received",
            "zk_packets_sent",
            "zk_num_alive_connections",
            "zk_outstanding_requests",
            "zk_server_state",
            "zk_znode_count",
            "zk_watch_count",
            "zk_ephemerals_count",
            "zk_followers",
            "zk_synced_followers",
            "zk_pending_syncs");
    assertThat(ask(run, 0, leader(run), "conf")).doesNotContain("clientPortListenBacklog");
    assertThat(ask(run, 0, leader(run), "hash")).isEmpty();
  }

  @Test
  void mntrTellsTheStateAndTheLeadersLearners() {
    Simulation<Lab> run = serving();

    assertThat(ask(run, 0, leader(run), "mntr"))
        .startsWith("zk_version\t3.7.0-e3704b390a6697bfdf4b0bef79e3da7a4f6bac4b, built on 2021")
        .contains("zk_server_state\tleader\nzk_peer_state\tleading - broadcast\n")
        .contains("zk_synced_followers\t2\n")
        .contains("zk_synced_observers\t1\n")
        .contains("zk_learners\t3\n")
        .contains("zk_quorum_size\t3\n");
    assertThat(ask(run, 0, 3, "mntr"))
        .contains("zk_server_state\tobserver\nzk_peer_state\tobserving - broadcast\n")
        .doesNotContain("zk_learners");
  }

  @ParameterizedTest
  @CsvSource({
    "ruok, 'imok'",
    "isro, 'rw'",
    "gtmk, '306'",
    "crst, 'Connection stats reset.\n'",
    "srst, 'Server stats reset.\n'",
    "wchs, '0 connections watching 0 paths\nTotal watches:0\n'",
    "wchc, '\n'",
    "hash, ''",
    "dump, 'dump is not modelled\n'",
    "stmk, ''",
  })
  void otherWordsAreAnswered(String word, String answer) {
    assertThat(ask(serving(), 0, 1, word)).isEqualTo(answer);
  }

  /** NIOServerCnxnFactory turns away the 61st connection of one address with a reset. */
  @Test
  void connectionsOfOneAddressAreLimited() {
    Simulation<Lab> run = serving();
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      open(run, ends);
    }
    run.runFor(millis(100));
    assertThat(ends).isEmpty();

    open(run, ends);
    run.runFor(millis(100));
    assertThat(ends).containsExactly("reset");
    assertThat(ask(run, 0, 1, "srvr")).isEqualTo("Connection reset by peer");
    assertThat(ask(run, 2, 1, "srvr")).contains("Connections: 61\n");
    assertThat(ask(run, 2, 1, "mntr")).contains("zk_connection_rejected\t2\n");
  }

  /** ConnectionExpirerThread looks every 10 s for connections that have done without for 10 s. */
  @Test
  void connectionsWithoutASessionAreClosed() {
    Simulation<Lab> run = serving();
    List<String> ends = new ArrayList<>();
    open(run, ends);
    run.runFor(seconds(10));
    assertThat(ends).isEmpty();
    run.runFor(millis(10_100));
    assertThat(ends).containsExactly("closed");
  }

  @Test
  void clientsAreCutOffWhereServiceEnds() {
    Simulation<Lab> run = serving();
    List<String> ends = new ArrayList<>();
    open(run, ends);
    run.runFor(millis(100));
    run.perform(lab -> lab.hosts.get(0).kill());
    run.perform(lab -> lab.hosts.get(2).kill());
    run.runFor(seconds(5));

    assertThat(run.world().roles()).isEqualTo("----");
    assertThat(ends).containsExactly("closed");
  }

  private static void open(Simulation<Lab> run, List<String> ends) {
    run.perform(
        lab ->
            lab.hosts
                .get(0)
                .namespace
                .process("client", SocketOwner.ROOT)
                .connect(
                    Dial.to(new Endpoint(lab.hosts.get(1).address(), 2181)),
                    new ConnectionHandler() {
                      @Override
                      public void onReset(Connection connection) {
                        ends.add("reset");
                      }

                      @Override
                      public void onEof(Connection connection) {
                        ends.add("closed");
                      }
                    }));
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io/bitnami/zookeeper:3.7.0-debian-10-r70, 3.7.0",
    "zookeeper:3.9.4, 3.9.4",
    "zookeeper:v3.8.0-temurin, 3.8.0",
    "registry.k8s.io/kubernetes-zookeeper:1.0-3.4.10, 3.4.10",
    "pravega/zookeeper:0.2.14,",
    "confluentinc/cp-zookeeper:7.3.0,",
    "localhost:5000/zookeeper,",
    "zookeeper:latest,",
  })
  void theImagesTagTellsTheRelease(String image, String version) {
    assertThat(ZooKeeperRelease.ofImage(image).version()).isEqualTo(Optional.ofNullable(version));
  }
}
