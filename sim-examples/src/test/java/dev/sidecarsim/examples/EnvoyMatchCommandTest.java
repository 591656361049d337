package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyMatchCommandTest {

  private static final String LISTENER =
      """
      [{"name": "l", "address": {"socketAddress": {"address": "0.0.0.0", "portValue": 1}},
        "filterChains": [
          {"name": "tcp", "filterChainMatch": {"destinationPort": 80},
           "filters": [{"name": "envoy.filters.network.tcp_proxy",
                        "typedConfig": {"cluster": "c"}}]},
          {"filterChainMatch": {"destinationPort": 81, "transportProtocol": "tls"},
           "filters": [{"name": "envoy.filters.network.http_connection_manager",
                        "typedConfig": {"rds": {"routeConfigName": "r"}}}]},
          {"filterChainMatch": {"destinationPort": 82}}]}]
      """;

  @TempDir private Path folder;

  private CommandRun match(String dump, String listener, String connections) {
    try {
      Path file = folder.resolve("dump.json");
      Files.writeString(file, dump);
      return run(file, listener, connections);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CommandRun run(Path dump, String listener, String connections) {
    return CommandRun.withInput(
        connections, "envoy", "match", "--config-dump", dump.toString(), "--listener", listener);
  }

  private static String connection(String to, int port, String more) {
    return "{\"dst_ip\":\""
        + to
        + "\",\"dst_port\":"
        + port
        + ",\"src_ip\":\"10.9.9.9\",\"src_port\":40000"
        + more
        + "}\n";
  }

  @Test
  void saysChainNameAndTarget() {
    CommandRun run =
        match(
            LISTENER,
            "l",
            connection("10.0.0.1", 80, "")
                + connection("10.0.0.1", 81, ",\"transport\":\"tls\",\"alpn\":[\"h2\"]")
                + connection("10.0.0.1", 82, "")
                + connection("10.0.0.1", 81, ""));

    assertThat(run.code()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "{\"chain\":0,\"name\":\"tcp\",\"target\":\"cluster:c\"}",
            "{\"chain\":1,\"name\":null,\"target\":\"route:r\"}",
            "{\"chain\":2,\"name\":null,\"target\":null}",
            "{\"chain\":null,\"name\":null,\"target\":null,"
                + "\"miss\":\"transport protocol raw_buffer is none of tls\"}");
  }

  /** As those of a real virtualInbound. */
  @Test
  void tellsChainsOfOneNameByTheirIndex() {
    String chain =
        "{'name':'virtualInbound','filterChainMatch':{'destinationPort':%d},'filters':[{'name':"
            + "'envoy.filters.network.tcp_proxy','typedConfig':{'cluster':'%s'}}]}";
    String chains = String.format(chain, 80, "a") + "," + String.format(chain, 81, "b");
    CommandRun run =
        match(
            ("[{'name':'l','filterChains':[" + chains + "]}]").replace('\'', '"'),
            "l",
            connection("10.0.0.1", 81, ""));

    assertThat(run.out())
        .isEqualTo("{\"chain\":1,\"name\":\"virtualInbound\",\"target\":\"cluster:b\"}\n");
  }

  @Test
  void answersABadLineAndGoesOn() {
    CommandRun run =
        match(
            LISTENER,
            "l",
            """
            {"dst_ip":"10.0.0","dst_port":80}

            nonsense
            {"dst_ip":"10.0.0.1"}
            {"dst_ip":"10.0.0.1","dst_port":80}
            """);

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("\"error\":\"<stdin>:1: dst_ip: '10.0.0' is no IP address");
    assertThat(lines.get(1)).contains("\"error\":\"<stdin>:3: ");
    assertThat(lines.get(2)).contains("dst_port is missing");
    // Nothing here looks at the caller, so it need not be given.
    assertThat(lines.get(3)).contains("\"chain\":0");
  }

  @Test
  void demandsTheCallerWhereAChainLooksAtIt() {
    CommandRun run =
        match(
            LISTENER.replace("\"destinationPort\": 82", "\"sourceType\": \"EXTERNAL\""),
            "l",
            "{\"dst_ip\":\"10.0.0.1\",\"dst_port\":80}\n");

    assertThat(run.out()).contains("\"error\":\"<stdin>:1: src_ip is missing");
  }

  @Test
  void refusesAListenerThatIsNotThereOrThatEnvoyRefuses() {
    CommandRun missing = match(LISTENER, "L", "");
    CommandRun overlapping =
        match(LISTENER.replace("\"destinationPort\": 82", "\"destinationPort\": 80"), "l", "");

    assertThat(missing.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(missing.err()).contains("there is no listener 'L'; the nearest are l");
    assertThat(overlapping.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(overlapping.err())
        .contains("Envoy would refuse listener l: filter chains 0 (tcp) and 2 have overlapping");
  }

  /** By hand from the dumps, level by level. */
  @Test
  void readsRealDumps() {
    check("1.3-productpage", "172.30.150.216", 9080, null, "5", "route:inbound|");
    check("1.3-productpage", "172.30.150.217", 9080, null, "null", null);
    check("1.3-productpage", "172.30.150.216", 7777, null, "0", "cluster:InboundPassthrough");
    check("1.3-productpage", "fd00::1", 7777, null, "1", "cluster:InboundPassthroughClusterIpv6");
    check(
        "1.3-productpage", "172.30.150.216", 9080, ",\"alpn\":[\"istio\"]", "4", "route:inbound|");
    check("2023-httpbin-listeners", "fd00::1", 7777, null, "null", null);
    check("2023-httpbin-listeners", "10.244.0.9", 15006, null, "0", "cluster:BlackHoleCluster");
    check("2023-httpbin-listeners", "10.244.0.9", 7777, null, "4", "cluster:InboundPassthrough");
    String foreign = ",\"transport\":\"tls\",\"alpn\":[\"h2\"]";
    check("2023-httpbin-listeners", "10.244.0.9", 7777, foreign, "5", "cluster:InboundPassthrough");
    check("2023-httpbin-listeners", "10.244.0.9", 80, foreign, "null", null);
  }

  private static void check(
      String dump, String to, int port, String more, String chain, String target) {
    String data = System.getProperty("sidecarsim.data", "");
    assumeTrue(!data.isBlank(), "skipped: -Dsidecarsim.data names no folder");
    Path file = Path.of(data, "config_dump-istio-" + dump + ".json");
    CommandRun run = run(file, "virtualInbound", connection(to, port, more == null ? "" : more));
    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("{\"chain\":" + chain + ",");
    assertThat(run.out()).contains(target == null ? "\"target\":null" : "\"target\":\"" + target);
  }
}
