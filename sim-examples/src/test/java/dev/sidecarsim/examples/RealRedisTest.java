package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.time.Durations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real {@code redis-server}s in network namespaces, with a sidecar's rules and a small proxy,
 * beside the model: by which address is a server known? With {@code -Dsidecarsim.real-redis=true},
 * as root.
 */
class RealRedisTest {

  private static final Path LAB = Path.of("src/test/resources/real-redis/lab.sh");
  private static final List<String> TOOLS =
      List.of("ip", "iptables", "perl", "setpriv", "redis-server", "redis-cli", "timeout");

  /** The pods of the lab; the model's own addresses are others. */
  private static final Set<String> LAB_REPLICAS = Set.of("10.55.0.11", "10.55.0.12");

  @BeforeEach
  void isWantedAndCanRun() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Boolean.getBoolean("sidecarsim.real-redis"),
        "real Redis servers are asked only with -Dsidecarsim.real-redis=true");
    for (String tool : TOOLS) {
      Assumptions.assumeTrue(
          run("sh", "-c", "command -v " + tool).code() == 0,
          "skipped: real Redis servers need " + tool);
    }
    Assumptions.assumeTrue(
        run("sh", "-c", "[ \"$(id -u)\" = 0 ] && ip netns list").code() == 0,
        "skipped: real Redis servers need root and network namespaces");
  }

  @ParameterizedTest
  @CsvSource({"none, none", "1.9.5, loopback", "1.10.0, pod"})
  void theMasterKnowsReplicasAsTheModelSays(String istio, String proxy) throws Exception {
    Set<String> model =
        addresses(
            AppRun.exec(
                AppRun.of("redis.yaml").istio(istio).until(60),
                "my-release-redis-master-0",
                "redis-cli",
                "info",
                "replication"));

    Set<String> real = addresses(lab(proxy, "replication"));

    assertThat(real).isEqualTo(istio.equals("none") ? LAB_REPLICAS : model);
  }

  @ParameterizedTest
  @CsvSource({"none", "loopback", "pod"})
  void anAnnouncedAddressHolds(String proxy) throws Exception {
    assertThat(addresses(lab(proxy, "replication", "10.9.9.9"))).containsExactly("10.9.9.9");
  }

  @ParameterizedTest
  @CsvSource({"1.9.5, loopback", "1.10.0, pod"})
  void theFirstNodeOfAClusterMeetsItselfAsInTheModel(String istio, String proxy) throws Exception {
    String model =
        AppRun.exec(
            AppRun.of("redis-cluster.yaml").istio(istio).until(60),
            "my-release-redis-cluster-0",
            "redis-cli",
            "cluster",
            "nodes");

    List<String> real = lab(proxy, "cluster").lines().toList();

    assertThat(real.get(0)).isEqualTo("node 0");
    assertThat(own(real.get(1))).isEqualTo(own(model));
    assertThat(real.get(2)).isEqualTo("node 1");
    // Node 1 knows itself and the first.
    assertThat(real.indexOf("node 2")).isEqualTo(5);
  }

  @Test
  void withoutAMeshAllNodesKnowEachOther() throws Exception {
    assertThat(lab("none", "cluster").lines().filter(line -> line.contains("master")))
        .hasSize(9)
        .allMatch(line -> line.contains(" 10.55.0.1"));
  }

  /** A master that is killed and comes back, without ids, addresses and times. */
  @Test
  void aClusterReplacesAMasterAsTheModelDoes() throws Exception {
    List<String> real =
        Splitter.on("== ").splitToList(lab(LAB.resolveSibling("failover.sh"), List.of()));

    World world = RedisFailoverTest.announcing("none").until(60);
    assertThat(RedisFailoverTest.shapes(real.get(1))).isEqualTo(RedisFailoverTest.view(world, 2));
    Consumer<Cluster> again = RedisFailoverTest.stop(world, 0);
    world.runFor(Durations.seconds(40));
    assertThat(RedisFailoverTest.shapes(real.get(2))).isEqualTo(RedisFailoverTest.view(world, 2));
    world.perform(again);
    world.runFor(Durations.seconds(20));
    assertThat(RedisFailoverTest.shapes(real.get(3))).isEqualTo(RedisFailoverTest.view(world, 2));
  }

  /**
   * What the Sentinel logs that tries a failover, up to its end. Behind a proxy a Sentinel takes
   * the server beside it for the replica, so that it matters which one is elected.
   */
  @ParameterizedTest
  @CsvSource({"none, none", "1.9.5, loopback", "1.10.0, pod"})
  void aFailoverGoesAsInTheModel(String istio, String proxy) throws Exception {
    List<List<String>> real =
        Splitter.onPattern("sentinel \\d\n")
            .splitToStream(lab(proxy, "sentinel"))
            .skip(1)
            .map(log -> failover(log.lines().toList()))
            .toList();
    List<Integer> tried =
        IntStream.range(0, 3).filter(i -> !real.get(i).isEmpty()).boxed().toList();
    Assumptions.assumeTrue(tried.size() == 1, "real Sentinels asked for votes at once: " + real);

    int elected = tried.get(0);
    List<String> model =
        LongStream.range(1, 40)
            .mapToObj(seed -> modelledFailover(istio, seed, elected))
            .filter(events -> !events.isEmpty())
            .findFirst()
            .orElseThrow();
    assertThat(real.get(elected)).isEqualTo(model);
  }

  private static List<String> modelledFailover(String istio, long seed, int sentinel) {
    World world = besideEachOther().istio(istio).start(seed);
    world.perform(Cluster::keepOutput);
    world.runUntil(25);
    AppRun.stop(world, "redis-0/redis");
    world.runFor(Durations.seconds(12));
    return failover(
        world.cluster().output(world.podOf("redis-" + sentinel).orElseThrow(), "sentinel"));
  }

  /** A Sentinel beside each server, as in the lab. */
  private static AppRun besideEachOther() {
    AppRun run = AppRun.of("redis-sentinel.yaml");
    run.change("sentinel resolve-hostnames yes", "# addresses only")
        .change("redis-0.redis 6379 2", "10.244.0.10 6379 2")
        .change(
            "args: [redis-server, --replicaof, redis-0.redis, \"6379\"]}",
            "args: [redis-server, --replicaof, 10.244.0.10, \"6379\"]}" + SENTINEL)
        .change(
            "args: [redis-server, --appendonly, \"no\"]}",
            "args: [redis-server, --appendonly, \"no\"]}" + SENTINEL)
        .change("replicas: 3", "replicas: 0");
    return run;
  }

  private static final String SENTINEL =
      """

          - name: sentinel
            image: redis:7.0.15
            command: [redis-sentinel, /etc/redis/sentinel.conf]
            volumeMounts: [{name: config, mountPath: /etc/redis}]
        volumes: [{name: config, configMap: {name: sentinel}}]
      """;

  /** What may come in between; in the lab a Sentinel stands beside each server. */
  private static final Set<String> OTHER_KINDS = Set.of("-odown", "+sentinel-address-switch");

  /** Kinds of events from the beginning of a failover to its end. */
  private static List<String> failover(List<String> log) {
    return log.stream()
        .map(line -> line.replaceFirst(".*\\d [#*] ", "").replaceFirst(" .*", ""))
        .filter(kind -> kind.matches("[+-][a-z-]+") && !OTHER_KINDS.contains(kind))
        .dropWhile(kind -> !kind.equals("+try-failover"))
        .takeWhile(kind -> !kind.equals("+slave") && !kind.equals("+sdown"))
        .toList();
  }

  private static String own(String nodes) {
    return nodes
        .lines()
        .filter(line -> line.contains("myself"))
        .map(line -> line.split(" ", -1)[1].replaceAll("@.*", ""))
        .collect(Collectors.joining());
  }

  private static Set<String> addresses(String info) {
    return info.lines()
        .filter(line -> line.startsWith("slave") && line.contains(":ip="))
        .map(line -> line.replaceAll(".*:ip=([^,]*),.*", "$1"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String lab(String... arguments) throws IOException, InterruptedException {
    return lab(LAB, List.of(arguments));
  }

  private static String lab(Path script, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(arguments);
    Result result = run(command.toArray(String[]::new));
    assertThat(result.code()).as(result.output()).isZero();
    return result.output();
  }

  private record Result(int code, String output) {}

  private static Result run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), output);
  }
}
