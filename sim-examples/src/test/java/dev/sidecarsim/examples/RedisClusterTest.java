package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes of a cluster say and log, as real ones of 7.0.15 did. */
class RedisClusterTest {

  private static final String NODE = "my-release-redis-cluster-";

  private static AppRun cluster(String options) {
    return AppRun.of("redis-cluster.yaml")
        .istio("none")
        .change("6.2.3-debian-10-r0", "7.0.15")
        .and(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: options}
            data:
              redis.conf: |
                %s
            """
                .formatted(options))
        .change(
            "ports:\n            - {name: tcp-redis, containerPort: 6379}",
            "volumeMounts: [{name: options, mountPath: /opt/bitnami/redis/etc}]\n          "
                + "ports:\n            - {name: tcp-redis, containerPort: 6379}")
        .change(
            "      containers:\n        - name: my-release-redis-cluster\n",
            """
                  volumes: [{name: options, configMap: {name: options}}]
                  containers:
                    - name: my-release-redis-cluster
            """);
  }

  private static String ask(World world, int node, String command) {
    return AppRun.exec(world, NODE + node, ("redis-cli " + command).split(" ", -1));
  }

  private static List<String> withoutIds(String text) {
    return text.lines().map(line -> line.replaceAll("\\b[0-9a-f]{40}\\b", "ID")).toList();
  }

  private static List<String> log(World world, int node) {
    return world
        .cluster()
        .output(world.podOf(NODE + node).orElseThrow(), "my-release-redis-cluster")
        .stream()
        .map(line -> line.replaceAll("^1:(\\w) .*?\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ", "$1 "))
        .map(line -> line.replaceAll("\\b[0-9a-f]{40}\\b", "ID"))
        .toList();
  }

  /** redis-cli --cluster create deals replicas to masters beginning with the second one. */
  @Test
  void slotsAreToldWithTheirMasterAndItsReplicas() {
    World world = cluster("# none").until(60);

    assertThat(withoutIds(ask(world, 1, "cluster slots")))
        .containsExactly(
            "0",
            "5460",
            "10.244.0.10",
            "6379",
            "ID",
            "",
            "10.244.0.14",
            "6379",
            "ID",
            "",
            "5461",
            "10922",
            "10.244.0.11",
            "6379",
            "ID",
            "",
            "10.244.0.15",
            "6379",
            "ID",
            "",
            "10923",
            "16383",
            "10.244.0.12",
            "6379",
            "ID",
            "",
            "10.244.0.13",
            "6379",
            "ID",
            "");
    assertThat(ask(world, 1, "cluster info"))
        .contains("cluster_stats_messages_meet_sent:1", "total_cluster_links_buffer_limit");
  }

  @Test
  void aFailedMasterIsAShardWithoutSlots() {
    World world = cluster("# none").until(60);
    AppRun.stop(world, NODE + 0);
    world.runFor(Durations.seconds(40));

    List<String> shards = withoutIds(ask(world, 1, "cluster shards"));
    assertThat(shards.stream().filter("slots"::equals)).hasSize(4);
    assertThat(shards.stream().filter("fail"::equals)).hasSize(1);
    int failed = shards.indexOf("fail");
    assertThat(shards.subList(failed - 16, failed + 1))
        .startsWith("slots", "", "nodes", "id", "ID", "port", "6379", "ip", "10.244.0.10")
        .contains("endpoint", "role", "master", "health");
  }

  /** Hostnames travel in the bus's ping extensions, which 6.2 does not have. */
  @ParameterizedTest
  @CsvSource({
    "ip, 10.244.0.12, hostname",
    "hostname, n.example, ip",
    "unknown-endpoint, '', ip",
  })
  void clientsAreSentToThePreferredEndpoint(String type, String endpoint, String other) {
    World world =
        cluster("cluster-announce-hostname n.example\n    cluster-preferred-endpoint-type " + type)
            .until(60);

    assertThat(ask(world, 1, "cluster nodes")).contains("10.244.0.12:6379@16379,n.example master");
    assertThat(ask(world, 1, "get foo")).isEqualTo("MOVED 12182 " + endpoint + ":6379\n\n");
    assertThat(ask(world, 1, "cluster slots").lines()).contains(other);
  }

  @Test
  void before70ThereAreNoHostnamesAndNoShards() {
    World world =
        cluster("cluster-announce-hostname n.example").change("7.0.15", "6.2.14").until(60);

    assertThat(ask(world, 1, "cluster nodes")).doesNotContain("n.example").contains("10.244.0.12");
    assertThat(ask(world, 1, "cluster shards")).startsWith("ERR unknown subcommand 'shards'");
  }

  /** The port that is announced is the one by which nodes know each other and send clients. */
  @Test
  void anAnnouncedPortHoldsInPlaceOfTheOwn() {
    World world = cluster("cluster-announce-port 7000").until(60);

    assertThat(ask(world, 1, "cluster nodes"))
        .contains("10.244.0.11:7000@16379 myself,master", "10.244.0.12:7000@16379 master");
    assertThat(ask(world, 1, "get foo")).startsWith("MOVED 12182 10.244.0.12:7000");
    // The replicas call the port that is announced, where nobody listens.
    assertThat(ask(world, 4, "info replication")).contains("master_link_status:down");
  }

  @Test
  void aFailoverIsLoggedAsByRealNodes() {
    World world = cluster("cluster-node-timeout 5000").start();
    world.perform(Cluster::keepOutput);
    world.runUntil(60);
    Consumer<Cluster> again = AppRun.stop(world, NODE + 0);
    world.runFor(Durations.seconds(20));
    world.perform(again);
    world.runFor(Durations.seconds(20));

    assertThat(log(world, 1))
        .contains(
            "M * No cluster configuration found, I'm ID",
            "M # configEpoch set to 2 via CLUSTER SET-CONFIG-EPOCH",
            "M # IP address for this node updated to 10.244.0.11",
            "M # Failover auth granted to ID for epoch 7",
            "M * Clear FAIL state for node ID: master without slots is reachable again.");
    assertThat(log(world, 4))
        .containsSubsequence(
            "S # Connection with master lost.",
            "S # Cluster state changed: fail",
            "S # Starting a failover election for epoch 7.",
            "S # Failover election won: I'm the new master.",
            "S # configEpoch set to 7 after successful failover",
            "M # Cluster state changed: ok",
            "M * Replica 10.244.0.10:6379 asks for synchronization");
    assertThat(log(world, 0)).contains("M * Node configuration loaded, I'm ID");
  }
}
