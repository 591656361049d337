package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sentinels and the servers that they watch, in the words of 7.0.15: expectations are what real
 * ones logged and answered in network namespaces with a sidecar's rules and a proxy.
 */
class RedisSentinelTest {

  private static final List<String> SENTINELS = List.of("sentinel-0", "sentinel-1", "sentinel-2");

  private static World start(AppRun run) {
    World world = run.start();
    world.perform(Cluster::keepOutput);
    pass(world, 25);
    return world;
  }

  private static void pass(World world, int seconds) {
    world.runFor(Durations.seconds(seconds));
  }

  private static String ask(World world, String sentinel, String command) {
    return AppRun.exec(world, sentinel, ("redis-cli -p 26379 sentinel " + command).split(" ", -1));
  }

  private static String replication(World world, String pod) {
    return AppRun.exec(world, pod, "redis-cli", "info", "replication");
  }

  private static String value(String lines, String field) {
    return lines
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1))
        .collect(Collectors.joining());
  }

  /** What a pod has logged, without process, time and ids. */
  private static List<String> log(World world, String pod, String container) {
    return world.cluster().output(world.podOf(pod).orElseThrow(), container).stream()
        .map(line -> line.replaceAll("^1:\\w .*?\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ", ""))
        .map(line -> line.replaceAll("\\b[0-9a-f]{40}\\b", "ID"))
        .toList();
  }

  /** The log of the Sentinel that was elected, from the death of the master on. */
  private static List<String> leadersLog(World world) {
    return SENTINELS.stream()
        .map(pod -> log(world, pod, "sentinel"))
        .filter(lines -> lines.stream().anyMatch(line -> line.contains("+try-failover")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theElectedSentinelLogsWhatARealOneDoes() {
    World world = start(AppRun.of("redis-sentinel.yaml").istio("none"));
    AppRun.stop(world, "redis-0");
    pass(world, 20);

    List<String> lines = leadersLog(world);
    String chosen = replication(world, "redis-1").contains("role:master") ? "11" : "12";
    String other = chosen.equals("11") ? "12" : "11";
    String master = "master mymaster 10.244.0.10 6379";
    String promoted = slave(chosen, "10");
    String follower = slave(other, "10");
    assertThat(lines.subList(lines.indexOf("# +try-failover " + master) - 2, lines.size()))
        .containsExactly(
            "# +odown " + master + " #quorum 2/2",
            "# +new-epoch 1",
            "# +try-failover " + master,
            "* Sentinel new configuration saved on disk",
            "# +vote-for-leader ID 1",
            "# ID voted for ID 1",
            "# ID voted for ID 1",
            "# +elected-leader " + master,
            "# +failover-state-select-slave " + master,
            "# +selected-slave " + promoted,
            "* +failover-state-send-slaveof-noone " + promoted,
            "* +failover-state-wait-promotion " + promoted,
            "* Sentinel new configuration saved on disk",
            "# +promoted-slave " + promoted,
            "# +failover-state-reconf-slaves " + master,
            "* +slave-reconf-sent " + follower,
            "* +slave-reconf-inprog " + follower,
            "* +slave-reconf-done " + follower,
            "# -odown " + master,
            "# +failover-end " + master,
            "# +switch-master mymaster 10.244.0.10 6379 10.244.0." + chosen + " 6379",
            "* +slave " + slave(other, chosen),
            "* +slave " + slave("10", chosen),
            "* Sentinel new configuration saved on disk",
            "# +sdown " + slave("10", chosen));
  }

  private static String slave(String host, String master) {
    String ip = "10.244.0." + host;
    return "slave %s:6379 %s 6379 @ mymaster 10.244.0.%s 6379".formatted(ip, ip, master);
  }

  /** The others hear of the promotion by the greeting that follows it, and the old master too. */
  @Test
  void theOtherSentinelsTakeOverTheConfiguration() {
    World world = start(AppRun.of("redis-sentinel.yaml").istio("none"));
    Consumer<Cluster> again = AppRun.stop(world, "redis-0");
    pass(world, 30);
    world.perform(again);
    pass(world, 30);

    List<String> all =
        SENTINELS.stream().flatMap(pod -> log(world, pod, "sentinel").stream()).toList();
    assertThat(all).filteredOn(line -> line.contains("+config-update-from")).hasSize(2);
    assertThat(all).filteredOn(line -> line.contains("+switch-master")).hasSize(3);
    assertThat(all).filteredOn(line -> line.contains("+convert-to-slave")).isNotEmpty();
    assertThat(log(world, "redis-0", "redis"))
        .anyMatch(line -> line.matches("\\* REPLICAOF 10\\.244\\.0\\.1[12]:6379 enabled.*"))
        .contains("* Trying a partial resynchronization (request ID:1).");
    assertThat(replication(world, "redis-0")).contains("role:slave", "master_link_status:up");
  }

  /** Behind pod-IP sidecars the only replica that a Sentinel knows is itself, or nobody. */
  @ParameterizedTest
  @CsvSource({"1.9.5, 127.0.0.1", "1.10.0, 127.0.0.6"})
  void behindSidecarsTheFailoverEndsWithoutAReplica(String istio, String seen) {
    World world = start(AppRun.of("redis-sentinel.yaml").istio(istio));
    Consumer<Cluster> again = AppRun.stop(world, "redis-0");
    pass(world, 15);
    assertThat(leadersLog(world))
        .contains(
            "* +slave slave %s:6379 %s 6379 @ mymaster 10.244.0.10 6379".formatted(seen, seen),
            "# -failover-abort-no-good-slave master mymaster 10.244.0.10 6379");
    assertThat(value(replication(world, "redis-1"), "master_link_down_since_seconds"))
        .matches("1[3-5]");

    world.perform(again);
    pass(world, 20);
    assertThat(leadersLog(world))
        .contains(
            "* +reboot master mymaster 10.244.0.10 6379",
            "# -sdown master mymaster 10.244.0.10 6379",
            "# -odown master mymaster 10.244.0.10 6379");
  }

  // ---- addresses

  /** Names are resolved, and told as addresses, unless they are announced. */
  @ParameterizedTest
  @CsvSource({"no, 10.244.0.10, 10.244.0.11:6379", "yes, redis-0.redis, 10.244.0.11:6379"})
  void namesAreToldOnlyWithAnnounceHostnames(String announce, String master, String replica) {
    World world =
        start(
            AppRun.of("redis-sentinel.yaml")
                .istio("none")
                .change(
                    "sentinel resolve-hostnames yes",
                    "sentinel resolve-hostnames yes\n    sentinel announce-hostnames " + announce));

    assertThat(ask(world, "sentinel-0", "get-master-addr-by-name mymaster"))
        .isEqualTo(master + "\n6379\n");
    assertThat(ask(world, "sentinel-0", "replicas mymaster").lines()).contains(replica);
    assertThat(log(world, "sentinel-0", "sentinel"))
        .contains("# +monitor master mymaster " + master + " 6379 quorum 2");
  }

  /**
   * A pod that has ended is no longer in DNS: a Sentinel that knows it by name loses its address.
   */
  @Test
  void aNameWithoutPodHasNoAddress() {
    World world = start(AppRun.of("redis-sentinel.yaml").istio("none"));
    world.kill("redis-0");
    pass(world, 20);

    assertThat(leadersLog(world))
        .contains("# Failed to resolve hostname 'redis-0.redis'")
        .anyMatch(line -> line.matches("\\* \\+slave slave :6379  6379 @ mymaster 10\\.244.*"));
  }

  /** A Sentinel tells others the local end of its connection, which is the pod's address. */
  @ParameterizedTest
  @CsvSource({"none", "1.9.5", "1.10.0"})
  void sentinelsKnowEachOtherByTheirPods(String istio) {
    World world = start(AppRun.of("redis-sentinel.yaml").istio(istio));

    assertThat(ask(world, "sentinel-0", "sentinels mymaster").lines())
        .contains("10.244.0.14", "10.244.0.15")
        .doesNotContain("127.0.0.1", "127.0.0.6");
    assertThat(ask(world, "sentinel-0", "ckquorum mymaster"))
        .isEqualTo("OK 3 usable Sentinels. Quorum and failover authorization can be reached\n");
  }

  @Test
  void withoutTheOtherSentinelsThereIsNoQuorum() {
    World world = start(AppRun.of("redis-sentinel.yaml").istio("none"));
    AppRun.stop(world, "sentinel-1");
    AppRun.stop(world, "sentinel-2");
    pass(world, 10);

    assertThat(ask(world, "sentinel-0", "ckquorum mymaster"))
        .startsWith(
            "NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the specified"
                + " quorum for this master. Not enough available Sentinels to reach the majority"
                + " and authorize a failover");
    assertThat(ask(world, "sentinel-0", "sentinels mymaster").lines())
        .filteredOn("s_down,sentinel,disconnected"::equals)
        .hasSize(2);
  }

  // ---- who is chosen

  @ParameterizedTest
  @CsvSource({"0, 10.244.0.12", "50, 10.244.0.11"})
  void thePriorityDecidesFirst(int priority, String chosen) {
    World world =
        start(
            AppRun.of("redis-sentinel.yaml")
                .istio("none")
                .change(
                    "hostname: redis-1\n  subdomain: redis\n  restartPolicy: Never\n"
                        + "  containers:\n    - {name: redis, image: \"redis:7.0.15\", args:"
                        + " [redis-server,",
                    "hostname: redis-1\n  subdomain: redis\n  restartPolicy: Never\n"
                        + "  containers:\n    - {name: redis, image: \"redis:7.0.15\", args:"
                        + " [redis-server, --replica-priority, \""
                        + priority
                        + "\","));
    world.kill("redis-0");
    pass(world, 20);

    assertThat(ask(world, "sentinel-0", "get-master-addr-by-name mymaster"))
        .isEqualTo(chosen + "\n6379\n");
  }

  // ---- replication

  /** A copy straight to the sockets waits for more replicas; one over a disk does not. */
  @ParameterizedTest
  @CsvSource({"redis:7.0.15, wait_bgsave, handshake", "redis:6.2.14, online, connected"})
  void aFullCopyWaitsFrom70On(String image, String state, String role) {
    World world =
        AppRun.of("redis-sentinel.yaml").change("redis:7.0.15", image).istio("none").until(4);

    assertThat(value(replication(world, "redis-0"), "slave0")).contains(",state=" + state + ",");
    assertThat(AppRun.exec(world, "redis-1", "redis-cli", "role"))
        .startsWith("slave\nredis-0.redis\n6379\n" + role + "\n");
  }

  /** The other replica goes on where it was: its history is the new master's second one. */
  @Test
  void replicasGoOnWithoutACopyAfterAFailover() {
    World world = start(AppRun.of("redis-sentinel.yaml").istio("none"));
    String history = value(replication(world, "redis-1"), "master_replid");
    world.kill("redis-0");
    pass(world, 20);

    for (int i : IntStream.of(1, 2).toArray()) {
      String info = replication(world, "redis-" + i);
      assertThat(value(info, "master_replid2")).isEqualTo(history);
      assertThat(value(info, "master_replid")).isNotEqualTo(history);
      assertThat(log(world, "redis-" + i, "redis"))
          .filteredOn(line -> line.contains("Full resync from master"))
          .hasSize(1);
    }
  }

  @Test
  void clientsAreListedByTheAddressThatTheyCallFrom() {
    World world = start(AppRun.of("redis-sentinel.yaml").istio("1.10.0"));

    assertThat(AppRun.exec(world, "redis-0", "redis-cli", "client", "list").lines())
        .filteredOn(line -> line.contains("-pubsub "))
        .hasSize(3)
        .allMatch(line -> line.contains(" addr=127.0.0.6:"))
        .allMatch(line -> line.contains(" laddr=10.244.0.10:6379 ") && line.contains(" flags=P "));
  }
}
