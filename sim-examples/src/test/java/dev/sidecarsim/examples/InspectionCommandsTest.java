package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the commands that look into a pod print. */
class InspectionCommandsTest {

  private static final String LEADER = "my-release-zookeeper-2";

  @Test
  void theLeadersSocketsAreThoseOfTheBlog() {
    List<String> rows = netstat("--istio 1.10.0 --at 90 " + LEADER);

    assertThat(count(rows, "LISTEN")).isEqualTo(3);
    assertThat(rows)
        .filteredOn(row -> row.contains("LISTEN"))
        .anyMatch(row -> row.contains("0.0.0.0:2181"));
    // Both ends of an accepted connection are local; so are both sockets of an opened one.
    assertThat(count(rows, ":2888 .*ESTABLISHED")).isEqualTo(4);
    assertThat(count(rows, "127\\.0\\.0\\.6:\\d+ +10\\.244\\.0\\.12:2888 +ESTABLISHED"))
        .isEqualTo(2);
    assertThat(count(rows, ":3888 +ESTABLISHED")).isEqualTo(4);
  }

  @Test
  void underLoopbackSidecarsNothingIsEstablished() {
    List<String> rows = netstat("--istio 1.9.5 --at 90 " + LEADER);

    assertThat(count(rows, "LISTEN")).isEqualTo(2);
    assertThat(count(rows, "2888")).isZero();
    assertThat(count(rows, "3888 .*ESTABLISHED")).isZero();
    assertThat(count(rows, "127\\.0\\.0\\.1:2181 .*TIME_WAIT")).as("probes").isPositive();
  }

  private static List<String> netstat(String options) {
    CommandRun run = Manifest.run("netstat", "zookeeper.yaml", options);
    assertThat(run.code()).as(run.err()).isZero();
    Pattern ports = Pattern.compile("2181|2888|3888");
    return run.out().lines().filter(line -> ports.matcher(line).find()).toList();
  }

  private static long count(List<String> rows, String regex) {
    Pattern pattern = Pattern.compile(regex);
    return rows.stream().filter(row -> pattern.matcher(row).find()).count();
  }

  @Test
  void logsShowWhatALoopbackSidecarDoesToAnElection() {
    CommandRun run =
        Manifest.runOn(
            Manifest.text("zookeeper.yaml").replace("value: ERROR", "value: WARN"),
            "logs",
            "--istio 1.9.5 --at 30 " + LEADER);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("java.io.EOFException")
        .containsPattern(
            "1970-01-01 00:00:\\d\\d,\\d{3} \\[myid:3] - WARN  \\[RecvWorker:1:"
                + "QuorumCnxManager\\$RecvWorker@1397] - Connection broken for id 1, my id = 3");
    // The chart logs errors only, so that nothing of this is to be seen.
    assertThat(Manifest.run("logs", "zookeeper.yaml", "--istio 1.9.5 --at 30 " + LEADER).out())
        .isEmpty();
  }

  /** OrderedReady: the second pod is made once the first is ready. */
  @Test
  void podsThatStartLaterAreAskedAndRead() {
    String later = "--istio 1.10.0 --at 120 my-release-cassandra-1";

    assertThat(Manifest.run("logs", "cassandra.yaml", later).out()).contains("JOINING");
    assertThat(Manifest.run("exec", "cassandra.yaml", later + " -- nodetool version").out())
        .isEqualTo("ReleaseVersion: 3.11.10\n");
  }

  @Test
  void theInboundClusterIsWhatChanged() {
    String command = "my-release-zookeeper-1 --port 3888 --direction inbound -o json";

    assertThat(cluster("1.9.5", command))
        .contains("\"type\": \"STATIC\"", "\"address\": \"127.0.0.1\"", "\"portValue\": 3888")
        .doesNotContain("upstreamBindConfig");
    assertThat(cluster("1.10.0", command))
        .contains("\"type\": \"ORIGINAL_DST\"", "\"lbPolicy\": \"CLUSTER_PROVIDED\"")
        .contains("\"address\": \"127.0.0.6\"", "\"cleanupInterval\": \"60s\"")
        .doesNotContain("loadAssignment");
    assertThat(cluster("1.10.0", command).replaceAll("\\s", ""))
        .contains(
            "\"services\":[{\"host\":\"my-release-zookeeper-headless.default.svc.cluster.local\","
                + "\"name\":\"my-release-zookeeper-headless\",\"namespace\":\"default\"},"
                + "{\"host\":\"my-release-zookeeper.default.svc.cluster.local\"");
  }

  private static String cluster(String version, String options) {
    CommandRun run =
        Manifest.run(
            "proxy-config cluster", "zookeeper.yaml", "--istio " + version + " " + options);
    assertThat(run.code()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void aPodWithoutSidecarHasNoConfiguration() {
    BadInputTest.assertOneLine(
        Manifest.run("proxy-config cluster", "zookeeper.yaml", "--istio none sleep"));
  }

  @Test
  void padlocksStandWhereMutualTlsIs() {
    String meshed = Manifest.run("graph", "zookeeper.yaml", "--istio 1.10.0 -o mermaid").out();
    String bare = Manifest.run("graph", "zookeeper.yaml", "--istio none -o mermaid").out();

    assertThat(meshed).startsWith("flowchart LR\n").contains("|\"🔒 2181\"|");
    assertThat(bare).startsWith("flowchart LR\n").contains("|\"2181\"|").doesNotContain("🔒");
  }

  @Test
  void everyPodBehindAServiceIsTried() {
    for (String version : List.of("none", "1.10.0")) {
      CommandRun run = Manifest.run("graph", "zookeeper.yaml", "--istio " + version + " -o json");
      JsonArray edges = (JsonArray) JsonReader.read(run.out(), "stdout");

      // Only the leader listens on 2888; all of them do on 2181.
      assertThat(share(edges, "deployment/sleep", "service/my-release-zookeeper", 2888))
          .isEqualTo("1 of 3");
      assertThat(share(edges, "deployment/sleep", "service/my-release-zookeeper", 2181))
          .isEqualTo("3 of 3");
    }
  }

  private static String share(JsonArray edges, String from, String to, int port) {
    return edges.items().stream()
        .map(JsonObject.class::cast)
        .filter(edge -> edge.string("from", "").equals(from))
        .filter(edge -> edge.string("to", "").equals(to))
        .filter(edge -> edge.integer("port").equals(Optional.of((long) port)))
        .map(edge -> edge.integer("reached").orElse(0L) + " of " + edge.integer("of").orElse(0L))
        .findFirst()
        .orElse("no edge");
  }
}
