package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connections to and through gateways of a mesh, as far as Gateways and VirtualServices decide
 * about them (pilot/pkg/networking/core/gateway.go).
 */
class GatewayTest {

  /** As the charts of an installation make it; its Service's ports lead to others of the pod. */
  private static final String INSTALLED =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: ingress
        namespace: default
        labels: {istio: ingressgateway, sidecar.istio.io/inject: "false"}
        annotations: {sidecar.istio.io/inject: "false"}
      spec:
        securityContext: {runAsUser: 1337, runAsGroup: 1337}
        containers:
        - {name: istio-proxy, image: docker.io/istio/proxyv2:1.20.0, args: [proxy, router]}
      """;

  private static final String INJECTED =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: ingress
        namespace: default
        labels: {istio: ingressgateway}
        annotations: {inject.istio.io/templates: gateway}
      spec:
        containers: [{name: istio-proxy, image: auto}]
      """;

  private static Echo mesh(String pod) {
    return new Echo()
        .add(pod)
        .add(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: ingress, namespace: default}
            spec:
              clusterIP: 10.96.0.100
              selector: {istio: ingressgateway}
              ports:
              - {name: http, port: 80, targetPort: 8080}
              - {name: tcp, port: 9000}
              - {name: https, port: 443, targetPort: 8443}
              - {name: secure, port: 8444}
              - {name: nobody, port: 7777}
            """)
        .add(
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: default}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - {port: {number: 80, protocol: HTTP, name: http}, hosts: ["*.example"]}
              - {port: {number: 9000, protocol: TCP, name: tcp}, hosts: ["*"]}
              - port: {number: 443, protocol: TLS, name: tls}
                tls: {mode: PASSTHROUGH}
                hosts: ["*"]
              - port: {number: 8444, protocol: HTTPS, name: https}
                tls: {mode: SIMPLE, credentialName: c}
                hosts: ["*"]
            """)
        .add(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: routes, namespace: default}
            spec:
              hosts: [shop.example, else.where]
              gateways: [edge]
              http: [{route: [{destination: {host: web}}]}]
              tcp: [{match: [{port: 9000}], route: [{destination: {host: server}}]}]
              tls: [{match: [{sniHosts: [shop.example]}], route: [{destination: {host: server}}]}]
            """)
        .pod("server", "server", "9000@pod")
        .pod("web", "web", "8000@pod")
        .pod("client", "client", "")
        .pod("bare", "bare", "", Echo.NOT_INJECTED)
        .service("server", "server", "10.96.0.80", "tcp", 9000)
        .service("web", "web", "10.96.0.81", "http", 8000)
        .peerAuthentication("STRICT");
  }

  private static String reached(Story story) {
    return story.delivered()
        ? story.deliveredTo().orElseThrow().replaceFirst(" .*", "")
        : story.cause().map(Cause::code).orElse(story.outcome().code());
  }

  private static String pod(String how) {
    return how.equals("injected") ? INJECTED : INSTALLED;
  }

  @ParameterizedTest(name = "{0}, from {1}")
  @CsvSource({"installed,bare", "installed,client", "injected,bare", "injected,client"})
  void tcpIsCarriedThroughWithTheMeshsTls(String how, String from) {
    Echo.Running run = mesh(pod(how)).run("1.20.0");
    Story story = run.call(from, 1001, "10.96.0.100:9000", "hello\n");

    assertThat(reached(story)).isEqualTo("server");
    assertThat(
            story.steps().stream()
                .map(Trace.Entry::step)
                .filter(EnvoyStep.HostChosen.class::isInstance)
                .map(step -> ((EnvoyStep.HostChosen) step).transport().describe()))
        .as("what the last proxy but the server's speaks")
        .contains("mTLS");
  }

  /** Gateways cannot dial what was called, for that is themselves (convertResolution()). */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"installed", "injected"})
  void aHeadlessServicesPodsAreChosenFrom(String how) {
    Echo.Running run =
        mesh(pod(how))
            .service("peers", "server", "None", "tcp", 9000)
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a-first, namespace: default}
                spec:
                  hosts: ["*"]
                  gateways: [edge]
                  tcp: [{match: [{port: 9000}], route: [{destination: {host: peers}}]}]
                """)
            .run("1.20.0");

    assertThat(reached(run.call("bare", 1001, "10.96.0.100:9000", "hello\n"))).isEqualTo("server");
  }

  @ParameterizedTest(name = "{0}, Host {1}: {2}")
  @CsvSource({
    "installed,shop.example,web",
    "installed,other.example,HTTP_404",
    // A host of the VirtualService that the Gateway's server does not take.
    "installed,else.where,HTTP_404",
    "injected,shop.example,web",
  })
  void httpFollowsItsHost(String how, String host, String expected) {
    Echo.Running run = mesh(pod(how)).run("1.20.0");
    Story story =
        run.call("bare", 1001, "10.96.0.100:80", "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

    assertThat(
            story.steps().stream()
                .map(Trace.Entry::step)
                .filter(HostStep.Accepted.class::isInstance)
                .map(HostStep.Accepted.class::cast)
                .filter(accepted -> !accepted.proxy())
                .map(HostStep.Accepted::subject)
                .findFirst()
                .orElse(story.cause().map(Cause::code).orElse("")))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "SNI {0}: {1}")
  @CsvSource({"shop.example,server", "other.example,NO_FILTER_CHAIN"})
  void tlsFollowsItsServerName(String serverName, String expected) {
    Echo.Running run = mesh(INSTALLED).run("1.20.0");

    // The destination's port is its only one, whatever the gateway's is.
    assertThat(reached(run.call("bare", "10.96.0.100:443", RealHello.of(serverName))))
        .isEqualTo(expected);
  }

  @Test
  void aPortThatNoGatewayNamesIsClosed() {
    Echo.Running run = mesh(INSTALLED).run("1.20.0");

    assertThat(run.call("bare", 1001, "10.96.0.100:7777", "hello\n").outcome().code())
        .isEqualTo("REFUSED");
  }

  /** A sidecar speaks TLS to the gateway where a DestinationRule says so. */
  private static Echo callingWithTls(String serverMode, String clientMode) {
    return mesh(INSTALLED)
        .add(
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: ends, namespace: default}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 8445, protocol: TLS, name: tls-end}
                tls: {mode: %s, credentialName: c}
                hosts: ["*"]
            """
                .formatted(serverMode))
        .add(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: ends, namespace: default}
            spec:
              hosts: ["*"]
              gateways: [ends]
              tcp: [{match: [{port: 8445}], route: [{destination: {host: server}}]}]
            """)
        .add(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: edge, namespace: default}
            spec:
              clusterIP: 10.96.0.101
              selector: {istio: ingressgateway}
              ports: [{name: tcp, port: 8445}]
            """)
        .add(
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: edge, namespace: default}
            spec: {host: edge, trafficPolicy: {tls: {mode: %s, sni: shop.example}}}
            """
                .formatted(clientMode));
  }

  @ParameterizedTest(name = "{0}, client {1}: {2}")
  @CsvSource({
    "SIMPLE, SIMPLE, server",
    "SIMPLE, DISABLE, TLS_HANDSHAKE_REFUSED",
    "ISTIO_MUTUAL, ISTIO_MUTUAL, server",
    "ISTIO_MUTUAL, SIMPLE, TLS_HANDSHAKE_REFUSED",
    "MUTUAL, SIMPLE, NOT_MODELLED",
  })
  void aGatewayEndsTlsAndGoesOn(String serverMode, String clientMode, String expected) {
    Echo.Running run = callingWithTls(serverMode, clientMode).run("1.20.0");

    assertThat(reached(run.call("client", 1001, "10.96.0.101:8445", "hello\n")))
        .isEqualTo(expected);
  }

  @Test
  void plaintextToAPortForTlsIsTurnedAway() {
    Echo.Running run = mesh(INSTALLED).run("1.20.0");
    Story story = run.call("bare", 1001, "10.96.0.100:8444", "hello\n");

    assertThat(story.cause().map(Cause::code)).contains("TLS_HANDSHAKE_REFUSED");
  }

  @Test
  void whatRunsInItCallsWithoutASidecar() {
    Echo.Running run = mesh(INSTALLED).run("1.20.0");

    assertThat(reached(run.call("ingress", 1337, "10.96.0.80:9000", "hello\n")))
        .isEqualTo("PLAINTEXT_TO_STRICT");
  }

  @Test
  void aPolicyForItTurnsCallersAway() {
    Echo.Running run =
        mesh(INSTALLED)
            .add(
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: none, namespace: default}
                spec: {selector: {matchLabels: {istio: ingressgateway}}}
                """)
            .run("1.20.0");

    assertThat(reached(run.call("bare", 1001, "10.96.0.100:9000", "hello\n")))
        .isEqualTo("RBAC_ACCESS_DENIED");
  }
}
