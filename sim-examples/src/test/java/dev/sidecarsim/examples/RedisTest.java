package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.app.Belief;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.kube.ManifestException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What real servers of 7.0.15 said behind the redirection rules and a proxy, asked of the model.
 */
class RedisTest {

  private static final String MASTER = "my-release-redis-master-0";
  private static final String NODE = "my-release-redis-cluster-";

  // ---- replication

  private static Set<String> replicasInInfo(World world) {
    return AppRun.exec(world, MASTER, "redis-cli", "info", "replication")
        .lines()
        .filter(line -> line.startsWith("slave"))
        .map(line -> line.replaceAll("slave\\d:ip=([^,]*),port=6379,state=online.*", "$1"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @CsvSource({
    "none, 10.244.0.12 10.244.0.13",
    "1.9.5, 127.0.0.1",
    "1.10.0, 127.0.0.6",
  })
  void theMasterKnowsReplicasByTheAddressThatItSees(String istio, String addresses) {
    World world = AppRun.of("redis.yaml").istio(istio).until(60);

    FormationReport report = AppRun.report(world, "my-release-redis-master");
    assertThat(report.formed()).isTrue();
    assertThat(report.leader()).contains(MASTER);
    assertThat(replicasInInfo(world)).isEqualTo(Set.of(addresses.split(" ", -1)));
    assertThat(AppRun.peersSeen(report, 6379)).isEqualTo(Set.of(addresses.split(" ", -1)));
  }

  @ParameterizedTest
  @CsvSource({"1.9.5", "1.10.0"})
  void anAnnouncedAddressHoldsInstead(String istio) {
    World world =
        AppRun.of("redis.yaml")
            .istio(istio)
            .change(
                "dir /data\n    slave-read-only yes",
                "replica-announce-ip ${HOSTNAME}.my-release-redis-headless")
            .until(60);

    assertThat(replicasInInfo(world))
        .containsExactly(
            "my-release-redis-replicas-0.my-release-redis-headless",
            "my-release-redis-replicas-1.my-release-redis-headless");
    assertThat(AppRun.report(world, "my-release-redis-replicas").wrongAddresses()).isEmpty();
  }

  @Test
  void writesReachReplicasWhateverAddressTheyAreKnownBy() {
    World world = AppRun.of("redis.yaml").istio("1.10.0").until(60);

    assertThat(AppRun.exec(world, MASTER, "redis-cli", "set", "k", "v")).isEqualTo("OK\n");
    world.runUntil(65);
    assertThat(AppRun.exec(world, "my-release-redis-replicas-1", "redis-cli", "get", "k"))
        .isEqualTo("v\n");
    assertThat(AppRun.exec(world, "my-release-redis-replicas-1", "redis-cli", "set", "k", "w"))
        .startsWith("READONLY");
  }

  /** 7.0 takes only 127.0.0.1 for local, 7.2 and newer all of 127.0.0.0/8. */
  @ParameterizedTest
  @CsvSource({
    "7.0.15, none, false", "7.0.15, 1.9.5, true", "7.0.15, 1.10.0, false",
    "7.2.4, none, false", "7.2.4, 1.9.5, true", "7.2.4, 1.10.0, true",
  })
  void protectedModeTakesTheProxyForALocalCaller(String redis, String istio, boolean lets) {
    FormationReport report =
        AppRun.of("redis.yaml")
            .change("6.2.3-debian-10-r0", redis)
            .change("appendonly yes", "protected-mode yes")
            .istio(istio)
            .after(60, "my-release-redis-master");

    assertThat(report.formed()).isEqualTo(lets);
    assertThat(report.reasons().toString().contains("-DENIED Redis is running in protected mode"))
        .isEqualTo(!lets);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls-port 6379", "tls-replication yes", "tls-cluster yes"})
  void tlsOfItsOwnIsNamedAsNotModelled(String line) {
    AppRun run = AppRun.of("redis.yaml").istio("none").change("appendonly yes", line);

    assertThatThrownBy(() -> run.until(1))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining(line.substring(0, line.indexOf(' ')))
        .hasMessageContaining("is not modelled; leave TLS to the mesh");
  }

  @Test
  void aTlsPortOfZeroIsNone() {
    AppRun run = AppRun.of("redis.yaml").istio("none").change("appendonly yes", "tls-port 0");

    assertThat(run.after(60, "my-release-redis-master").formed()).isTrue();
  }

  // ---- Sentinel

  private static World masterKilled(AppRun run) {
    World world = run.until(60);
    world.kill("redis-0");
    world.runUntil(150);
    return world;
  }

  private static AppRun announcing(String istio) {
    AppRun run = AppRun.of("redis-sentinel.yaml").istio(istio);
    for (int i = 1; i <= 2; i++) {
      run.change(
          "redis-"
              + i
              + "\n  subdomain: redis\n  restartPolicy: Never\n  containers:\n"
              + "    - {name: redis, image: \"redis:7.0.15\", args: [redis-server,",
          "redis-"
              + i
              + "\n  subdomain: redis\n  restartPolicy: Never\n  containers:\n"
              + "    - {name: redis, image: \"redis:7.0.15\", args: [redis-server,"
              + " --replica-announce-ip, redis-"
              + i
              + ".redis,");
    }
    return run;
  }

  private static String present(World world) {
    return AppRun.exec(
        world,
        "sentinel-1",
        "redis-cli",
        "-p",
        "26379",
        "sentinel",
        "get-master-addr-by-name",
        "mymaster");
  }

  @ParameterizedTest
  @CsvSource({"1.9.5", "1.10.0"})
  void withoutAnnouncementSentinelFindsNoGoodReplica(String istio) {
    World world = masterKilled(AppRun.of("redis-sentinel.yaml").istio(istio));

    FormationReport report = AppRun.report(world, "sentinel");
    assertThat(report.reasons().toString())
        .contains("-failover-abort-no-good-slave")
        .containsPattern("sees slave 127\\.0\\.0\\.[16]:6379 as s_down");
    assertThat(present(world)).isEqualTo("10.244.0.10\n6379\n");
    assertThat(AppRun.report(world, "redis").formed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1.9.5", "1.10.0"})
  void withAnnouncementAReplicaIsPromoted(String istio) {
    World world = masterKilled(announcing(istio));

    assertThat(present(world)).containsPattern("10\\.244\\.0\\.1[12]\n6379\n");
    FormationReport report = AppRun.report(world, "redis");
    assertThat(report.formed()).isTrue();
    assertThat(report.leader()).isPresent().isNotEqualTo(java.util.Optional.of("redis-0"));
  }

  @Test
  void withoutAMeshNothingNeedsToBeAnnounced() {
    World world = masterKilled(AppRun.of("redis-sentinel.yaml").istio("none"));

    assertThat(present(world)).containsPattern("10\\.244\\.0\\.1[12]\n6379\n");
    assertThat(AppRun.report(world, "redis").formed()).isTrue();
  }

  // ---- Cluster

  private static String info(World world, int node, String field) {
    return AppRun.exec(world, NODE + node, "redis-cli", "cluster", "info")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void withoutAMeshSixNodesFormACluster() {
    World world = AppRun.of("redis-cluster.yaml").istio("none").until(60);

    FormationReport report = AppRun.report(world, "my-release-redis-cluster");
    assertThat(report.formed()).isTrue();
    assertThat(report.wrongAddresses()).isEmpty();
    assertThat(report.members())
        .extracting(member -> member.role().orElseThrow())
        .containsExactly("leader", "leader", "leader", "follower", "follower", "follower");
    assertThat(info(world, 0, "cluster_known_nodes")).isEqualTo("6");
  }

  /**
   * redis-cli --cluster create, real: the first node knows itself, each other one it and the first.
   */
  @ParameterizedTest
  @CsvSource({"1.9.5, 127.0.0.1", "1.10.0, 127.0.0.6"})
  void behindSidecarsTheFirstNodeMeetsItself(String istio, String ownAddress) {
    World world = AppRun.of("redis-cluster.yaml").istio(istio).until(60);

    FormationReport report = AppRun.report(world, "my-release-redis-cluster");
    assertThat(report.formed()).isFalse();
    assertThat(report.reasons()).contains(NODE + "0 waits for the cluster to join");
    assertThat(info(world, 0, "cluster_known_nodes")).isEqualTo("1");
    assertThat(info(world, 1, "cluster_known_nodes")).isEqualTo("2");
    assertThat(AppRun.exec(world, NODE + "0", "redis-cli", "cluster", "nodes"))
        .contains(" " + ownAddress + ":6379@16379 myself,master ")
        .endsWith(" 0-5460\n\n");
    assertThat(report.addresses())
        .filteredOn(belief -> belief.holder().equals(NODE + "1"))
        .extracting(Belief::address)
        .containsExactly("10.244.0.10:6379");
  }

  @ParameterizedTest
  @CsvSource({"1.9.5", "1.10.0"})
  void announcedAddressesCureTheCluster(String istio) {
    World world =
        AppRun.of("redis-cluster.yaml")
            .istio(istio)
            .change(
                "- {name: REDIS_PORT,",
                """
                - {name: REDIS_CLUSTER_DYNAMIC_IPS, value: "no"}
                            - {name: REDIS_CLUSTER_ANNOUNCE_IP, value: $(POD_IP)}
                            - {name: REDIS_PORT,""")
            .until(60);

    FormationReport report = AppRun.report(world, "my-release-redis-cluster");
    assertThat(report.formed()).isTrue();
    assertThat(AppRun.exec(world, NODE + "1", "redis-cli", "cluster", "nodes"))
        .doesNotContain("127.0.0.");
  }

  /** Three bare nodes, one of which meets the two others, as in the measurement. */
  @Test
  void whoMeetsTheOthersKnowsThemAndIsNotKnown() {
    World world = bareCluster("1.10.0").until(10);
    join(world);

    assertThat(nodeInfo(world, 0)).contains("cluster_state:ok", "cluster_known_nodes:3");
    assertThat(nodeInfo(world, 1)).contains("cluster_state:fail", "cluster_known_nodes:1");
    assertThat(nodeInfo(world, 2)).contains("cluster_state:fail", "cluster_known_nodes:1");
  }

  /** An established cluster; then one pod is made anew, inside the mesh. */
  @Test
  void aNodeThatMovesIntoTheMeshIsKnownByTheProxysAddress() {
    World world = bareCluster("none").pod("r-1", "none").pod("r-2", "1.10.0").until(10);
    join(world);

    // r-2 has a sidecar: it sees r-0 and r-1 as 127.0.0.6, while they see r-2 as it is.
    assertThat(AppRun.exec(world, "r-2", "redis-cli", "cluster", "nodes"))
        .contains("127.0.0.6:6379@16379 ");
  }

  private static final String SET =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: r, namespace: default}
      spec:
        serviceName: r
        replicas: 3
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: r}}
        template:
          metadata: {labels: {app: r}}
          spec:
            containers:
              - name: redis
                image: redis:7.0.15
                args: [redis-server, --cluster-enabled, "yes", --cluster-node-timeout, "3000"]
        volumeClaimTemplates: [{metadata: {name: data}}]
      """;

  /**
   * A node that starts again with its nodes.conf is who it was, and its peers learn its address.
   */
  @Test
  void aNodeKeepsItsIdAndItsSlotsOverARestart() {
    World world = new AppRun().and(SET).istio("none").until(10);
    join(world);
    String id = myself(world, 2);
    world.delete("r-2");
    world.runFor(dev.sidecarsim.time.Durations.seconds(20));

    assertThat(myself(world, 2)).isEqualTo(id);
    String address = world.podOf("r-2").orElseThrow().ip().toString();
    assertThat(address).isNotEqualTo("10.244.0.12");
    for (int i = 0; i < 3; i++) {
      assertThat(nodeInfo(world, i)).contains("cluster_state:ok", "cluster_known_nodes:3");
    }
    assertThat(AppRun.exec(world, "r-0", "redis-cli", "cluster", "nodes"))
        .contains(address + ":6379@16379 master - 0 ", " connected 10923-16383");
  }

  /**
   * Real, 7.0.15, bound to addresses of their own: a formed cluster of which one node is moved
   * behind a proxy. Its peers' addresses become the proxy's in its view, the links to them end,
   * clients are sent to 127.0.0.6, and the cluster's state stays ok.
   */
  @Test
  void aFormedClustersNodeInTheMeshSendsClientsToTheProxysAddress() {
    World world =
        new AppRun()
            .and(SET)
            .change("[redis-server,", "[redis-server, --bind, $(POD_IP), 127.0.0.1,")
            .change(
                "args:",
                "env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]\n"
                    + "          args:")
            .istio("none")
            .upgrade(40, "1.10.0")
            .until(10);
    join(world);
    world.runUntil(41);
    world.delete("r-2");
    world.runFor(dev.sidecarsim.time.Durations.seconds(30));

    String nodes = AppRun.exec(world, "r-2", "redis-cli", "cluster", "nodes");
    assertThat(nodes).contains("127.0.0.6:6379@16379 ", " disconnected 0-5460");
    assertThat(nodeInfo(world, 2)).contains("cluster_state:ok", "cluster_slots_fail:0");
    assertThat(AppRun.exec(world, "r-2", "redis-cli", "get", "bar"))
        .matches("(?s).*MOVED 5061 127\\.0\\.0\\.6:6379.*");
  }

  private static AppRun bareCluster(String istio) {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      yaml.append(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: r-%d, namespace: default}
          spec:
            containers:
              - name: redis
                image: redis:7.0.15
                args: [redis-server, --cluster-enabled, "yes", --cluster-node-timeout, "3000"]
          ---
          """
              .formatted(i));
    }
    return new AppRun().and(yaml.toString()).istio(istio);
  }

  private static void join(World world) {
    for (int i = 0; i < 3; i++) {
      String from = Integer.toString(List.of(0, 5461, 10923).get(i));
      String to = Integer.toString(List.of(5460, 10922, 16383).get(i));
      AppRun.exec(world, "r-" + i, "redis-cli", "cluster", "addslotsrange", from, to);
      AppRun.exec(
          world, "r-" + i, "redis-cli", "cluster", "set-config-epoch", Integer.toString(i + 1));
    }
    for (int i = 1; i < 3; i++) {
      AppRun.exec(world, "r-0", "redis-cli", "cluster", "meet", "10.244.0.1" + i, "6379");
    }
    world.runFor(dev.sidecarsim.time.Durations.seconds(20));
  }

  /** The own id. */
  private static String myself(World world, int node) {
    return AppRun.exec(world, "r-" + node, "redis-cli", "cluster", "nodes")
        .lines()
        .filter(line -> line.contains("myself"))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .findFirst()
        .orElseThrow();
  }

  private static String nodeInfo(World world, int node) {
    return AppRun.exec(world, "r-" + node, "redis-cli", "cluster", "info");
  }
}
