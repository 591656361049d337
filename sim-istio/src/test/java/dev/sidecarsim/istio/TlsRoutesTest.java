package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where TLS that applications speak themselves goes, by server name ({@code
 * buildSidecarOutboundTLSFilterChainOpts()} of pilot/pkg/networking/core/tls.go).
 */
class TlsRoutesTest {

  private static final String VIP = "10.96.0.80:443";

  private static Echo mesh() {
    return new Echo()
        .pod("server", "server", "443@pod")
        .pod("other", "other", "443@pod")
        .pod("client", "client", "")
        .service("server", "server", "10.96.0.80", "https", 443)
        .service("other", "other", "10.96.0.81", "https", 443);
  }

  private static String resource(String kind, String name, String spec) {
    return """
    apiVersion: networking.istio.io/v1
    kind: %s
    metadata: {name: %s, namespace: default}
    spec: %s
    """
        .formatted(kind, name, spec);
  }

  private static String reached(Story story) {
    return story.delivered()
        ? story.deliveredTo().orElseThrow().replaceFirst(" .*", "")
        : story.cause().map(Cause::code).orElse(story.outcome().code());
  }

  private static String call(Echo.Running run, String to, String serverName) {
    return reached(run.call("client", to, RealHello.of(serverName, "h2", "http/1.1")));
  }

  private static String routes(String matches) {
    return resource("VirtualService", "routes", "{hosts: [server], tls: [" + matches + "]}");
  }

  private static String to(String match, String host) {
    return "{match: [" + match + "], route: [{destination: {host: " + host + "}}]}";
  }

  @ParameterizedTest(name = "SNI {0}: {1}")
  @CsvSource({
    "a.example,other",
    "x.b.example,other",
    // No chain is for it, so it goes where unknown destinations go: the address that was called.
    "b.example,server",
    "'',server",
  })
  void aServerNameChoosesTheRoute(String serverName, String expected) {
    Echo.Running run =
        mesh().add(routes(to("{sniHosts: [a.example, '*.b.example']}", "other"))).run("1.20.0");

    assertThat(call(run, VIP, serverName)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{sniHosts: [a.example], port: 443};other",
        "{sniHosts: [a.example], port: 444};server",
        "{sniHosts: [a.example], sourceLabels: {app: client}};other",
        "{sniHosts: [a.example], sourceLabels: {app: nobody}};server",
        "{sniHosts: [a.example], sourceNamespace: elsewhere};server",
        "{sniHosts: [a.example], gateways: [mesh]};other",
        "{sniHosts: [a.example], gateways: [edge]};server",
        "{sniHosts: [a.example], destinationSubnets: [10.96.0.0/24]};other",
        "{sniHosts: [a.example], destinationSubnets: [10.97.0.0/24]};server",
      })
  void whatAMatchAsks(String match, String expected) {
    Echo.Running run = mesh().add(routes(to(match, "other"))).run("1.20.0");

    assertThat(call(run, VIP, "a.example")).isEqualTo(expected);
  }

  @Test
  void ofTwoMatchesForTheSameNamesTheFirstHolds() {
    Echo.Running run =
        mesh()
            .add(
                routes(
                    to("{sniHosts: [a.example]}", "other")
                        + ", "
                        + to("{sniHosts: [a.example]}", "server")))
            .run("1.20.0");

    assertThat(call(run, VIP, "a.example")).isEqualTo("other");
  }

  /** Services without an address share a listener, which tells them by server name. */
  @ParameterizedTest(name = "SNI {0}: {1}")
  @CsvSource({"a.example,server", "b.example,other", "c.example,NO_HOST"})
  void servicesWithoutAddressesAreToldByServerName(String serverName, String expected) {
    Echo.Running first = mesh().run("1.20.0");
    Echo.Running run =
        mesh()
            .add(entry("a", first.pod("server").ip().toString()))
            .add(entry("b", first.pod("other").ip().toString()))
            .run("1.20.0");

    assertThat(call(run, "10.77.0.1:443", serverName)).isEqualTo(expected);
  }

  private static String entry(String name, String address) {
    return resource(
        "ServiceEntry",
        name,
        "{hosts: [%s.example], resolution: STATIC, ports: [{number: 443, name: tls, protocol: TLS}],"
                .formatted(name)
            + " endpoints: [{address: "
            + address
            + "}]}");
  }

  /** An application's TLS is passed on inside the mesh's; in STRICT mode, too. */
  @ParameterizedTest(name = "{0}, a port named {1}, {2}: {3}")
  @CsvSource({
    "1.9.5,https,PERMISSIVE,127.0.0.1",
    "1.20.0,https,PERMISSIVE,127.0.0.6",
    "1.20.0,tls-a,STRICT,127.0.0.6",
    "1.20.0,unnamed,STRICT,127.0.0.6",
  })
  void tlsOfTheApplicationIsWrapped(String version, String port, String mode, String source) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "443@0.0.0.0")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", port, 443)
            .peerAuthentication(mode)
            .run(version);

    assertThat(run.verdict(run.call("client", VIP, RealHello.of("server", "h2"))))
        .isEqualTo("echo<" + source + ">");
  }

  /** Plaintext to a port that istiod takes for TLS is passed on, too: no inspector looks at it. */
  @Test
  void aPortNamedHttpsTakesPlaintext() {
    Echo.Running run = mesh().run("1.20.0");

    assertThat(reached(run.call("client", 1001, VIP, "hello\n"))).isEqualTo("server");
  }

  @Test
  void aHeadlessServicesInstancesHaveListenersOfTheirOwn() {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "443@pod")
            .pod("client", "client", "")
            .service("server", "server", "None", "https", 443)
            .peerAuthentication("STRICT")
            .run("1.20.0");

    assertThat(call(run, run.pod("server").ip() + ":443", "server")).isEqualTo("server");
  }

  /** Up to 1.20 an ExternalName Service has a listener of the wildcard, told by its own name. */
  @ParameterizedTest(name = "{0}, SNI {1}: {2}")
  @CsvSource({
    "1.20.0,alias.default.svc.cluster.local,server",
    "1.21.0,alias.default.svc.cluster.local,server",
  })
  void anExternalNameLeadsToItsTarget(String version, String serverName, String expected) {
    Echo.Running run =
        mesh()
            .add(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: alias, namespace: default}
                spec:
                  type: ExternalName
                  externalName: server.default.svc.cluster.local
                  ports: [{name: https, port: 443}]
                """)
            .run(version);

    assertThat(call(run, run.resolve("client", "alias") + ":443", serverName)).isEqualTo(expected);
  }
}
