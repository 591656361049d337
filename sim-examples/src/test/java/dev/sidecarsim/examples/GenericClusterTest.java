package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.FormationReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications in the words that all of them share, in front of which sidecars stand. */
class GenericClusterTest {

  /** Three pods of a StatefulSet behind a headless Service that declares some ports. */
  static AppRun ring(String definition, String... ports) {
    StringBuilder declared = new StringBuilder();
    for (String port : ports) {
      String[] words = port.split(" ", -1);
      declared.append("    - {name: %s, port: %s}\n".formatted(words[0], words[1]));
    }
    return new AppRun()
        .and(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: ring, namespace: default}
            spec:
              clusterIP: None
              publishNotReadyAddresses: true
              selector: {app: ring}
              ports:
            %s
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: ring, namespace: default}
            spec:
              serviceName: ring
              replicas: 3
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: ring}}
              template:
                metadata:
                  labels: {app: ring}
                  annotations:
                    sidecarsim.dev/cluster: |
            %s
                spec:
                  containers:
                    - {name: ring, image: "example.org/ring:1"}
            """
                .formatted(declared, definition.indent(10)));
  }

  private static FormationReport after60(AppRun run, String istio) {
    return run.istio(istio).after(60, "ring");
  }

  @ParameterizedTest
  @CsvSource({
    "pod, none, true", "pod, 1.9.5, false", "pod, 1.10.0, true",
    "0.0.0.0, none, true", "0.0.0.0, 1.9.5, true", "0.0.0.0, 1.10.0, true",
    "127.0.0.1, none, false", "127.0.0.1, 1.9.5, true", "127.0.0.1, 1.10.0, false",
  })
  void whatFormsIsWhatTheBindLetsIn(String bind, String istio, boolean forms) {
    AppRun run = ring("listen: 7000@" + bind + "\ndial: every-pair 7000", "tcp-ring 7000");

    FormationReport report = after60(run, istio);
    assertThat(report.formed()).isEqualTo(forms);
    assertThat(report.leader().isPresent()).isEqualTo(forms);
    assertThat(report.reasons().isEmpty()).isEqualTo(forms);
  }

  @Test
  void aPortThatNoServiceDeclaresReachesThePodsAddressBefore110Too() {
    AppRun run = ring("listen: 7000@pod\ndial: every-pair 7000", "tcp-other 7001");

    FormationReport report = after60(run, "1.9.5");
    assertThat(report.formed()).isTrue();
    assertThat(AppRun.peersSeen(report, 7000)).containsExactly("127.0.0.6");
  }

  @ParameterizedTest
  @CsvSource({"none, true, 10.244.0.10", "1.9.5, false, 127.0.0.1", "1.10.0, false, 127.0.0.6"})
  void whoCallsBackWhereACallCameFromMeetsItself(String istio, boolean forms, String address) {
    AppRun run =
        ring("listen: 7000@0.0.0.0\ndial: every-pair 7000\ncall-back: observed", "tcp-ring 7000");

    FormationReport report = after60(run, istio);
    assertThat(report.formed()).isEqualTo(forms);
    assertThat(report.wrongAddresses().isEmpty()).isEqualTo(forms);
    if (!forms) {
      assertThat(report.addresses())
          .allSatisfy(belief -> assertThat(belief.host()).isEqualTo(address));
    }
  }

  /**
   * Real etcd 3.4.23 rejects 127.0.0.6 and 127.0.0.1: they match none of the certificate's names.
   */
  @ParameterizedTest
  @CsvSource({"none, true", "1.9.5, false", "1.10.0, false"})
  void etcdComparesAPeersAddressWithItsCertificatesNames(String istio, boolean forms) {
    FormationReport report = after60(ring("etcd", "tcp-peer 2380", "tcp-client 2379"), istio);

    assertThat(report.formed()).isEqualTo(forms);
    assertThat(report.reasons().toString().contains("does not match any of the names"))
        .isEqualTo(!forms);
  }

  @ParameterizedTest
  @CsvSource({"none, true", "1.9.5, false", "1.10.0, false"})
  void postgresqlsHostRulesSeeTheProxy(String istio, boolean forms) {
    FormationReport report = after60(ring("PostgreSQL", "tcp-postgresql 5432"), istio);

    assertThat(report.formed()).isEqualTo(forms);
  }

  /** Istio takes 3306 for TCP whatever the port's name is; on others the name decides. */
  @ParameterizedTest
  @CsvSource({
    "none, db, 3306, true",
    "1.10.0, db, 3306, true",
    "none, db, 3307, true",
    "1.10.0, tcp-db, 3307, true",
    "1.10.0, db, 3307, false",
  })
  void whoSpeaksFirstBehindADetectorOfProtocolsIsNeverHeard(
      String istio, String portName, int port, boolean forms) {
    String definition =
        port == 3306 ? "MySQL" : "listen: 3307@0.0.0.0 server-first\ndial: to-first 3307";

    FormationReport report = after60(ring(definition, portName + " " + port), istio);

    assertThat(report.formed()).isEqualTo(forms);
  }

  @ParameterizedTest
  @CsvSource({
    "Kafka, none", "Kafka, 1.9.5", "Kafka, 1.10.0",
    "RabbitMQ, none", "RabbitMQ, 1.9.5", "RabbitMQ, 1.10.0",
    "MongoDB, none", "MongoDB, 1.9.5", "MongoDB, 1.10.0",
  })
  void whatListensOnEveryAddressAndKnowsOthersByNameForms(String product, String istio) {
    FormationReport report =
        after60(
            ring(
                product,
                "tcp-a 9092",
                "tcp-b 9093",
                "tcp-c 4369",
                "tcp-d 25672",
                "tcp-e 5672",
                "tcp-f 27017"),
            istio);

    assertThat(report.formed()).isTrue();
    assertThat(report.members()).allSatisfy(member -> assertThat(member.serving()).isTrue());
  }

  /** Plain HTTP between real etcd 3.4.23 peers: no certificate, nothing to compare with. */
  @ParameterizedTest
  @CsvSource({"1.9.5", "1.10.0"})
  void etcdWithoutCertificatesTakesAnybody(String istio) {
    AppRun run = ring("etcd\naccept: anyone", "tcp-peer 2380", "tcp-client 2379");

    assertThat(after60(run, istio).formed()).isTrue();
  }

  /** Brokers of a ZooKeeper wait for it. */
  @ParameterizedTest
  @CsvSource({"none, true", "none, false", "1.10.0, true", "1.10.0, false"})
  void aProductCanNeedAnotherApplication(String istio, boolean there) {
    AppRun run = ring("Kafka\nneeds: my-release-zookeeper:2181", "tcp-a 9092", "tcp-b 9093");
    FormationReport report = after60(there ? run.with("zookeeper.yaml") : run, istio);

    assertThat(report.formed()).isEqualTo(there);
    assertThat(report.reasons().toString().contains("my-release-zookeeper")).isEqualTo(!there);
  }

  @Test
  void aDefinitionThatCannotBeReadIsNamed() {
    CommandRun run =
        CommandRun.withInput(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: a
              annotations: {sidecarsim.dev/cluster: "listen: 70000"}
            spec: {containers: [{name: a, image: a}]}
            """,
            "quorum",
            "-f",
            "-",
            "--istio",
            "none");

    assertThat(run.code()).isEqualTo(64);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("sidecarsim.dev/cluster").contains("70000").contains("65535");
  }
}
