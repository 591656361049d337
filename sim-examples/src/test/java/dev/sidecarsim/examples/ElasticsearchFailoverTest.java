package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.app.failure.Harm;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Elasticsearch's fault detection and voting configuration do by its documentation. */
class ElasticsearchFailoverTest {

  private static final String APP = "elasticsearch-master";

  private static AppRun nodes(int count) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < count; i++) {
      names.append(APP).append('-').append(i).append(',');
    }
    return AppRun.of("elasticsearch.yaml")
        .change("replicas: 3", "replicas: " + count)
        .change(APP + "-0," + APP + "-1," + APP + "-2,", names.toString());
  }

  private static void pass(World world, int seconds) {
    world.runFor(Durations.seconds(seconds));
  }

  private static String master(World world) {
    return AppRun.report(world, APP).leader().orElseThrow();
  }

  private static String health(World world, String pod) {
    return AppRun.exec(world, pod, "curl", "-s", "localhost:9200/_cluster/health?timeout=1s");
  }

  @ParameterizedTest
  @CsvSource({"none, true", "none, false", "1.9.5, false", "1.10.0, true", "1.10.0, false"})
  void whoWasKilledJoinsAgain(String istio, boolean leader) {
    World world = AppRun.of("elasticsearch.yaml").istio(istio).until(60);
    String master = master(world);
    world.kill(leader ? master : master.equals(APP + "-0") ? APP + "-1" : APP + "-0");
    pass(world, 25);

    FormationReport report = AppRun.report(world, APP);
    assertThat(report.members()).extracting(MemberStatus::serving).containsOnly(true);
    assertThat(report.leader().orElseThrow().equals(master)).isEqualTo(!leader);
    assertThat(health(world, APP + "-2")).contains("\"number_of_nodes\":3");
  }

  /**
   * Silence is noticed after three checks of ten seconds each. The new master publishes to the old
   * one as well, and does not go by its own state until it gives that up after another 30 s: real
   * 7.10.2 and 7.17.9 answered 503 for 62 to 65 s, while the third node followed after 33 s.
   */
  @ParameterizedTest
  @ValueSource(strings = {"none", "1.10.0"})
  void aMasterThatFallsSilentIsMissedAfterHalfAMinuteAndReplacedAfterAWholeOne(String istio) {
    World world = AppRun.of("elasticsearch.yaml").istio(istio).until(60);
    String master = master(world);
    Consumer<Cluster> heal = AppRun.cut(world, master);
    List<String> others = pods(3).stream().filter(pod -> !pod.equals(master)).toList();

    pass(world, 30);
    assertThat(master(world)).isEqualTo(master);
    pass(world, 10);
    assertThat(others)
        .extracting(pod -> health(world, pod).contains("\"number_of_nodes\":3"))
        .containsExactlyInAnyOrder(true, false);
    pass(world, 30);
    assertThat(others).allMatch(pod -> health(world, pod).contains("\"number_of_nodes\":2"));
    assertThat(health(world, master)).contains("master_not_discovered_exception");

    world.perform(heal);
    pass(world, 120);
    assertThat(AppRun.report(world, APP).members())
        .extracting(MemberStatus::serving)
        .containsOnly(true);
  }

  /** A follower that is cut off from the master alone is out, and cannot depose it (7.17.9). */
  @Test
  void whoDoesNotReachTheMasterIsOutAndTheOthersGoOn() {
    World world = AppRun.of("elasticsearch.yaml").istio("none").until(60);
    String master = master(world);
    List<String> others = pods(3).stream().filter(pod -> !pod.equals(master)).toList();
    Consumer<Cluster> heal =
        new Harm.Partition().strike(world.run(), List.of(master, others.get(0)));

    pass(world, 100);
    assertThat(master(world)).isEqualTo(master);
    assertThat(health(world, others.get(0))).contains("master_not_discovered_exception");
    assertThat(health(world, others.get(1))).contains("\"number_of_nodes\":2");

    world.perform(heal);
    pass(world, 60);
    assertThat(health(world, others.get(0))).contains("\"number_of_nodes\":3");
  }

  private static List<String> pods(int count) {
    return java.util.stream.IntStream.range(0, count).mapToObj(i -> APP + "-" + i).toList();
  }

  /**
   * The exclusions API moves the vote, and with it the mastership, before a node is stopped; what
   * is asked of another node reaches the master (both seen with real 7.10.2).
   */
  @Test
  void anExcludedMasterMakesRoomForAnother() {
    World world = nodes(2).istio("1.10.0").start();
    world.perform(Cluster::keepOutput);
    world.runUntil(60);
    String master = master(world);
    String other = master.equals(APP + "-0") ? APP + "-1" : APP + "-0";
    AppRun.exec(
        world,
        other,
        "curl",
        "-X",
        "POST",
        "localhost:9200/_cluster/voting_config_exclusions?node_names=" + master);
    pass(world, 10);

    assertThat(master(world)).isEqualTo(other);
    PodName name = PodName.parse(master);
    assertThat(world.cluster().output(world.pod(name), world.container(name).name()))
        .anyMatch(line -> line.matches(".*abdicating to \\{" + other + "}.* with term 2"));
    AppRun.stop(world, master);
    pass(world, 10);
    assertThat(health(world, other)).contains("\"number_of_nodes\":1");
  }

  /** Elastic's script asks for the health until it was well once, then only for an answer. */
  @Test
  void aNodeThatWasReadyStaysReadyWithoutAMaster() {
    World world = AppRun.of("elasticsearch.yaml").istio("none").until(120);
    AppRun.stop(world, APP + "-0");
    AppRun.stop(world, APP + "-1");
    pass(world, 60);

    assertThat(health(world, APP + "-2")).contains("master_not_discovered_exception");
    assertThat(world.podOf(APP + "-2").map(RunningPod::ready).orElse(false)).isTrue();
  }

  /** The voting configuration is odd: of two nodes the master alone decides. */
  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void ofTwoNodesOnlyTheMasterMatters(boolean stopsMaster, boolean goesOn) {
    World world = nodes(2).istio("none").until(60);
    String master = master(world);
    String other = master.equals(APP + "-0") ? APP + "-1" : APP + "-0";
    AppRun.stop(world, stopsMaster ? master : other);
    pass(world, 60);

    assertThat(health(world, stopsMaster ? other : master))
        .contains(goesOn ? "\"number_of_nodes\":1" : "master_not_discovered_exception");
  }

  /** It shrinks to three as nodes leave, so that two of five nodes still serve; one does not. */
  @Test
  void nodesCanLeaveOneAfterTheOtherUntilTwoAreLeft() {
    World world = nodes(5).istio("1.10.0").until(60);
    for (int i = 0; i < 3; i++) {
      AppRun.stop(world, APP + "-" + i);
      pass(world, 10);
      assertThat(health(world, APP + "-4")).contains("\"number_of_nodes\":" + (4 - i));
    }
    AppRun.stop(world, APP + "-3");
    pass(world, 10);
    assertThat(health(world, APP + "-4")).contains("master_not_discovered_exception");
  }

  /** With three of five gone at once nothing can be voted on. */
  @Test
  void threeOfFiveAtOnceAreTooMany() {
    World world = nodes(5).istio("none").until(60);
    for (int i = 0; i < 3; i++) {
      AppRun.stop(world, APP + "-" + i);
    }
    pass(world, 60);

    assertThat(health(world, APP + "-4")).contains("master_not_discovered_exception");
    assertThat(AppRun.report(world, APP).reasons().toString())
        .contains("an election requires at least 3 nodes with ids from [")
        .contains("which is not a quorum");
  }

  @Test
  void nodesOfAnotherClusterAreNotTalkedTo() {
    FormationReport report =
        AppRun.of("elasticsearch.yaml")
            .change(
                "{name: cluster.name, value: elasticsearch}",
                "{name: cluster.name, value: $(POD_IP)}")
            .istio("none")
            .after(60, APP);

    assertThat(report.formed()).isFalse();
    assertThat(report.reasons().toString())
        .contains(
            "remote cluster name [10.244.0.11] does not match local cluster name [10.244.0.10]");
  }

  /** Words that are to be found in logs of 7.x. */
  @Test
  void logsTellOfAddressesAndMasters() {
    String log =
        String.join("\n", AppRun.of("elasticsearch.yaml").istio("1.10.0").logs(APP + "-0", 40));

    assertThat(log)
        .contains("publish_address {10.244.0.10:9300}, bound_addresses {[::]:9300}")
        .contains("publish_address {10.244.0.10:9200}, bound_addresses {[::]:9200}")
        .contains("setting initial configuration to VotingConfiguration{")
        .contains("cluster UUID set to [")
        .contains("master node changed {previous [], current [{" + APP + "-")
        .doesNotContain("master not discovered");
  }

  @Test
  void logsTellEveryTenSecondsThatThereIsNoMaster() {
    List<String> log =
        AppRun.of("elasticsearch.yaml")
            .change("{name: network.host, value: 0.0.0.0}", "{name: network.host, value: _site_}")
            .istio("1.9.5")
            .logs(APP + "-0", 60);

    assertThat(log)
        .filteredOn(line -> line.contains("bound_addresses {10.244.0.10:9300}"))
        .hasSize(1);
    assertThat(log)
        .filteredOn(line -> line.contains("[WARN ]["))
        .filteredOn(line -> !line.contains("ClusterFormationFailureHelper"))
        .singleElement()
        .asString()
        .endsWith("timed out while waiting for initial discovery state - timeout: 30s");
    assertThat(log)
        .filteredOn(line -> line.contains("[WARN ][o.e.c.c.ClusterFormationFailureHelper]"))
        .hasSize(5)
        .allMatch(
            line ->
                line.contains("this node must discover master-eligible nodes [" + APP + "-0, ")
                    && line.contains(
                        "discovery will continue using [10.244.0.11:9300, 10.244.0.12:9300]")
                    && line.endsWith("node term 0, last-accepted version 0 in term 0"));
  }
}
