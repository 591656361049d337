package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Cassandra's start does by its documentation and source, behind each kind of sidecar. */
class CassandraTest {

  private static final String APP = "my-release-cassandra";
  private static final String LISTEN = "- {name: CASSANDRA_ENDPOINT_SNITCH,";

  /** The recipe of Istio's FAQ for releases before 1.10. */
  private static AppRun listenOnLoopback() {
    return AppRun.of("cassandra.yaml")
        .change(
            LISTEN,
            """
            - {name: CASSANDRA_LISTEN_ADDRESS, value: 127.0.0.1}
                        - {name: CASSANDRA_BROADCAST_ADDRESS, value: $(POD_IP)}
                        - {name: CASSANDRA_ENDPOINT_SNITCH,""");
  }

  @ParameterizedTest
  @CsvSource({"none", "1.10.0"})
  void eachNodeSeesAllOthersUp(String istio) {
    World world = AppRun.of("cassandra.yaml").istio(istio).until(240);

    FormationReport report = AppRun.report(world, APP);
    assertThat(report.formed()).isTrue();
    assertThat(report.members()).extracting(MemberStatus::state).containsOnly("UN");
    for (int i = 0; i < 3; i++) {
      assertThat(AppRun.exec(world, APP + "-" + i, "nodetool", "status").lines())
          .filteredOn(line -> line.startsWith("UN  10.244.0.1"))
          .hasSize(3);
    }
    assertThat(report.wrongAddresses()).isEmpty();
  }

  @Test
  void before110TheSeedIsARingOfItsOwnAndTheNextNodeExitsAgainAndAgain() {
    World world = AppRun.of("cassandra.yaml").istio("1.9.5").until(240);

    FormationReport report = AppRun.report(world, APP);
    assertThat(report.formed()).isFalse();
    assertThat(report.members().get(0).state()).isEqualTo("UN");
    assertThat(report.members().get(0).serving()).isTrue();
    assertThat(report.members().get(1).serving()).isFalse();
    assertThat(report.reasons().toString())
        .contains(APP + "-1 exits with code 3: Unable to gossip with any peers");
    assertThat(world.pod(dev.sidecarsim.kube.PodName.parse(APP + "-1")).restarts()).isPositive();
    // OrderedReady: the third pod waits for the second.
    assertThat(report.reasons()).contains(APP + "-2 is not running");
  }

  @Test
  void aWildcardIsNoListenAddress() {
    World world =
        AppRun.of("cassandra.yaml")
            .change(
                LISTEN, "- {name: CASSANDRA_LISTEN_ADDRESS, value: 0.0.0.0}\n            " + LISTEN)
            .istio("none")
            .until(60);

    assertThat(AppRun.report(world, APP).reasons())
        .contains(
            APP + "-0 exits with code 3: listen_address cannot be a wildcard address (0.0.0.0)!");
  }

  @ParameterizedTest
  @CsvSource({"none, false", "1.9.5, true", "1.10.0, false"})
  void theOldRecipeWorksWithOldSidecarsOnly(String istio, boolean forms) {
    FormationReport report = listenOnLoopback().istio(istio).after(240, APP);

    assertThat(report.formed()).isEqualTo(forms);
  }

  @ParameterizedTest
  @CsvSource({"intra, true", "undeclared, false"})
  void underStrictTheGossipPortMustBeDeclared(String name, boolean forms) {
    AppRun run = AppRun.of("cassandra.yaml").with("strict.yaml").istio("1.10.0");
    if (name.equals("undeclared")) {
      run.change("    - {name: intra, port: 7000, targetPort: intra}\n", "");
    }

    assertThat(run.after(240, APP).formed()).isEqualTo(forms);
  }

  @Test
  void theOneThatIsKilledComesBackAsItself() {
    World world = AppRun.of("cassandra.yaml").istio("1.10.0").until(240);
    world.kill(APP + "-1");
    world.runUntil(300);

    assertThat(AppRun.report(world, APP).members())
        .allSatisfy(member -> assertThat(member.serving()).isTrue());
  }

  /** An init container that borrows the image to prepare something is over before a node starts. */
  @Test
  void anInitContainerOfTheImageIsNoNode() {
    World world =
        AppRun.of("cassandra.yaml")
            .change(
                "      containers:\n",
                """
                      initContainers:
                        - name: prepare
                          image: docker.io/bitnami/cassandra:3.11.10
                          command: [sh, -c, cp -r /opt/bitnami/cassandra/conf /conf]
                      containers:
                """)
            .istio("none")
            .until(240);

    assertThat(AppRun.report(world, APP).formed()).isTrue();
  }
}
