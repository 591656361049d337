package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.app.failure.Harm;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of a NiFi cluster whose nodes or ZooKeeper servers fail. A node asks for sessions of
 * 3 s and is given 4 s, two ticks; a heartbeat is sent every 5 s, and eight may be missed.
 */
class NifiFailoverTest {

  private static final String ZOOKEEPER = "my-release-zookeeper-";

  private static World cluster(String istio) {
    return AppRun.of("zookeeper.yaml").with("nifi.yaml").istio(istio).until(60);
  }

  private static void pass(World world, int seconds) {
    world.runFor(Durations.seconds(seconds));
  }

  private static FormationReport report(World world) {
    return AppRun.report(world, "nifi");
  }

  private static String coordinator(World world) {
    return report(world).leader().orElseThrow();
  }

  private static String other(String pod) {
    return pod.equals("nifi-0") ? "nifi-1" : "nifi-0";
  }

  /** What a node's REST interface says of the nodes. */
  private static String nodes(World world, String pod) {
    String url = "http://" + pod + ".nifi-headless:8080/nifi-api/controller/cluster";
    return AppRun.exec(world, pod, "curl", "-s", url);
  }

  private static String status(String nodes, String pod) {
    String behind = nodes.substring(nodes.indexOf("\"address\":\"" + pod));
    return behind.replaceFirst(".*?\"status\":\"(\\w+)\".*", "$1");
  }

  private static void assertAllConnected(World world) {
    for (String pod : List.of("nifi-0", "nifi-1", "nifi-2")) {
      assertThat(status(nodes(world, pod), pod)).isEqualTo("CONNECTED");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "1.10.0"})
  void everyNodeNamesOneCoordinatorAndOnePrimaryNode(String istio) {
    World world = cluster(istio);
    String nodes = nodes(world, "nifi-0");

    assertThat(nodes.split("\"Cluster Coordinator\"", -1)).hasSize(2);
    assertThat(nodes.split("\"Primary Node\"", -1)).hasSize(2);
    assertThat(nodes)
        .startsWith("{\"cluster\":{\"nodes\":[{\"nodeId\":\"")
        .contains("\"message\":\"Received first heartbeat from connecting node. Node connected.\"");
    assertAllConnected(world);
  }

  /** Its session is over after two to three ticks without a ping; the next in the queue leads. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "1.10.0"})
  void anotherNodeCoordinatesOnceTheCoordinatorsSessionIsOver(String istio) {
    World world = cluster(istio);
    String dead = coordinator(world);
    AppRun.stop(world, dead);

    pass(world, 2);
    assertThat(report(world).formed()).isFalse();
    pass(world, 8);
    assertThat(report(world).formed()).isTrue();
    assertThat(coordinator(world)).isNotEqualTo(dead);
  }

  /** It closes its session with ZooKeeper, and tells the others, who need not wait. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "1.10.0"})
  void aCoordinatorThatIsDeletedLeavesInOrder(String istio) {
    World world = cluster(istio);
    String gone = coordinator(world);
    new Harm.Delete().strike(world.run(), List.of(gone));

    pass(world, 3);
    assertThat(report(world).formed()).isTrue();
    assertThat(coordinator(world)).isNotEqualTo(gone);
    String nodes = nodes(world, coordinator(world));
    assertThat(status(nodes, gone)).isEqualTo("DISCONNECTED");
    assertThat(nodes).contains("to DISCONNECTED due to Node was Shutdown");
  }

  /** The new coordinator forgets what it heard before, and waits for eight heartbeats. */
  @Test
  void aNodeIsTakenForLostAfterFortySeconds() {
    World world = cluster("1.10.0");
    String living = coordinator(world);
    String dead = other(living);
    AppRun.stop(world, dead);

    pass(world, 34);
    assertThat(status(nodes(world, living), dead)).isEqualTo("CONNECTED");
    pass(world, 17);
    assertThat(status(nodes(world, living), dead)).isEqualTo("DISCONNECTED");
    assertThat(nodes(world, living))
        .contains("Node disconnected from cluster due to Have not received a heartbeat from node");
    assertThat(report(world).formed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"none, true", "none, false", "1.10.0, true", "1.10.0, false"})
  void whoWasKilledJoinsAgain(String istio, boolean coordinates) {
    World world = cluster(istio);
    String coordinator = coordinator(world);
    world.kill(coordinates ? coordinator : other(coordinator));
    pass(world, 60);

    assertThat(report(world).members()).extracting(MemberStatus::serving).containsOnly(true);
    assertThat(coordinator(world).equals(coordinator)).isEqualTo(!coordinates);
    assertAllConnected(world);
  }

  /** A heartbeat of a node that was taken for lost makes the coordinator ask it to reconnect. */
  @Test
  void whoWasCutOffIsAskedToReconnect() {
    World world = cluster("1.10.0");
    String lost = other(coordinator(world));
    Consumer<Cluster> heal = AppRun.cut(world, lost);
    pass(world, 55);
    assertThat(status(nodes(world, coordinator(world)), lost)).isEqualTo("DISCONNECTED");

    world.perform(heal);
    pass(world, 60);

    String nodes = nodes(world, coordinator(world));
    assertThat(status(nodes, lost)).isEqualTo("CONNECTED");
    assertThat(nodes)
        .contains(
            "Received heartbeat from node previously disconnected due to Lack of Heartbeat."
                + " Issuing reconnection request.");
  }

  /** The client moves on to another server with its session; nobody loses a role. */
  @Test
  void aZooKeeperServerMayFail() {
    World world = cluster("none");
    String coordinator = coordinator(world);
    AppRun.stop(world, ZOOKEEPER + "0");
    pass(world, 30);

    assertThat(report(world).formed()).isTrue();
    assertThat(coordinator(world)).isEqualTo(coordinator);
  }

  /** Nodes go on with what they do, but there is nobody who could answer for all. */
  @Test
  void withoutAQuorumOfZooKeeperThereIsNoCoordinator() {
    World world = cluster("none");
    Consumer<Cluster> one = AppRun.stop(world, ZOOKEEPER + "0");
    Consumer<Cluster> two = AppRun.stop(world, ZOOKEEPER + "1");
    pass(world, 60);

    assertThat(report(world).formed()).isFalse();
    assertThat(report(world).members()).extracting(MemberStatus::state).containsOnly("CONNECTED");
    assertThat(nodes(world, "nifi-0"))
        .contains("there is currently no Cluster Coordinator elected");

    world.perform(one);
    world.perform(two);
    pass(world, 60);
    assertThat(report(world).members()).extracting(MemberStatus::serving).containsOnly(true);
    assertAllConnected(world);
  }

  /** Words that are to be found in nifi-app.log of 1.x. */
  @Test
  void logsTellOfElectionsAndHeartbeats() {
    String log =
        String.join(
            "\n", AppRun.of("zookeeper.yaml").with("nifi.yaml").istio("1.10.0").logs("nifi-0", 60));

    assertThat(log)
        .contains(
            "INFO [main] o.apache.nifi.controller.FlowController Checking if there is already a"
                + " Cluster Coordinator Elected...")
        .contains(
            "INFO [main] o.a.nifi.controller.StandardFlowService Connecting Node:"
                + " nifi-0.nifi-headless:8080")
        .containsPattern(
            "INFO \\[Clustering Tasks Thread-1\\] o\\.a\\.n\\.c\\.c\\.ClusterProtocolHeartbeater"
                + " Heartbeat created at .* and sent to nifi-\\d\\.nifi-headless:11443 at .*;"
                + " send took \\d+ millis")
        .contains("NiFi has started. The UI is available at the following URLs:");
  }
}
