package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What istioctl would print of a sidecar: columns, order and words are those of its writers
 * (istioctl/pkg/writer/envoy).
 */
class ProxyConfigCommandTest {

  private static final String MESH_ALPN =
      "App: istio,istio-peer-exchange,istio-http/1.0,istio-http/1.1,istio-h2";

  @TempDir private Path folder;

  private static List<String> rows(String command, String options) {
    CommandRun run = Manifest.run("proxy-config " + command, "echo.yaml", options);
    assertThat(run.code()).as(run.err()).isZero();
    return run.out().lines().map(line -> line.replaceAll(" {2,}", " ").strip()).toList();
  }

  @Test
  void aListenersChainsAreSortedByDestinationFromTheEnd() {
    assertThat(rows("listener", "--istio 1.10 --port 15006 server-0"))
        .startsWith(
            "ADDRESS PORT MATCH DESTINATION",
            "0.0.0.0 15006 Addr: *:15006 Non-HTTP/Non-TCP",
            "0.0.0.0 15006 Trans: tls; App: istio-http/1.0,istio-http/1.1,istio-h2; Addr: 0.0.0.0/0"
                + " InboundPassthroughClusterIpv4",
            "0.0.0.0 15006 Trans: raw_buffer; App: HTTP; Addr: 0.0.0.0/0"
                + " InboundPassthroughClusterIpv4",
            "0.0.0.0 15006 Trans: tls; App: TCP TLS; Addr: 0.0.0.0/0 InboundPassthroughClusterIpv4",
            "0.0.0.0 15006 Trans: raw_buffer; Addr: 0.0.0.0/0 InboundPassthroughClusterIpv4",
            "0.0.0.0 15006 Trans: tls; Addr: 0.0.0.0/0 InboundPassthroughClusterIpv4")
        .endsWith(
            "0.0.0.0 15006 Trans: tls; " + MESH_ALPN + "; Addr: *:8080 Cluster: inbound|8080||",
            "0.0.0.0 15006 Trans: raw_buffer; Addr: *:8080 Cluster: inbound|8080||",
            "0.0.0.0 15006 Trans: tls; Addr: *:8080 Cluster: inbound|8080||");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"1.9.5,ADDRESS", "1.18,ADDRESS", "1.19,ADDRESSES", "1.30,ADDRESSES"})
  void theAddressColumnFollowsTheRelease(String version, String column) {
    assertThat(rows("listener", "--istio " + version + " client"))
        .contains(column + " PORT MATCH DESTINATION", "0.0.0.0 15001 ALL PassthroughCluster");
    assertThat(rows("listener", "--istio " + version + " client --verbose=false"))
        .contains(column + " PORT TYPE", "10.96.0.80 8080 TCP", "0.0.0.0 15006 HTTP+TCP");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--address 10.96.0.80,3",
    "--address 10.96.0.80 --port 8081,1",
    "--type http+tcp,1",
    "--type TCP,4",
    "--type HTTP,2",
    "--direction inbound,1",
    "--direction outbound,4",
    "--port 15001,1",
  })
  void listenersAreFiltered(String filter, int expected) {
    assertThat(rows("listener", "--istio 1.10 client --verbose=false " + filter))
        .hasSize(1 + expected);
  }

  private static final String WEB =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        clusterIP: 10.96.0.90
        selector: {app: server}
        ports: [{name: http, port: 80, targetPort: 9090}]
      ---
      apiVersion: networking.istio.io/v1beta1
      kind: VirtualService
      metadata: {name: rules}
      spec:
        hosts: [web]
        http:
        - match: [{uri: {prefix: /get}}, {uri: {regex: "/a.*"}}, {uri: {exact: /x}}]
          route: [{destination: {host: web}}]
      """;

  private List<String> routes(String options) {
    return rows("route", "-f " + file("web.yaml", WEB) + " " + options);
  }

  private Path file(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As istioctl's own test data have them (testdata/routes); without VHOST NAME before 1.19. */
  @Test
  void routesAreShownWithTheirVirtualService() {
    assertThat(routes("--istio 1.20 client --name 80"))
        .containsExactly(
            "NAME VHOST NAME DOMAINS MATCH VIRTUAL SERVICE",
            "80 web.default.svc.cluster.local:80 web, web.default + 1 more... /get* rules.default",
            "80 web.default.svc.cluster.local:80 web, web.default + 1 more..."
                + " regex regex:\"/a.*\" rules.default",
            "80 web.default.svc.cluster.local:80 web, web.default + 1 more... /x rules.default");
    assertThat(routes("--istio 1.20 server-0"))
        .contains(
            "inbound|9090|| inbound|http|80 * /*",
            "InboundPassthroughClusterIpv4 inbound|http|0 * /*",
            "backend * /stats/prometheus*");
    assertThat(routes("--istio 1.18 client --name 80"))
        .startsWith(
            "NAME DOMAINS MATCH VIRTUAL SERVICE",
            "80 web, web.default + 1 more... /get* rules.default");
    assertThat(routes("--istio 1.18 client --name 80 --verbose=false -o short"))
        .containsExactly("NAME VIRTUAL HOSTS", "80 2");
  }

  @Test
  void routesHaveNoPorts() {
    CommandRun run =
        Manifest.run("proxy-config route", "echo.yaml", "--istio 1.20 client --port 80");

    assertThat(run.code()).isEqualTo(64);
    assertThat(run.err()).contains("write --name with a route's name");
  }

  /** By the template of the agent, tools/packaging/common/envoy_bootstrap.json. */
  @Test
  void listenersOfTheBootstrapAreShown() {
    assertThat(rows("listener", "--istio 1.10 client --port 15021"))
        .endsWith("0.0.0.0 15021 ALL Inline Route: /healthz/ready*");
    assertThat(rows("listener", "--istio 1.10 client --port 15090"))
        .endsWith("0.0.0.0 15090 ALL Inline Route: /stats/prometheus*");
    assertThat(
            Manifest.run(
                    "proxy-config listener",
                    "echo.yaml",
                    "--istio 1.10 client --port 15021 -o json")
                .out())
        .contains("\"prefix\": \"/healthz/ready\"", "\"cluster\": \"agent\"")
        .doesNotContain("trafficDirection");
  }

  /** Zipkin until 1.22 (its upgrade notes); the workload's socket from 1.14 on. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"1.8,STRICT_DNS,SDS,true", "1.21,STATIC,socket,true", "1.22,STATIC,socket,false"})
  void clustersOfTheBootstrapFollowTheRelease(
      String version, String xds, String certificates, boolean zipkin) {
    String options = "--istio " + version + " client";

    assertThat(rows("cluster", options)).contains("xds-grpc - - - " + xds);
    assertThat(rows("cluster", options).contains("zipkin - - - STRICT_DNS")).isEqualTo(zipkin);
    assertThat(rows("endpoint", options + " --cluster sds-grpc"))
        .anyMatch(row -> row.contains("/" + certificates + " HEALTHY OK sds-grpc"));
  }

  @Test
  void clustersAreSortedByTheirNamesParts() {
    assertThat(rows("cluster", "--istio 1.10 server-0"))
        .containsExactly(
            "SERVICE FQDN PORT SUBSET DIRECTION TYPE DESTINATION RULE",
            "8080 - inbound ORIGINAL_DST",
            "8081 - inbound ORIGINAL_DST",
            "8082 - inbound ORIGINAL_DST",
            "BlackHoleCluster - - - STATIC",
            "InboundPassthroughClusterIpv4 - - - ORIGINAL_DST",
            "PassthroughCluster - - - ORIGINAL_DST",
            "agent - - - STATIC",
            "prometheus_stats - - - STATIC",
            "sds-grpc - - - STATIC",
            "server.default.svc.cluster.local 8080 - outbound EDS",
            "server.default.svc.cluster.local 8081 - outbound EDS",
            "server.default.svc.cluster.local 8082 - outbound EDS",
            "xds-grpc - - - STATIC",
            "zipkin - - - STRICT_DNS");
  }

  /** NAME.NAMESPACE, by the path in the cluster's metadata (describeManagement() of util.go). */
  @Test
  void aClusterTellsItsDestinationRule() throws IOException {
    Path rule = folder.resolve("rule.yaml");
    Files.writeString(
        rule,
        """
        apiVersion: networking.istio.io/v1beta1
        kind: DestinationRule
        metadata: {name: calm, namespace: default}
        spec: {host: server, subsets: [{name: v1, labels: {app: server}}]}
        """);
    String options = "-f " + rule + " --istio 1.10 client --port 8080 --direction outbound";

    assertThat(rows("cluster", options))
        .containsExactly(
            "SERVICE FQDN PORT SUBSET DIRECTION TYPE DESTINATION RULE",
            "server.default.svc.cluster.local 8080 - outbound EDS calm.default",
            "server.default.svc.cluster.local 8080 v1 outbound EDS calm.default");
    assertThat(Manifest.run("proxy-config cluster", "echo.yaml", options + " -o json").out())
        .contains("/apis/networking.istio.io/v1alpha3/namespaces/default/destination-rule/calm")
        .contains("\"subset\": \"v1\"");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--fqdn server.default,3",
    "--fqdn server.default --port 8081,1",
    "--direction inbound,3",
    "--port 8080,2",
    "--port 8080 --direction outbound,1",
    "--subset v1,0",
  })
  void clustersAreFiltered(String filter, int expected) {
    assertThat(rows("cluster", "--istio 1.10 server-0 " + filter)).hasSize(1 + expected);
  }

  @Test
  void endpointsAreThoseThatEnvoyKnows() {
    assertThat(rows("endpoint", "--istio 1.9.5 server-0"))
        .containsExactly(
            "ENDPOINT STATUS OUTLIER CHECK CLUSTER",
            "10.244.0.10:8080 HEALTHY OK outbound|8080||server.default.svc.cluster.local",
            "10.244.0.10:8081 HEALTHY OK outbound|8081||server.default.svc.cluster.local",
            "10.244.0.10:8082 HEALTHY OK outbound|8082||server.default.svc.cluster.local",
            "127.0.0.1:8080 HEALTHY OK inbound|8080||",
            "127.0.0.1:8081 HEALTHY OK inbound|8081||",
            "127.0.0.1:8082 HEALTHY OK inbound|8082||",
            "127.0.0.1:15000 HEALTHY OK prometheus_stats",
            "127.0.0.1:15020 HEALTHY OK agent",
            "unix://./etc/istio/proxy/SDS HEALTHY OK sds-grpc",
            "unix://./etc/istio/proxy/XDS HEALTHY OK xds-grpc");
    assertThat(rows("endpoint", "--istio 1.10 server-0 --address 127.0.0.1")).hasSize(3);
    assertThat(rows("endpoint", "--istio 1.10 server-0 --port 8081")).hasSize(2);
    assertThat(rows("endpoint", "--istio 1.10 server-0 --status unhealthy")).hasSize(1);
  }

  @Test
  void jsonIsAnArrayOfCamelCase() {
    CommandRun run =
        Manifest.run(
            "proxy-config endpoint", "echo.yaml", "--istio 1.10 client --port 8080 -o json");
    JsonObject cluster =
        (JsonObject) ((JsonArray) JsonReader.read(run.out(), "stdout")).items().get(0);

    assertThat(cluster.string("name")).contains("outbound|8080||server.default.svc.cluster.local");
    JsonObject host = cluster.objects("hostStatuses").get(0);
    assertThat(host.objectOrEmpty("address").objectOrEmpty("socketAddress"))
        .satisfies(
            socket -> {
              assertThat(socket.string("address")).contains("10.244.0.10");
              assertThat(socket.integer("portValue")).contains(8080L);
            });
    assertThat(host.objectOrEmpty("healthStatus").string("edsHealthStatus")).contains("HEALTHY");
  }

  /** The dump answers as the sidecar that it was printed of (ConfigRoundTripTest). */
  @Test
  void allIsADumpThatEnvoyMatchReads() throws IOException {
    CommandRun run = Manifest.run("proxy-config all", "echo.yaml", "--istio 1.10 server-0 -o json");
    Path dump = folder.resolve("dump.json");
    Files.writeString(dump, run.out());

    assertThat(
            CommandRun.withInput(
                    "{\"dst_ip\":\"10.244.0.10\",\"dst_port\":8080}",
                    ("envoy match --listener virtualInbound --config-dump " + dump).split(" "))
                .out())
        .contains("\"target\":\"cluster:inbound|8080||\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "all",
        "all --port 80",
        "cluster --port 0",
        "listener --port 70000",
        "endpoint --port x",
        "listener"
      })
  void badUsageIsNamed(String command) {
    String pod = command.equals("listener") ? "bare" : "client";
    BadInputTest.assertOneLine(
        Manifest.run(
            "proxy-config " + command.split(" ", 2)[0],
            "echo.yaml",
            ("--istio 1.10 " + pod + command.substring(command.split(" ", 2)[0].length()))
                .strip()));
  }
}
