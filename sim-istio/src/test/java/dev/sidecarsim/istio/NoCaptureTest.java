package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pods whose connections are not redirected: an application calls a port on the loopback address,
 * where its proxy listens in place of the services ({@code proxyNoneMode} in
 * pilot/pkg/networking/core/listener.go).
 */
class NoCaptureTest {

  private static final String NONE = "sidecar.istio.io/interceptionMode: NONE";

  private static Echo mesh(String listen) {
    return new Echo()
        .pod("server", "server", "8080@pod")
        .pod("other", "other", "8080@pod")
        .pod("client", "client", listen, NONE);
  }

  private static String get(String host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  private static EnvoyConfig config(Echo.Running run, String pod) {
    return Mesh.envoy(run.run().world(), run.pod(pod)).orElseThrow().config();
  }

  private static List<String> listeners(Echo.Running run, Story story) {
    return run.listeners(story).stream().map(EnvoyStep.ListenerChosen::listener).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7.0", "1.9.5", "1.20.0", "1.30.0"})
  void aServiceIsCalledOnTheLoopbackAddress(String version) {
    Echo.Running run =
        mesh("")
            .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
            .env("PILOT_ENABLE_INBOUND_PASSTHROUGH", "true")
            .run(version);

    Story story = run.call("client", 1001, "127.0.0.1:8080", "hello\n");
    assertThat(run.takenBy(story)).isEqualTo("client 8080");
    assertThat(listeners(run, story)).containsExactly("127.0.0.1_8080", "virtualInbound");
    assertThat(listeners(run, run.call("client", 1001, "10.96.0.80:8080", "hello\n")))
        .as("whoever calls the service's address goes past the proxy")
        .containsExactly("virtualInbound");
    assertThat(config(run, "client").listeners())
        .extracting(Listener::name)
        .doesNotContain("virtualOutbound", "virtualInbound");
  }

  @Test
  void oneOfTwoServicesHasThePort() {
    Echo.Running run =
        mesh("")
            .service("a", "other", "10.96.0.81", "tcp-echo", 8080)
            .service("b", "server", "10.96.0.80", "tcp-echo", 8080)
            .run("1.20.0");

    assertThat(run.call("client", 1001, "127.0.0.1:8080", "hello\n").deliveredTo())
        .contains("other app");
  }

  @ParameterizedTest(name = "Host {0}: {1}")
  @CsvSource({"server,server app", "other,other app"})
  void servicesOfHttpShareIt(String host, String expected) {
    Echo.Running run =
        mesh("")
            .service("server", "server", "10.96.0.80", "http-echo", 8080)
            .service("other", "other", "10.96.0.81", "http-echo", 8080)
            .run("1.20.0");

    assertThat(run.call("client", 1001, "127.0.0.1:8080", get(host)).deliveredTo())
        .contains(expected);
  }

  /** A chain of TCP asks for nothing there, and neither does one of HTTP: the first one stays. */
  @ParameterizedTest(name = "{0}, then {1}: {2}")
  @CsvSource({
    "tcp,http,cluster:outbound|8080||a.default.svc.cluster.local",
    "http,tcp,route:8080",
    "auto,http,route:a.default.svc.cluster.local:8080",
    "http,auto,route:b.default.svc.cluster.local:8080",
  })
  void aServiceOfAnotherProtocolIsNotAdded(String older, String younger, String expected) {
    Echo.Running run =
        mesh("")
            .service("a", "server", "10.96.0.80", older + "-x", 8080)
            .service("b", "other", "10.96.0.81", younger + "-x", 8080)
            .run("1.20.0");

    Listener listener = config(run, "client").listener("127.0.0.1_8080").orElseThrow();
    assertThat(listener.filterChains().get(0).filter().target()).isEqualTo(expected);
  }

  /** The cluster dials the address that was called, which is the proxy's own here. */
  @Test
  void aHeadlessServiceCannotBeCalled() {
    Echo.Running run = mesh("").service("server", "server", "None", "tcp-echo", 8080).run("1.20.0");

    Story story = run.call("client", 1001, "127.0.0.1:8080", "hello\n");
    assertThat(listeners(run, story)).containsExactly("127.0.0.1_8080");
    assertThat(story.cause()).map(Cause::code).contains("NO_ENDPOINTS");
  }

  /** As istio/istio#40945 has it. */
  @Test
  void thePodsOwnProgramMayHaveThePort() {
    Echo.Running run =
        mesh("8080@0.0.0.0")
            .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
            .run("1.20.0");

    assertThat(run.call("client", 1001, "127.0.0.1:8080", "hello\n").deliveredTo())
        .contains("client app");
  }

  @ParameterizedTest(name = "{0}, defaultEndpoint {1}: {2}")
  @CsvSource({
    "1.9.5,127.0.0.1:9090,echo<127.0.0.1>",
    "1.20.0,127.0.0.1:9090,echo<127.0.0.1>",
    "1.20.0,0.0.0.0:9090,echo<127.0.0.6>",
    // What was called is the proxy's own address, not one that rules have changed.
    "1.20.0,:9090,eof",
    "1.20.0,'',eof",
  })
  void aPortOfASidecarHasASocketOnThePodsAddress(String version, String endpoint, String expected) {
    String written = endpoint.isEmpty() ? "" : ", defaultEndpoint: \"" + endpoint + "\"";
    Echo.Running run =
        new Echo()
            .pod("server", "server", "9090@0.0.0.0", NONE)
            .pod("client", "client", "")
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: s, namespace: default}
                spec:
                  workloadSelector: {labels: {app: server}}
                  ingress: [{port: {number: 8080, protocol: TCP, name: t}%s}]
                """
                    .formatted(written))
            .run(version);

    assertThat(run.verdict(run.call("client", "server", 8080))).isEqualTo(expected);
  }

  /** Nothing is inspected where no chain looks at it, so a server may speak first. */
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({"DISABLE,TCP,0", "STRICT,TCP,1", "PERMISSIVE,TCP,1", "DISABLE,HTTP,0"})
  void aBoundPortIsInspectedAsItsChainsAsk(String mode, String protocol, int inspectors) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "9090@0.0.0.0", NONE)
            .peerAuthentication(mode)
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: s, namespace: default}
                spec:
                  ingress:
                  - port: {number: 8080, protocol: %s, name: t}
                    defaultEndpoint: 127.0.0.1:9090
                """
                    .formatted(protocol))
            .run("1.20.0");

    assertThat(config(run, "server").listeners()).hasSize(1);
    assertThat(config(run, "server").listeners().get(0).listenerFilters()).hasSize(inspectors);
  }

  /**
   * In a pod whose connections are redirected, one to such a port comes in as to any that nobody
   * declares, and is passed on, without mTLS, to the proxy's own socket.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"PERMISSIVE,echo<127.0.0.1>", "STRICT,eof"})
  void aRedirectedCallOfABoundPortMeetsTheProxyTwice(String mode, String expected) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "9090@127.0.0.1")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
            .peerAuthentication(mode)
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: s, namespace: default}
                spec:
                  workloadSelector: {labels: {app: server}}
                  ingress:
                  - port: {number: 8080, protocol: TCP, name: t}
                    captureMode: NONE
                    defaultEndpoint: 127.0.0.1:9090
                """)
            .run("1.20.0");

    Story story = run.call("client", 1001, "10.96.0.80:8080", "hello\n");
    assertThat(run.verdict(story)).isEqualTo(expected);
    assertThat(listeners(run, story))
        .containsExactly("10.96.0.80_8080", "virtualInbound", run.pod("server").ip() + "_8080");
  }
}
