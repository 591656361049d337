package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ServiceEntries without an address, and the agent's DNS proxy that tells them apart: "DNS
 * Proxying" in the operations guide of istio.io.
 */
class DnsCaptureTest {

  private static final String CAPTURE = "ISTIO_META_DNS_CAPTURE: 'true'";
  private static final String ALLOCATE = "ISTIO_META_DNS_AUTO_ALLOCATE: 'true'";
  private static final String BOTH = CAPTURE + ", " + ALLOCATE;

  private static Echo mesh(String metadata) {
    return new Echo()
        .pod("one", "one", "9000@0.0.0.0")
        .pod("two", "two", "9000@0.0.0.0")
        .pod(
            "client",
            "client",
            "",
            "proxy.istio.io/config: \"{proxyMetadata: {%s}}\"".formatted(metadata));
  }

  private static String entry(String name, String more) {
    return """
    apiVersion: networking.istio.io/v1
    kind: ServiceEntry
    metadata: {name: %s, namespace: default%s}
    spec:
      hosts: [%s.example]
      location: MESH_INTERNAL
      ports: [{number: 9000, name: tcp, protocol: TCP}]
      resolution: STATIC
      workloadSelector: {labels: {app: %s}}
    """
        .formatted(name, more, name, name);
  }

  private static Echo twoEntries(String metadata) {
    return mesh(metadata).add(entry("one", "")).add(entry("two", ""));
  }

  private static List<String> listeners(Echo.Running run) {
    EnvoyConfig config = Mesh.envoy(run.run().world(), run.pod("client")).orElseThrow().config();
    return config.listeners().stream().map(Listener::name).filter(n -> n.contains("_")).toList();
  }

  private static List<String> asked(Echo.Running run, long uid, String name) {
    Process program = run.pod("client").namespace().process("dig", new SocketOwner(uid, uid));
    return program.resolve(name).stream().map(Object::toString).toList();
  }

  @ParameterizedTest(name = "{0}, {1}, {2}: allocated {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "1.7.0;" + BOTH + ";;false",
        "1.8.0;" + CAPTURE + ";;true",
        "1.9.5;" + CAPTURE + ";;false",
        "1.9.5;" + BOTH + ";;true",
        "1.22.0;" + BOTH + ";;true",
        "1.22.0;" + ALLOCATE + ";;false",
        "1.24.0;" + CAPTURE + ";;false",
        "1.24.0;" + CAPTURE + ";true;true",
        "1.24.0;" + BOTH + ";;true",
        "1.25.0;" + CAPTURE + ";;true",
        "1.25.0;" + CAPTURE + ";false;false",
        "1.25.0;A: b;;false",
      })
  void releasesAllocateAddresses(
      String version, String metadata, String controller, boolean allocated) {
    Echo mesh = twoEntries(metadata);
    if (controller != null) {
      mesh.env("PILOT_ENABLE_IP_AUTOALLOCATE", controller);
    }

    assertThat(listeners(mesh.run(version)))
        .isEqualTo(
            allocated ? List.of("240.240.0.1_9000", "240.240.0.2_9000") : List.of("0.0.0.0_9000"));
  }

  @ParameterizedTest(name = "{0}: {1} app")
  @CsvSource({"one.example,one", "TWO.example.,two"})
  void anApplicationReachesEachByItsName(String name, String expected) {
    Echo.Running run = twoEntries(BOTH).run("1.20.0");

    String address = asked(run, 1001, name).get(0);
    assertThat(run.call("client", 1001, address + ":9000", "hello\n").deliveredTo())
        .contains(expected + " app");
  }

  /** Of what shares the wildcard only the first is reached, whatever address is called. */
  @Test
  void withoutAddressesTheFirstTakesAll() {
    Echo.Running run = twoEntries("A: b").run("1.20.0");

    assertThat(asked(run, 1001, "two.example")).isEmpty();
    assertThat(run.call("client", 1001, "198.51.100.1:9000", "hello\n").deliveredTo())
        .contains("one app");
  }

  @Test
  void theProxyItselfAsksTheClustersNameServer() {
    Echo.Running run = twoEntries(BOTH).run("1.20.0");

    assertThat(asked(run, 1337, "one.example")).isEmpty();
    assertThat(asked(run, 1001, "one.example")).hasSize(1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "own.example,198.51.100.7",
    "a.b.wild.example,198.51.100.8",
    "wild.example,''",
    "block.example,''",
    "instances.example,10.77.0.9 10.77.0.10",
    "localhost,127.0.0.1",
  })
  void itAnswersForServiceEntries(String name, String expected) {
    Echo mesh = mesh(CAPTURE);
    for (String more :
        List.of(
            "hosts: [own.example], addresses: [198.51.100.7]",
            "hosts: ['*.wild.example'], addresses: [198.51.100.8]",
            "hosts: [block.example], addresses: [198.51.100.0/24]",
            "hosts: [instances.example], resolution: NONE, "
                + "endpoints: [{address: 10.77.0.9}, {address: 10.77.0.10}]")) {
      mesh.add(
          """
          apiVersion: networking.istio.io/v1
          kind: ServiceEntry
          metadata: {name: e%d, namespace: default}
          spec: {ports: [{number: 9000, name: tcp, protocol: TCP}], %s}
          """
              .formatted(more.hashCode(), more));
    }

    assertThat(String.join(" ", asked(mesh.run("1.20.0"), 1001, name))).isEqualTo(expected);
  }

  @Test
  void itAnswersForNobodyWhereNothingIsCaptured() {
    Echo.Running run =
        new Echo()
            .pod(
                "client",
                "client",
                "",
                "proxy.istio.io/config: \"{interceptionMode: NONE, proxyMetadata: {%s}}\""
                    .formatted(BOTH))
            .add(entry("one", ""))
            .run("1.20.0");

    assertThat(asked(run, 1001, "one.example")).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"1.24.0,240.240.0.1_9000", "1.25.0,0.0.0.0_9000"})
  void aLabelTurnsTheControllerOff(String version, String expected) {
    Echo.Running run =
        mesh(BOTH)
            .add(entry("one", ", labels: {networking.istio.io/enable-autoallocate-ip: 'false'}"))
            .run(version);

    assertThat(listeners(run)).containsExactly(expected);
  }

  /** Envoy finds an address that was made up among the names of a host. */
  @Test
  void requestsForTheAddressFindTheirRoute() {
    Echo.Running run =
        mesh(BOTH)
            .add(entry("one", "").replace("name: tcp, protocol: TCP", "name: http, protocol: HTTP"))
            .run("1.20.0");

    assertThat(
            run.call(
                    "client",
                    1001,
                    "240.240.0.1:9000",
                    "GET / HTTP/1.1\r\nHost: 240.240.0.1:9000\r\n\r\n")
                .deliveredTo())
        .contains("one app");
  }
}
