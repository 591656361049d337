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

  /**
   * Until 3.9, and in all of 3.0, calls come from the listen address, and a socket that is bound to
   * loopback reaches no other host, whatever rules would have redirected its first packet (EINVAL
   * of ip_route_output_key).
   */
  @ParameterizedTest
  @CsvSource({
    "3.11.10, none, false",
    "3.11.10, 1.9.5, true",
    "3.11.10, 1.10.0, false",
    "4.0.17, 1.9.5, true",
    "4.0.17, 1.10.0, false",
    "3.0.24, 1.9.5, false",
    "3.9, 1.9.5, false"
  })
  void theOldRecipeWorksWithOldSidecarsOnly(String release, String istio, boolean forms) {
    FormationReport report =
        listenOnLoopback().change("3.11.10-debian-10-r77", release).istio(istio).after(300, APP);

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

  /** One that has joined before does not wait for the ring again (RING_DELAY, 30 s). */
  @ParameterizedTest
  @CsvSource({"none", "1.10.0"})
  void whoComesBackWithItsDataHasItsOldPlaceAtOnce(String istio) {
    World world = AppRun.of("cassandra.yaml").istio(istio).until(240);
    world.delete(APP + "-1");
    world.runUntil(268);

    FormationReport report = AppRun.report(world, APP);
    assertThat(report.members()).allSatisfy(member -> assertThat(member.serving()).isTrue());
    assertThat(report.wrongAddresses()).isEmpty();
    assertThat(AppRun.exec(world, APP + "-0", "nodetool", "status").lines())
        .filteredOn(line -> line.matches("[UD][NJ] .*"))
        .hasSize(3)
        .allMatch(line -> line.startsWith("UN "));
  }

  /** Behind a sidecar of 1.9 every call is accepted and closed, which 3.x tells of. */
  @Test
  void logsTellOfHandshakesThatFail() {
    AppRun run = AppRun.of("cassandra.yaml").change("OrderedReady", "Parallel").istio("1.9.5");

    assertThat(String.join("\n", run.logs(APP + "-1", 30)))
        .contains("Handshaking version with /10.244.0.10")
        .contains("Cannot handshake version with /10.244.0.10");
    assertThat(String.join("\n", run.logs(APP + "-0", 30)))
        .contains("Starting Messaging Service on /10.244.0.10:7000 (eth0)")
        .contains("Node /10.244.0.10 state jump to NORMAL")
        .doesNotContain("is now UP");
  }
}
