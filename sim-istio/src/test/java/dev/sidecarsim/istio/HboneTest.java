package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.istio.proxyconfig.ProxyConfig;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tunnels between sidecars and pods in ambient mode (endpoint_builder.go, listener_inbound.go). */
class HboneTest {

  private static final String AMBIENT_VIP = "10.96.0.80";
  private static final String SIDECAR_VIP = "10.96.0.81";

  /** Two pods of either kind, an ambient one and a sidecar behind a Service each. */
  private static Echo mesh() {
    return AmbientMesh.empty()
        .add(AmbientMesh.pod("ambient", AmbientMesh.AMBIENT, "8080@pod, 9090@pod"))
        .add(AmbientMesh.pod("caller", AmbientMesh.AMBIENT, ""))
        .add(AmbientMesh.pod("sidecar", AmbientMesh.SIDECAR, "8080@0.0.0.0, 9090@pod"))
        .service("ambient", "ambient", AMBIENT_VIP, "tcp-echo", 8080)
        .service("sidecar", "sidecar", SIDECAR_VIP, "tcp-echo", 8080)
        .peerAuthentication("STRICT");
  }

  private static String answer(Echo.Running run, String from, String to, String server) {
    return run.answer(run.call(from, 1001, to, "hello\n"), server);
  }

  // ---- a sidecar calls

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource({
    "PILOT_ENABLE_AMBIENT, true, sidecar at pod",
    "PILOT_ENABLE_AMBIENT, false, eof PLAINTEXT_TO_STRICT",
    "PILOT_ENABLE_SENDING_HBONE, false, eof PLAINTEXT_TO_STRICT",
    "PILOT_ENABLE_SIDECAR_LISTENING_HBONE, false, sidecar at pod",
  })
  void istiodsVariablesDecideWhetherASidecarSends(String name, String value, String answer) {
    Echo.Running run = mesh().env(name, value).run("1.30");

    assertThat(answer(run, "sidecar", AMBIENT_VIP + ":8080", "ambient")).isEqualTo(answer);
  }

  @Test
  void aProxyCanBeKeptFromSending() {
    Echo.Running run =
        mesh()
            .add(
                Echo.meshConfig(
                    "defaultConfig: {proxyMetadata: {ISTIO_META_DISABLE_HBONE_SEND: 'true'}}"))
            .run("1.30");

    assertThat(answer(run, "sidecar", AMBIENT_VIP + ":8080", "ambient"))
        .isEqualTo("eof PLAINTEXT_TO_STRICT");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"ISTIO_MUTUAL", "DISABLE", "SIMPLE"})
  void aTunnelComesBeforeWhatADestinationRuleAsksFor(String mode) {
    Echo.Running run =
        mesh()
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: rule, namespace: default}
                spec: {host: ambient, trafficPolicy: {tls: {mode: %s}}}
                """
                    .formatted(mode))
            .run("1.30");

    assertThat(answer(run, "sidecar", AMBIENT_VIP + ":8080", "ambient"))
        .isEqualTo("sidecar at pod");
  }

  @Test
  void toAHeadlessServiceNoTunnelLeads() {
    Echo.Running run = mesh().service("headless", "ambient", "None", "tcp-echo", 8080).run("1.30");
    String pod = run.pod("ambient").ip().toString();

    assertThat(answer(run, "sidecar", pod + ":8080", "ambient"))
        .isEqualTo("eof PLAINTEXT_TO_STRICT");
  }

  @Test
  void theServersPolicyKnowsTheSidecarByItsCertificate() {
    Echo.Running run =
        mesh().add(policy("ambient", "ALLOW", "cluster.local/ns/default/sa/sidecar")).run("1.30");

    assertThat(answer(run, "sidecar", AMBIENT_VIP + ":8080", "ambient"))
        .isEqualTo("sidecar at pod");
    Story other = run.call("caller", 1001, AMBIENT_VIP + ":8080", "x");
    assertThat(other.cause().map(Cause::code)).contains("RBAC_ACCESS_DENIED");
  }

  // ---- a sidecar is called

  @Test
  void withoutTheProfileASidecarIsCalledInPlaintext() {
    assertThat(answer(mesh().run("1.30"), "caller", SIDECAR_VIP + ":8080", "sidecar"))
        .isEqualTo("eof PLAINTEXT_TO_STRICT");
  }

  @Test
  void aPortThatNobodyDeclaresIsReachedThroughTheTunnelToo() {
    Echo.Running run = mesh().add(AmbientMesh.PROFILE).run("1.30");
    String pod = run.pod("sidecar").ip().toString();

    assertThat(answer(run, "caller", pod + ":9090", "sidecar")).isEqualTo("127.0.0.6 at pod");
  }

  @Test
  void aSidecarsIngressHoldsForTunnels() {
    Echo.Running run =
        mesh()
            .add(AmbientMesh.PROFILE)
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: own, namespace: default}
                spec:
                  workloadSelector: {labels: {app: sidecar}}
                  ingress:
                  - {port: {number: 8080, protocol: TCP, name: tcp}, defaultEndpoint: '127.0.0.1:8080'}
                """)
            .run("1.30");

    assertThat(answer(run, "caller", SIDECAR_VIP + ":8080", "sidecar"))
        .isEqualTo("127.0.0.1 at 127.0.0.1");
  }

  @Test
  void itsPolicyKnowsTheCallerByTheTunnelsCertificate() {
    Echo allowed =
        mesh()
            .add(AmbientMesh.PROFILE)
            .add(policy("sidecar", "ALLOW", "cluster.local/ns/default/sa/caller"));
    assertThat(answer(allowed.run("1.30"), "caller", SIDECAR_VIP + ":8080", "sidecar"))
        .isEqualTo("127.0.0.6 at pod");

    Echo denied =
        mesh()
            .add(AmbientMesh.PROFILE)
            .add(policy("sidecar", "DENY", "cluster.local/ns/default/sa/caller"));
    assertThat(answer(denied.run("1.30"), "caller", SIDECAR_VIP + ":8080", "sidecar"))
        .isEqualTo("eof RBAC_ACCESS_DENIED");
  }

  private static String policy(String app, String action, String principal) {
    return """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: callers, namespace: default}
        spec:
          selector: {matchLabels: {app: %s}}
          action: %s
          rules: [{from: [{source: {principals: ['%s']}}]}]
        """
        .formatted(app, action, principal);
  }

  @Test
  void toldNotToListenItIsStillCalledWhereNobodyListens() {
    Echo.Running run =
        mesh()
            .add(AmbientMesh.PROFILE)
            .env("PILOT_ENABLE_SIDECAR_LISTENING_HBONE", "false")
            .run("1.30");

    assertThat(run.verdict(run.call("caller", 1001, SIDECAR_VIP + ":8080", "x"))).isEqualTo("eof");
  }

  /** Tunnel and listener as istiod makes them; the label is the injector's. */
  @Test
  void whatASidecarIsMadeOf() {
    Echo.Running run = mesh().add(AmbientMesh.PROFILE).run("1.30");
    Pod pod = run.pod("sidecar").spec();
    EnvoyConfig config = Mesh.envoy(run.run().world(), run.pod("sidecar")).orElseThrow().config();

    assertThat(pod.meta().labels()).containsEntry("networking.istio.io/tunnel", "http");
    assertThat(config.listener("connect_terminate").map(Listener::address))
        .contains(Endpoint.of("0.0.0.0:15008"));
    assertThat(config.listener("main_internal").orElseThrow().filterChains())
        .allMatch(chain -> !chain.match().prefixRanges().isEmpty());
    assertThat(ProxyConfig.hosts(config).stream().map(ProxyConfig.Host::address))
        .contains("envoy://connect_originate/" + run.pod("ambient").ip() + ":8080")
        .contains(run.pod("sidecar").ip() + ":8080");
  }
}
