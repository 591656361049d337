package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.host.SocketRow;
import dev.sidecarsim.host.TcpState;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ClusterSpec;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ZooKeeper as a StatefulSet of a chart, without any proxy. */
class ZooKeeperClusterTest {

  private static final String CHART =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: zk-headless}
      spec:
        clusterIP: None
        publishNotReadyAddresses: true
        selector: {app: zk}
        ports:
          - {name: tcp-client, port: 2181, targetPort: client}
          - {name: follower, port: 2888, targetPort: follower}
          - {name: tcp-election, port: 3888, targetPort: election}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: zk}
      spec:
        serviceName: zk-headless
        replicas: 3
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: zk}}
        template:
          metadata: {labels: {app: zk}}
          spec:
            securityContext: {runAsUser: 1001}
            containers:
              - name: zookeeper
                image: docker.io/bitnami/zookeeper:3.7.0-debian-10-r70
                command:
                  - bash
                  - -ec
                  - |
                    HOSTNAME="$(hostname -s)"
                    if [[ $HOSTNAME =~ (.*)-([0-9]+)$ ]]; then
                      ORD=${BASH_REMATCH[2]}
                      export ZOO_SERVER_ID="$((ORD + 1 ))"
                    fi
                    exec /entrypoint.sh /run.sh
                env:
                  - {name: ZOO_PORT_NUMBER, value: "2181"}
                  - {name: ZOO_TICK_TIME, value: "@TICK@"}
                  - {name: ZOO_LISTEN_ALLIPS_ENABLED, value: "no"}
                  - {name: ZOO_4LW_COMMANDS_WHITELIST, value: "srvr, mntr, ruok"}
                  - name: ZOO_SERVERS
                    value: >-
                      zk-0.zk-headless.default.svc.cluster.local:2888:3888::1
                      zk-1.zk-headless.default.svc.cluster.local:2888:3888::2
                      zk-2.zk-headless.default.svc.cluster.local:2888:3888::3
                ports:
                  - {name: client, containerPort: 2181}
                  - {name: follower, containerPort: 2888}
                  - {name: election, containerPort: 3888}
                readinessProbe:
                  exec: {command: [/bin/bash, -c, 'echo "ruok" | timeout 2 nc -w 2 localhost 2181 | grep imok']}
                  initialDelaySeconds: 5
                  periodSeconds: 10
      """;

  private static Simulation<Cluster> start(String text) {
    ClusterSpec spec =
        ClusterSpec.of(ManifestReader.in("default").text(text, "zk.yaml").read())
            .running(new ZooKeeperImage());
    return Simulation.start(network -> Cluster.start(spec, network), Seed.DEFAULT);
  }

  private static FormationReport report(Simulation<Cluster> run) {
    List<ClusteredApp> apps = ZooKeeperEnsembles.in(run.world());
    assertThat(apps).extracting(ClusteredApp::name).containsExactly("zk");
    return apps.get(0).report();
  }

  private static RunningPod pod(Cluster cluster, String name) {
    return cluster.find(PodName.parse(name));
  }

  private static String ask(Simulation<Cluster> run, String from, Endpoint to, String word) {
    List<String> answers = new ArrayList<>();
    run.perform(
        cluster -> {
          Process client = pod(cluster, from).namespace().process("nc", new SocketOwner(0, 0));
          FourLetterWord.ask(
              client, to, word, seconds(5), Tracer.OFF, answer -> answers.add(answer.text()));
        });
    run.runFor(seconds(6));
    return String.join("", answers);
  }

  private static ExecResult status(Simulation<Cluster> run, String pod) {
    List<ExecResult> results = new ArrayList<>();
    run.perform(
        cluster ->
            cluster.exec(
                pod(cluster, pod), "zookeeper", List.of("zkServer.sh", "status"), results::add));
    run.runFor(seconds(6));
    return results.get(0);
  }

  @Test
  void formsFromAChartsManifests() {
    Simulation<Cluster> run = start(CHART.replace("@TICK@", "2000"));
    run.runUntil(seconds(60));
    FormationReport report = report(run);
    assertThat(report.formed()).isTrue();
    assertThat(report.members())
        .allMatch(MemberStatus::serving)
        .extracting(MemberStatus::pod)
        .containsExactly("zk-0", "zk-1", "zk-2");
    assertThat(run.world().pods()).allMatch(RunningPod::ready);
  }

  /**
   * As real servers listen: 2181 on the wildcard, 3888 on the pod's address, 2888 at the leader
   * alone.
   */
  @Test
  void listensWhereTheFactsSay() {
    Simulation<Cluster> run = start(CHART.replace("@TICK@", "2000"));
    run.runUntil(seconds(60));
    String leader = report(run).leader().orElseThrow();
    for (RunningPod pod : run.world().pods()) {
      List<String> listening =
          pod.namespace().sockets().stream()
              .filter(row -> row.state() == TcpState.LISTEN)
              .map(SocketRow::local)
              .map(Endpoint::toString)
              .toList();
      assertThat(listening).contains("0.0.0.0:2181", pod.ip() + ":3888");
      assertThat(listening.contains(pod.ip() + ":2888")).isEqualTo(pod.name().equals(leader));
    }
  }

  @Test
  void answersWordsAsARealServerDoes() {
    Simulation<Cluster> run = start(CHART.replace("@TICK@", "2000"));
    run.runUntil(seconds(60));
    FormationReport report = report(run);
    for (MemberStatus member : report.members()) {
      RunningPod pod = pod(run.world(), member.pod());
      String answer = ask(run, "zk-0", new Endpoint(pod.ip(), 2181), "srvr");
      String mode = member.pod().equals(report.leader().orElseThrow()) ? "leader" : "follower";
      assertThat(answer)
          .startsWith(
              "Zookeeper version: 3.7.0-e3704b390a6697bfdf4b0bef79e3da7a4f6bac4b, built on"
                  + " 2021-03-17 09:46 UTC\nLatency min/avg/max: 0/0.0/0\nReceived: ")
          .containsPattern(
              "\nOutstanding: 0\nZxid: (0x0|0x100000000)\nMode: " + mode + "\nNode count: 5\n");
      assertThat(answer.endsWith("Proposal sizes last/min/max: -1/-1/-1\n"))
          .isEqualTo(mode.equals("leader"));
      assertThat(status(run, member.pod()))
          .isEqualTo(
              new ExecResult(
                  0,
                  "Client port found: 2181. Client address: localhost. Client SSL: false.\nMode: "
                      + mode
                      + "\n"));
    }
    Endpoint first = new Endpoint(pod(run.world(), "zk-0").ip(), 2181);
    assertThat(ask(run, "zk-1", first, "ruok")).isEqualTo("imok");
    assertThat(ask(run, "zk-1", first, "isro"))
        .isEqualTo("isro is not executed because it is not in the whitelist.\n");
  }

  @Test
  void saysThatItDoesNotServeWithoutAQuorum() {
    Simulation<Cluster> run =
        start(CHART.replace("@TICK@", "2000").replace("replicas: 3", "replicas: 1"));
    run.runUntil(seconds(30));
    Endpoint first = new Endpoint(pod(run.world(), "zk-0").ip(), 2181);
    assertThat(ask(run, "zk-0", first, "srvr"))
        .isEqualTo("This ZooKeeper instance is not currently serving requests\n");
    assertThat(ask(run, "zk-0", first, "ruok")).isEqualTo("imok");
    assertThat(status(run, "zk-0"))
        .isEqualTo(
            new ExecResult(
                1,
                """
                Client port found: 2181. Client address: localhost. Client SSL: false.
                Error contacting service. It is probably not running.
                """));
    assertThat(run.world().pods()).allMatch(RunningPod::ready);
  }

  @Test
  void aKilledLeaderIsReplacedAndComesBack() {
    Simulation<Cluster> run = start(CHART.replace("@TICK@", "2000"));
    run.runUntil(seconds(60));
    String leader = report(run).leader().orElseThrow();
    run.perform(cluster -> cluster.kill(pod(cluster, leader), "zookeeper"));
    run.runFor(millis(900));
    assertThat(report(run).leader()).isPresent().get().isNotEqualTo(leader);
    run.runFor(seconds(10));
    assertThat(report(run).members()).allMatch(MemberStatus::serving);
  }

  @Test
  void aServerThatIsKilledForGoodStaysDeadUntilItIsRevived() {
    Simulation<Cluster> run = start(CHART.replace("@TICK@", "2000"));
    run.runUntil(seconds(60));
    String leader = report(run).leader().orElseThrow();
    run.perform(cluster -> cluster.killForGood(pod(cluster, leader), "zookeeper"));
    run.runFor(seconds(60));
    assertThat(report(run).members())
        .filteredOn(member -> member.pod().equals(leader))
        .containsExactly(MemberStatus.down(leader));
    assertThat(report(run).formed()).isTrue();

    run.perform(cluster -> cluster.revive(pod(cluster, leader), "zookeeper"));
    run.runFor(seconds(10));
    assertThat(report(run).members()).allMatch(MemberStatus::serving);
    assertThat(pod(run.world(), leader).restarts()).isEqualTo(1);
  }

  @Test
  void aServerThatIsHeldBackFromTheStartJoinsWhenItIsRevived() {
    Simulation<Cluster> run = start(CHART.replace("@TICK@", "2000"));
    run.perform(cluster -> cluster.killForGood(pod(cluster, "zk-0"), "zookeeper"));
    run.runUntil(seconds(30));
    assertThat(report(run).members().get(0)).isEqualTo(MemberStatus.down("zk-0"));
    assertThat(report(run).formed()).isTrue();

    run.perform(cluster -> cluster.revive(pod(cluster, "zk-0"), "zookeeper"));
    run.runFor(seconds(10));
    assertThat(report(run).members()).allMatch(MemberStatus::serving);
  }

  /** Exit code 14 after three tries, then the kubelet's back-off: 0, 10 s, 20 s. */
  @Test
  void aServerWhoseNameHasNoAddressCrashesAgainAndAgain() {
    Simulation<Cluster> run =
        start(CHART.replace("@TICK@", "2000").replace("zk-0.zk-headless", "zk-0.elsewhere"));
    run.perform(Cluster::keepOutput);
    run.runUntil(seconds(60));

    RunningPod first = pod(run.world(), "zk-0");
    assertThat(first.restarts()).isBetween(2, 4);
    assertThat(first.ready()).isFalse();
    assertThat(run.world().output(first, "zookeeper"))
        .contains("java.net.SocketException: Unresolved address");
    assertThat(report(run).members().subList(1, 3)).allMatch(MemberStatus::serving);
  }

  /** With a new address and empty disk: fresh DNS lets it join again (ZOOKEEPER-2164 is in). */
  @Test
  void aPodThatIsMadeAnewJoinsWithItsNewAddress() {
    Simulation<Cluster> run = start(CHART.replace("@TICK@", "2000"));
    run.runUntil(seconds(60));
    for (String name : List.of("zk-0", "zk-1", "zk-2")) {
      IpAddress before = pod(run.world(), name).ip();
      run.perform(cluster -> cluster.delete(pod(cluster, name)));
      run.runFor(seconds(20));
      assertThat(pod(run.world(), name).ip()).isNotEqualTo(before);
      assertThat(report(run).members()).as(name).allMatch(MemberStatus::serving);
    }
  }

  @Test
  void aBadSettingIsNamed() {
    assertThatThrownBy(() -> start(CHART.replace("@TICK@", "soon")).runUntil(seconds(5)))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("zk.yaml:")
        .hasMessageContaining("ZOO_TICK_TIME 'soon' is no number");
  }
}
