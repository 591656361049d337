package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Masters that go, in a cluster of three masters with a replica each and under Sentinels: what real
 * servers of 7.0.15 said, asked of the model. {@link RealRedisTest} asks them again.
 */
class RedisFailoverTest {

  private static final String NODE = "my-release-redis-cluster-";
  private static final int WATCHING = 2;

  static AppRun announcing(String istio) {
    return AppRun.of("redis-cluster.yaml")
        .istio(istio)
        .change(
            "- {name: REDIS_PORT,",
            """
            - {name: REDIS_CLUSTER_DYNAMIC_IPS, value: "no"}
                        - {name: REDIS_CLUSTER_ANNOUNCE_IP, value: $(POD_IP)}
                        - {name: REDIS_PORT,""");
  }

  /** CLUSTER NODES without ids, addresses and times, and CLUSTER INFO's words on the whole. */
  static List<String> view(World world, int node) {
    return shapes(
        AppRun.exec(world, NODE + node, "redis-cli", "cluster", "nodes")
            + AppRun.exec(world, NODE + node, "redis-cli", "cluster", "info"));
  }

  static List<String> shapes(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> line.matches(".*@\\d+ .*|cluster_(state|slots|size|current|my).*"))
        .map(
            line ->
                line.replaceAll(
                    "^\\S+ \\S+ (?:myself,)?(\\S+) \\S+ \\d+ \\d+ (\\d+) (\\S+)", "$1 $2 $3"))
        .sorted()
        .toList();
  }

  /** Stops a node's program for good; the answer lets it start again. */
  static Consumer<Cluster> stop(World world, int node) {
    return AppRun.stop(world, NODE + node);
  }

  private static void pass(World world, int seconds) {
    world.runFor(Durations.seconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"none", "1.9.5", "1.10.0"})
  void aReplicaTakesThePlaceOfAFailedMaster(String istio) {
    World world = announcing(istio).until(60);
    Consumer<Cluster> again = stop(world, 0);
    pass(world, 14);
    assertThat(view(world, WATCHING)).doesNotContain("master,fail 1 disconnected 0-5460");

    pass(world, 26);

    assertThat(view(world, WATCHING))
        .containsExactly(
            "cluster_current_epoch:7",
            "cluster_my_epoch:3",
            "cluster_size:3",
            "cluster_slots_assigned:16384",
            "cluster_slots_fail:0",
            "cluster_slots_ok:16384",
            "cluster_slots_pfail:0",
            "cluster_state:ok",
            "master 2 connected 5461-10922",
            "master 3 connected 10923-16383",
            "master 7 connected 0-5460",
            "master,fail 1 disconnected",
            "slave 2 connected",
            "slave 3 connected");
    assertThat(AppRun.exec(world, NODE + 1, "redis-cli", "get", "bar"))
        .contains("MOVED 5061 " + world.podOf(NODE + 4).orElseThrow().ip() + ":6379");

    world.perform(again);
    pass(world, 20);

    assertThat(view(world, WATCHING)).contains("slave 7 connected", "cluster_state:ok");
    assertThat(AppRun.exec(world, NODE + 0, "redis-cli", "cluster", "nodes"))
        .contains("myself,slave ");
    assertThat(AppRun.exec(world, NODE + 4, "redis-cli", "info", "replication"))
        .contains("role:master", "connected_slaves:1");
  }

  @Test
  void withItsReplicaAMasterTakesItsSlotsAlong() {
    World world = announcing("none").until(60);
    stop(world, 1);
    stop(world, 5);
    pass(world, 40);

    assertThat(view(world, WATCHING))
        .contains(
            "cluster_current_epoch:6",
            "cluster_slots_fail:5462",
            "cluster_state:fail",
            "master,fail 2 disconnected 5461-10922",
            "slave,fail 2 disconnected");
    assertThat(AppRun.exec(world, NODE + WATCHING, "redis-cli", "get", "foo"))
        .contains("CLUSTERDOWN The cluster is down");
  }

  @Test
  void withoutAMajorityOfMastersNobodyIsCalledFailedOrReplaced() {
    World world = announcing("none").until(60);
    stop(world, 0);
    stop(world, 1);
    pass(world, 60);

    assertThat(view(world, WATCHING))
        .contains(
            "cluster_current_epoch:6",
            "cluster_state:fail",
            "master,fail? 1 disconnected 0-5460",
            "master,fail? 2 disconnected 5461-10922",
            "slave 1 connected");
  }

  /** A master that is cut off goes on for a node timeout, and comes back as a replica. */
  @Test
  void aMasterThatIsCutOffStopsAndComesBackAsAReplica() {
    World world = announcing("none").until(60);
    Consumer<Cluster> heal = AppRun.cut(world, NODE + 0);
    pass(world, 40);

    assertThat(view(world, 0)).contains("cluster_state:fail", "master 1 connected 0-5460");
    assertThat(view(world, WATCHING)).contains("cluster_state:ok", "master 7 connected 0-5460");

    world.perform(heal);
    pass(world, 60);

    assertThat(view(world, 0)).contains("cluster_state:ok", "slave 7 connected");
  }

  // ---- Sentinel

  private static final String PRESENT = "sentinel get-master-addr-by-name mymaster";

  private static String present(World world, int sentinel) {
    return AppRun.exec(
        world, "sentinel-" + sentinel, ("redis-cli -p 26379 " + PRESENT).split(" ", -1));
  }

  private static String set(World world, int server) {
    return AppRun.exec(world, "redis-" + server, "redis-cli", "set", "k", "v");
  }

  /** The old master is cut off with one Sentinel, which alone has no quorum. */
  @ParameterizedTest
  @CsvSource({"0, OK", "1, NOREPLICAS"})
  void aMasterThatIsCutOffIsReplacedAndDemotedLater(int minReplicas, String written) {
    World world =
        AppRun.of("redis-sentinel.yaml")
            .istio("none")
            .change("--appendonly, \"no\"", "--min-replicas-to-write, \"" + minReplicas + "\"")
            .until(60);
    Consumer<Cluster> heal = AppRun.cut(world, "redis-0");
    Consumer<Cluster> healSentinel = AppRun.cut(world, "sentinel-0");
    pass(world, 20);

    assertThat(present(world, 0)).isEqualTo("10.244.0.10\n6379\n");
    assertThat(present(world, 1)).isEqualTo(present(world, 2)).doesNotContain("10.244.0.10\n");
    assertThat(set(world, 0)).startsWith(written);

    world.perform(heal);
    world.perform(healSentinel);
    pass(world, 60);

    assertThat(present(world, 0)).isEqualTo(present(world, 1));
    assertThat(set(world, 0)).startsWith("READONLY");
  }
}
