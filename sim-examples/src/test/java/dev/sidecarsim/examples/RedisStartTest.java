package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.kube.Cluster;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bitnami's chart with Sentinels: its scripts ask who the master is, which nobody can answer while
 * the sidecar has not started (bitnami/charts#18195).
 */
class RedisStartTest {

  private static final String NODE = "my-release-redis-node-";
  private static final String FULL =
      "my-release-redis-node-%d.my-release-redis-headless.default.svc.cluster.local";
  private static final String LABELS =
      "labels: {app.kubernetes.io/name: redis, app.kubernetes.io/instance: my-release}\n    spec:";

  private static World start(AppRun run, int seconds) {
    World world = run.start();
    world.perform(Cluster::keepOutput);
    world.runUntil(seconds);
    return world;
  }

  private static List<String> ask(World world, String container, String command) {
    return IntStream.range(0, 3)
        .mapToObj(i -> AppRun.exec(world, NODE + i + "/" + container, command.split(" ", -1)))
        .map(answer -> answer.lines().findFirst().orElse(""))
        .toList();
  }

  private static List<String> masters(World world) {
    return ask(world, "sentinel", "redis-cli -p 26379 sentinel get-master-addr-by-name mymaster");
  }

  private static AppRun waitingForTheProxy() {
    return AppRun.of("redis-node.yaml")
        .change(
            LABELS,
            LABELS.replace(
                "\n    spec:",
                "\n      annotations: {proxy.istio.io/config:"
                    + " '{holdApplicationUntilProxyStarts: true}'}\n    spec:"));
  }

  @Test
  void beforeTheProxyEachPodMakesItselfTheMaster() {
    World world = start(AppRun.of("redis-node.yaml").istio("1.17.8"), 180);

    for (int i = 0; i < 3; i++) {
      assertThat(world.cluster().output(world.podOf(NODE + i).orElseThrow(), "redis"))
          .startsWith(
              "Could not connect to Redis at my-release-redis.default.svc.cluster.local:26379:"
                  + " connection refused")
          .anyMatch(line -> line.matches("1:M .* Running mode=standalone, port=6379\\."));
    }
    assertThat(masters(world))
        .containsExactly(FULL.formatted(0), FULL.formatted(1), FULL.formatted(2));
    assertThat(AppRun.report(world, "my-release-redis-node").reasons())
        .contains(
            NODE
                + "0 (Sentinel) hears that the master is %s:6379, not %s:6379"
                    .formatted(FULL.formatted(2), FULL.formatted(0)));
  }

  /**
   * Real servers and Sentinels of 7.0.15, started 22 s apart as the scripts would: each Sentinel
   * makes the earlier masters, which it takes for replicas, follow its own.
   */
  @Test
  void theirSentinelsThenChainThem() {
    World world = start(AppRun.of("redis-node.yaml").istio("1.17.8"), 180);

    assertThat(ask(world, "redis", "redis-cli role")).containsExactly("slave", "slave", "master");
    assertThat(AppRun.exec(world, NODE + "0/redis", "redis-cli", "role"))
        .contains(FULL.formatted(1));
    assertThat(AppRun.exec(world, NODE + "1/redis", "redis-cli", "role"))
        .contains(FULL.formatted(2));
  }

  /**
   * Real ones of 7.0.15: without announcement a Sentinel calls the server beside it as 127.0.0.6,
   * from 127.0.0.1, and tells others that address in turn with the pod's.
   */
  @Test
  void aSentinelBesideAServerIsKnownByTwoAddresses() {
    World world =
        start(
            waitingForTheProxy()
                .change("echo \"replica-announce-ip", "true \"")
                .change("echo \"sentinel announce-ip", "true \"")
                .istio("1.17.8"),
            60);

    assertThat(world.cluster().output(world.podOf(NODE + 1).orElseThrow(), "sentinel"))
        .anyMatch(line -> line.matches(".*\\+sentinel-address-switch .* ip 127\\.0\\.0\\.1 .*"))
        .anyMatch(line -> line.matches(".*\\+sentinel-address-switch .* ip 10\\.244\\.0\\.1. .*"));
  }

  @ParameterizedTest
  @CsvSource({"none, false", "1.17.8, true", "1.29.0, false"})
  void whereTheProxyIsFirstThereIsOneMaster(String istio, boolean hold) {
    AppRun run = hold ? waitingForTheProxy() : AppRun.of("redis-node.yaml");
    World world = start(run.istio(istio), 120);

    assertThat(ask(world, "redis", "redis-cli role")).containsExactly("master", "slave", "slave");
    assertThat(masters(world)).containsOnly(FULL.formatted(0));
  }
}
