package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NiFi over the ZooKeeper of the experiment. */
class NifiTest {

  private static AppRun nifi(String zooKeeper) {
    return AppRun.of(zooKeeper).with("nifi.yaml");
  }

  @ParameterizedTest
  @CsvSource({"none, 10.244.0", "1.10.0, 127.0.0.6"})
  void nodesConnectAndAnswer(String istio, String peers) {
    World world = nifi("zookeeper.yaml").istio(istio).until(90);

    FormationReport report = AppRun.report(world, "nifi");
    assertThat(report.formed()).as(report.reasons().toString()).isTrue();
    assertThat(report.leader()).isPresent();
    assertThat(AppRun.peersSeen(report, 11443)).allMatch(peer -> peer.startsWith(peers));
    assertThat(
            AppRun.exec(
                world,
                "nifi-1",
                "curl",
                "http://nifi-1.nifi-headless:8080/nifi-api/flow/cluster/summary"))
        .contains("\"connectedNodes\":\"3 / 3\"");
  }

  /** A server ends a session of 4 s if nothing comes for longer; pings keep it. */
  @Test
  void itsSessionWithZooKeeperLasts() {
    World world = nifi("zookeeper.yaml").istio("1.10.0").until(60);
    for (int second = 61; second <= 130; second++) {
      world.runUntil(second);
      assertThat(AppRun.report(world, "nifi").formed()).as("at second " + second).isTrue();
    }
  }

  @Test
  void before110AQuorumOfZooKeeperIsMissing() {
    FormationReport report = nifi("zookeeper.yaml").istio("1.9.5").after(90, "nifi");

    assertThat(report.formed()).isFalse();
    assertThat(report.members()).extracting(MemberStatus::state).containsOnly("CONNECTING");
    assertThat(report.reasons().toString()).contains("ZooKeeper");
  }

  /** With a ZooKeeper that listens on all addresses it is the web port that fails. */
  @Test
  void before110NodesAreConnectedButDoNotReachEachOthersWebPort() {
    FormationReport report = nifi("listen-all.yaml").istio("1.9.5").after(90, "nifi");

    assertThat(report.formed()).isFalse();
    assertThat(report.members()).extracting(MemberStatus::state).containsOnly("CONNECTED");
    assertThat(report.connections()).isNotEmpty();
    assertThat(report.reasons().toString()).contains("opened 8080 to nifi-");
  }

  @Test
  void aWebPortOnEveryAddressCuresIt() {
    FormationReport report =
        nifi("listen-all.yaml")
            .and(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: nifi, namespace: default}
                data:
                  nifi.properties: |
                    nifi.web.http.host=${HOSTNAME}.nifi-headless
                    nifi.web.http.network.interface.eth0=eth0
                    nifi.web.http.network.interface.lo=lo
                    nifi.cluster.flow.election.max.candidates=3
                """)
            .change(
                "    spec:\n      containers:\n        - name: nifi\n",
                """
                    spec:
                      volumes: [{name: conf, configMap: {name: nifi}}]
                      containers:
                        - name: nifi
                          volumeMounts: [{name: conf, mountPath: /conf}]
                """)
            .istio("1.9.5")
            .after(90, "nifi");

    assertThat(report.formed()).as(report.reasons().toString()).isTrue();
  }
}
