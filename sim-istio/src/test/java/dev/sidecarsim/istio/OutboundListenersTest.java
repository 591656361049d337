package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.trace.Cause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of services that want the same listener; the expectations are those of {@code
 * buildSidecarOutboundListener()} and {@code buildListenerFromEntry()} in
 * pilot/pkg/networking/core/listener.go of istio/istio.
 */
class OutboundListenersTest {

  private static final String HTTP_ROUTE = "route:9000";
  private static final String REST = "cluster:PassthroughCluster";

  private static Echo mesh() {
    return new Echo().pod("server", "server", "9000@pod").pod("client", "client", "");
  }

  /** A ServiceEntry without an address, so that its listener is the wildcard's. */
  private static String entry(String name, String protocol, String more) {
    return """
    apiVersion: networking.istio.io/v1
    kind: ServiceEntry
    metadata: {name: %s, namespace: default}
    spec:
      hosts: [%s.example]
      ports: [{number: 9000, name: p, protocol: %s}]
      resolution: NONE
      %s
    """
        .formatted(name, name, protocol, more);
  }

  private static String sidecar(String egress) {
    return """
    apiVersion: networking.istio.io/v1
    kind: Sidecar
    metadata: {name: s, namespace: default}
    spec: {workloadSelector: {labels: {app: client}}, egress: [%s]}
    """
        .formatted(egress);
  }

  private static EnvoyConfig config(Echo.Running run) {
    return Mesh.envoy(run.run().world(), run.pod("client")).orElseThrow().config();
  }

  /** Where the chains of a listener of the client lead, its default chain last. */
  private static List<String> targets(Echo.Running run, String listener) {
    Listener found = config(run).listener(listener).orElseThrow();
    List<FilterChain> chains = new ArrayList<>(found.filterChains());
    found.defaultFilterChain().ifPresent(chains::add);
    return chains.stream().map(chain -> chain.filter().target()).toList();
  }

  private static String cluster(String name) {
    return "cluster:outbound|9000||" + name + ".example";
  }

  @ParameterizedTest(name = "{0}, then {1}: {2}")
  @CsvSource({
    "HTTP,HTTP,http",
    "HTTP,TCP,http b",
    "TCP,HTTP,http a",
    "TCP,TCP,a",
    "AUTO,AUTO,http a",
    "AUTO,TCP,http a",
    "AUTO,HTTP,http a",
    "TCP,AUTO,http a",
    // A service of unknown protocol after one of HTTP is not added at all.
    "HTTP,AUTO,http",
    // What is called Mongo or MySQL shares a listener with its like only.
    "MONGO,HTTP,a",
    "HTTP,MONGO,http",
    "TCP,MONGO,a",
    "MYSQL,MONGO,a",
    "REDIS,HTTP,http a",
  })
  void twoServicesOfOneListener(String older, String younger, String expected) {
    Echo.Running run = mesh().add(entry("a", older, "")).add(entry("b", younger, "")).run("1.20.0");

    List<String> wanted = new ArrayList<>();
    if (expected.startsWith("http")) {
      wanted.add(HTTP_ROUTE);
    }
    if (expected.endsWith("a") || expected.endsWith("b")) {
      wanted.add(cluster(expected.substring(expected.length() - 1)));
    } else {
      wanted.add(REST);
    }
    assertThat(targets(run, "0.0.0.0_9000")).isEqualTo(wanted);
  }

  @ParameterizedTest(name = "the entry made at {0}, the Service at {1}: {2}")
  @CsvSource({"2020,2021,a.example", "2021,2020,other.default.svc.cluster.local"})
  void theOlderOneHoldsWhateverDeclaresIt(String entry, String service, String expected) {
    Echo.Running run =
        mesh()
            .env("PILOT_ENABLE_HEADLESS_SERVICE_POD_LISTENERS", "false")
            .add(
                entry("a", "TCP", "")
                    .replace(
                        "{name: a,",
                        "{name: a, creationTimestamp: \"" + entry + "-01-01T00:00:00Z\","))
            .add(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: other, namespace: default, creationTimestamp: "%s-01-01T00:00:00Z"}
                spec: {clusterIP: None, selector: {app: server}, ports: [{name: tcp, port: 9000}]}
                """
                    .formatted(service))
            .run("1.20.0");

    assertThat(targets(run, "0.0.0.0_9000")).containsExactly("cluster:outbound|9000||" + expected);
  }

  @Test
  void anEntryWithInstancesHasAListenerForEach() {
    Echo.Running run =
        mesh().add(entry("a", "TCP", "endpoints: [{address: 10.77.0.9}]")).run("1.20.0");

    assertThat(config(run).listener("0.0.0.0_9000")).isEmpty();
    assertThat(targets(run, "10.77.0.9_9000")).containsExactly(cluster("a"));
  }

  @ParameterizedTest(name = "egress [{0}]: a listener {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        // An entry of a port, without an address: the services' own addresses.
        "{port: {number: 9000, protocol: TCP, name: t}, hosts: [./*]};10.96.0.90_9000",
        "{port: {number: 9000, protocol: HTTP, name: h}, hosts: [./*]};0.0.0.0_9000",
        "{port: {number: 9000, protocol: TCP, name: t}, bind: 127.0.0.1, captureMode: NONE, hosts: "
            + "[./*]};127.0.0.1_9000",
        "{bind: 127.0.0.9, captureMode: NONE, hosts: [./*]};127.0.0.9_9000",
        "{captureMode: NONE, hosts: [./*]};127.0.0.1_9000",
      })
  void anEntrySaysWhereListenersStand(String egress, String expected) {
    Echo.Running run =
        mesh()
            .service("server", "server", "10.96.0.90", "tcp-a", 9000)
            .add(sidecar(egress))
            .run("1.20.0");

    assertThat(config(run).listeners().stream().map(Listener::name))
        .filteredOn(name -> name.contains("_9000"))
        .containsExactly(expected);
  }

  /** istio/istio#41312. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"1.16.0,0.0.0.0_9000", "1.17.0,10.96.0.90_9000"})
  void anEntryOfAPortOnceStoodOnTheWildcard(String version, String expected) {
    Echo.Running run =
        mesh()
            .service("server", "server", "10.96.0.90", "tcp-a", 9000)
            .add(sidecar("{port: {number: 9000, protocol: TCP, name: t}, hosts: [./*]}"))
            .run(version);

    assertThat(config(run).listeners().stream().map(Listener::name))
        .filteredOn(name -> name.contains("_9000"))
        .containsExactly(expected);
  }

  @Test
  void anEntryOnAUnixSocketHasNoAddress() {
    Echo.Running run =
        mesh()
            .service("server", "server", "10.96.0.90", "tcp-a", 9000)
            .add(
                sidecar(
                    "{port: {number: 0, protocol: TCP, name: t}, bind: 'unix:///run/a', "
                        + "hosts: [./*]}"))
            .run("1.20.0");

    assertThat(config(run).listeners())
        .extracting(Listener::name)
        .containsExactly("virtualOutbound", "virtualInbound");
    assertThat(config(run).clusters())
        .containsKey("outbound|9000||server.default.svc.cluster.local");
  }

  /** A single address has a listener of its own, a block a chain of the wildcard's. */
  @Test
  void anEntryMayHaveBothAddressesAndBlocks() {
    Echo.Running run =
        mesh()
            .add(entry("a", "TCP", "addresses: [10.77.0.9, 10.78.0.0/16, 10.79.0.0/16]"))
            .run("1.20.0");

    assertThat(targets(run, "10.77.0.9_9000")).containsExactly(cluster("a"));
    assertThat(targets(run, "0.0.0.0_9000")).containsExactly(cluster("a"), cluster("a"), REST);
  }

  /** istio/istio#45670 and #48551. */
  @ParameterizedTest(name = "{0} on {1}: a listener {2}")
  @CsvSource({
    "http,15021,false",
    "http,15090,false",
    "http,15001,false",
    "http,15006,false",
    "http,15000,true",
    "tcp,15021,true",
  })
  void proxiesKeepTheirOwnPortsOnTheWildcard(String protocol, int port, boolean made) {
    Echo.Running run =
        mesh().service("server", "server", "10.96.0.90", protocol, port).run("1.24.0");

    assertThat(config(run).listeners().stream().map(Listener::name))
        .filteredOn(name -> name.endsWith("_" + port))
        .hasSize(made ? 1 : 0);
  }

  @Test
  void anEntrysProtocolHoldsNotTheServices() {
    Echo.Running run =
        mesh()
            .service("server", "server", "10.96.0.90", "http-a", 9000)
            .add(sidecar("{port: {number: 9000, protocol: TCP, name: t}, hosts: [./*]}"))
            .run("1.20.0");

    assertThat(targets(run, "10.96.0.90_9000"))
        .containsExactly("cluster:outbound|9000||server.default.svc.cluster.local");
  }

  /** What is locked is an address with its port, not the port on every address. */
  @Test
  void anEntryKeepsItsListenersForItself() {
    Echo.Running run =
        mesh()
            .service("server", "server", "10.96.0.90", "tcp-a", 9000)
            .service("other", "server", "10.96.0.91", "tcp-a", 9000)
            .service("web", "server", "10.96.0.92", "http-a", 9000)
            .add(
                sidecar(
                    "{port: {number: 9000, protocol: HTTP, name: h}, hosts: "
                        + "[./server.default.svc.cluster.local]}, {hosts: [./*]}"))
            .run("1.20.0");

    assertThat(targets(run, "10.96.0.91_9000"))
        .containsExactly("cluster:outbound|9000||other.default.svc.cluster.local");
    assertThat(config(run).routes().get("9000").virtualHosts())
        .extracting(host -> host.name().replaceFirst("\\..*", ""))
        .as("the routes of the port are the entry's alone")
        .containsExactly("server", "allow_any");
  }

  @Test
  void redisIsSpokenByEnvoyWhereAFlagSaysSo() {
    Echo mesh =
        new Echo()
            .pod("server", "server", "6379@pod")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.90", "redis", 6379);

    assertThat(mesh.run("1.20.0").call("client", 1001, "10.96.0.90:6379", "PING\r\n").delivered())
        .isTrue();
    assertThat(
            mesh.env("PILOT_ENABLE_REDIS_FILTER", "true")
                .run("1.20.0")
                .call("client", 1001, "10.96.0.90:6379", "PING\r\n")
                .cause()
                .map(Cause::code))
        .contains("NOT_MODELLED");
  }
}
