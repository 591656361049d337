package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.PodName;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(world.pod(PodName.parse(APP + "-1")).restarts()).isPositive();
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

  private static AppRun release(String release) {
    return AppRun.of("cassandra.yaml").change("3.11.10-debian-10-r77", release);
  }

  /** When a node wrote something, in milliseconds since it began to listen. */
  private static long millisUntil(List<String> log, String text) {
    List<LocalDateTime> times =
        Stream.of("address: |Messaging Service on", text)
            .map(
                wanted ->
                    log.stream()
                        .filter(line -> Pattern.compile(wanted).matcher(line).find())
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no '" + wanted + "' in " + log)))
            .map(CassandraTest::time)
            .toList();
    return Duration.between(times.get(0), times.get(1)).toMillis();
  }

  private static LocalDateTime time(String line) {
    Matcher stamp = Pattern.compile("(\\d{4}-\\S+) (\\S+),(\\d{3})").matcher(line);
    assertThat(stamp.find()).as(line).isTrue();
    return LocalDateTime.parse(
        "%sT%s.%s".formatted(stamp.group(1), stamp.group(2), stamp.group(3)));
  }

  /**
   * A real 4.0.17 took 61.3 s from listening to giving up; 3.11 has the same loop. Read while the
   * kubelet waits before it starts the container a third time.
   */
  @ParameterizedTest
  @ValueSource(strings = {"3.11.10", "4.0.17"})
  void whoIsNoSeedAsksForAMinute(String release) {
    List<String> log =
        release(release).change("OrderedReady", "Parallel").istio("1.9.5").logs(APP + "-1", 140);

    assertThat(millisUntil(log, "Exception encountered during startup"))
        .isBetween(61_000L, 62_000L);
  }

  /** Two nodes of a real 4.0.17 served 53.6 and 56.5 s after they had begun to listen. */
  @ParameterizedTest
  @CsvSource({"3.11.10, 45000, 46000", "4.0.17, 53000, 57000"})
  void aNewNodeTakesItsTimeToJoin(String release, long least, long most) {
    List<String> log = release(release).istio("1.10.0").logs(APP + "-2", 240);

    assertThat(millisUntil(log, "Startup complete")).isBetween(least, most);
    assertThat(log.stream().map(line -> line.replaceFirst(".*java:\\? - ", "")))
        .containsSubsequence(
            "Starting up server gossip",
            "JOINING: waiting for ring information",
            "JOINING: schema complete, ready to bootstrap",
            "JOINING: getting bootstrap token",
            "JOINING: sleeping 30000 ms for pending range setup",
            "JOINING: Starting to bootstrap...",
            "JOINING: Finish joining ring",
            "Waiting for gossip to settle...",
            "No gossip backlog; proceeding",
            "Startup complete");
  }

  /** Columns as a real 4.0.17 printed them; of three nodes each holds two copies of two. */
  @Test
  void statusIsATableAsWideAsWhatIsInIt() {
    List<String> lines =
        AppRun.exec(release("4.0.17").istio("1.10.0").until(240), APP + "-0", "nodetool", "status")
            .lines()
            .toList();

    assertThat(lines)
        .contains(
            "--  Address      Load  Tokens  Owns (effective)  Host ID                               Rack ");
    assertThat(
            lines.stream()
                .filter(line -> line.startsWith("UN "))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*  ([\\d.]+)%.*", "$1")))
                .sum())
        .isCloseTo(200, within(0.3));
  }

  /**
   * A real 4.0.17: killed, down after 17.9 s; cut off, after 18.6 s, and up 1.6 s after the cure.
   */
  @ParameterizedTest
  @CsvSource({"none", "1.10.0"})
  void whoIsSilentIsDownAfterEighteenSecondsAndUpAtOnce(String istio) {
    World world = release("4.0.17").istio(istio).until(240);
    Consumer<Cluster> heal = AppRun.cut(world, APP + "-1");
    world.runUntil(256);
    assertThat(letters(world, APP + "-0")).containsExactly("UN", "UN", "UN");
    world.runUntil(261);
    assertThat(letters(world, APP + "-0")).containsExactlyInAnyOrder("UN", "DN", "UN");
    assertThat(letters(world, APP + "-1")).containsExactlyInAnyOrder("UN", "DN", "DN");
    world.perform(heal);
    world.runUntil(270);
    assertThat(letters(world, APP + "-0")).containsExactly("UN", "UN", "UN");
    assertThat(letters(world, APP + "-1")).containsExactly("UN", "UN", "UN");
  }

  private static List<String> letters(World world, String pod) {
    return AppRun.exec(world, pod, "nodetool", "status")
        .lines()
        .filter(line -> line.matches("[UD][NJ] .*"))
        .map(line -> line.substring(0, 2))
        .toList();
  }

  /** As on Kubernetes with volumes that are gone (jaegertracing/helm-charts#108). */
  @ParameterizedTest
  @CsvSource({
    "3.11.10, A node required to move the data consistently is down (/10.244.0.12).",
    "4.0.17, Filtered /10.244.0.12:7000 out because it was down"
  })
  void whoLostItsDataCannotJoinWhileItsOldSelfOwnsTokens(String release, String reason) {
    World world =
        release(release)
            .change("volumeClaimTemplates:", "# volumeClaimTemplates:")
            .change(
                "    - metadata: {name: data}\n      spec:\n        accessModes: [ReadWriteOnce]\n",
                "")
            .change("        resources: {requests: {storage: 8Gi}}\n", "")
            .istio("none")
            .until(240);
    world.delete(APP + "-2");
    world.runUntil(330);

    assertThat(AppRun.report(world, APP).reasons().toString()).contains(APP + "-2 exits", reason);
    assertThat(letters(world, APP + "-0")).contains("DN");
  }

  /**
   * Its Service declares 9042 only: undeclared ports reach the pod's address, but not in STRICT.
   */
  @ParameterizedTest
  @CsvSource({
    "none, false, true",
    "1.9.5, false, true",
    "1.10.0, false, true",
    "1.9.5, true, false",
    "1.10.0, true, false"
  })
  void theTutorialOfKubernetesFormsWherePlaintextIsLetIn(
      String istio, boolean strict, boolean forms) {
    AppRun run = AppRun.of("cassandra-tutorial.yaml").istio(istio);

    assertThat((strict ? run.with("strict.yaml") : run).after(240, "cassandra").formed())
        .isEqualTo(forms);
  }

  @Test
  void theTutorialSaysWhereItsNodesStand() {
    World world = AppRun.of("cassandra-tutorial.yaml").istio("none").until(240);

    assertThat(AppRun.exec(world, "cassandra-0", "nodetool", "status"))
        .startsWith("Datacenter: DC1-K8Demo\n======================\n")
        .containsPattern("UN  10\\.\\S+ +\\? +32 +[\\d.]+% .* Rack1-K8Demo\n");
    assertThat(AppRun.exec(world, "cassandra-0", "nodetool", "describecluster"))
        .contains("\tName: K8Demo\n", "GossipingPropertyFileSnitch");
  }

  /** A real 4.0.17's peers called it down 17 ms after its SIGTERM. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "1.10.0"})
  void whoIsStoppedTellsItsPeers(String istio) {
    World world = release("4.0.17").istio(istio).start();
    world.perform(Cluster::keepOutput);
    world.runUntil(240);
    world.delete(APP + "-2");
    world.runUntil(241);

    assertThat(letters(world, APP + "-0")).containsExactlyInAnyOrder("UN", "UN", "DN");
    assertThat(world.cluster().output(world.pod(PodName.parse(APP + "-0")), "cassandra"))
        .anyMatch(line -> line.endsWith("InetAddress /10.244.0.12:7000 is now DOWN"))
        .anyMatch(line -> line.endsWith("Node /10.244.0.12:7000 state jump to shutdown"));
  }

  /** Without auto_bootstrap nobody waits for the ring. */
  @Test
  void whoDoesNotBootstrapHasItsTokensAtOnce() {
    List<String> log =
        AppRun.of("cassandra-tutorial.yaml")
            .change(
                "            - {name: CASSANDRA_RACK,",
                "            - {name: CASSANDRA_AUTO_BOOTSTRAP, value: \"false\"}\n"
                    + "            - {name: CASSANDRA_RACK,")
            .istio("none")
            .logs("cassandra-1", 120);

    assertThat(millisUntil(log, "Startup complete")).isBetween(9_000L, 10_000L);
  }
}
