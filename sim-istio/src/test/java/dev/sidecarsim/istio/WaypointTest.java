package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which calls pass a waypoint, and what the server sees of them (ztunnel's outbound.rs, istiod's
 * listener_waypoint.go and cluster_waypoint.go).
 */
class WaypointTest {

  private static final String VIP = "10.96.0.80:8080";
  private static final String USE = "istio.io/use-waypoint: waypoint";

  private static String gateway(String namespace, String labels, String from) {
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: waypoint, namespace: %s, labels: {%s}}
        spec:
          gatewayClassName: istio-waypoint
          listeners:
          - name: mesh
            port: 15008
            protocol: HBONE
            allowedRoutes: {namespaces: {from: %s}}
        """
        .formatted(namespace, labels, from);
  }

  /** A server behind a Service, and callers in every part of the mesh; STRICT. */
  private static Echo mesh(String podLabels, String serviceLabels, String port) {
    return AmbientMesh.empty()
        .add(AmbientMesh.pod("server", podLabels, "8080@pod"))
        .add(AmbientMesh.pod("client", AmbientMesh.AMBIENT, ""))
        .add(AmbientMesh.pod("sidecar", AmbientMesh.SIDECAR, ""))
        .add(AmbientMesh.pod("bare", AmbientMesh.BARE, ""))
        .add(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: server, namespace: default, labels: {%s}}
            spec: {clusterIP: 10.96.0.80, selector: {app: server}, ports: [{name: %s, port: 8080}]}
            """
                .formatted(serviceLabels, port));
  }

  private static Echo mesh() {
    return mesh("", USE, "tcp-echo");
  }

  private static Echo withWaypoint() {
    return mesh().add(gateway("default", "a: b", "Same"));
  }

  /** Whom the server saw: {@code waypoint} for that proxy's pod. */
  private static String seen(Echo.Running run, String from, String to) {
    String target = to.equals("pod") ? run.pod("server").ip() + ":8080" : VIP;
    return run.answer(run.call(from, 1001, target, "hello\n"), "server")
        .replaceFirst("waypoint-[a-z0-9-]+", "waypoint");
  }

  @ParameterizedTest(name = "{0}: {1} of {2} to the {3}: {4}")
  @CsvSource({
    "1.22.0, service, Service, service, waypoint at pod",
    "1.30.0, service, Service, service, waypoint at pod",
    "1.30.0, service, Service, pod, client at pod",
    "1.30.0, workload, Service, service, client at pod",
    "1.30.0, workload, Pod, pod, waypoint at pod",
    "1.22.0, workload, Pod, pod, waypoint at pod",
    "1.30.0, workload, Pod, service, client at pod",
    "1.30.0, service, Pod, pod, client at pod",
    "1.30.0, all, Pod, pod, waypoint at pod",
    "1.30.0, all, Service, service, waypoint at pod",
    "1.30.0, none, Service, service, client at pod",
  })
  void theGatewaySaysWhoseCallsItTakes(
      String version, String serves, String labelled, String to, String expected) {
    Echo.Running run =
        mesh(labelled.equals("Pod") ? USE : "", labelled.equals("Service") ? USE : "", "tcp-echo")
            .add(gateway("default", "istio.io/waypoint-for: " + serves, "Same"))
            .peerAuthentication("STRICT")
            .run(version);

    assertThat(seen(run, "client", to)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "port {0}")
  @CsvSource({"tcp-echo", "echo"})
  void bothLegsAreTunnels(String port) {
    Echo.Running run =
        mesh("", USE, port)
            .add(gateway("default", "a: b", "Same"))
            .peerAuthentication("STRICT")
            .run("1.30");
    Story story = run.call("client", 1001, VIP, "hello\n");

    assertThat(story.delivered()).isTrue();
    assertThat(story.steps().stream().map(Trace.Entry::step).map(Object::toString))
        .filteredOn(step -> step.contains("waypoint waypoint.default takes HBONE"))
        .hasSize(1);
    assertThat(story.steps().stream().map(entry -> entry.step().text()))
        .anyMatch(
            text -> text.contains("cluster inbound-vip|8080|tcp|server") && text.contains("mTLS"));
  }

  @Test
  void aNamespacesLabelIsForItsServices() {
    Echo.Running run =
        new Echo(AmbientMesh.NAMESPACE.replace("ambient}", "ambient, " + USE + "}"))
            .add(AmbientMesh.pod("server", "", "8080@pod"))
            .add(AmbientMesh.pod("client", "", ""))
            .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
            .add(gateway("default", "a: b", "Same"))
            .run("1.30");

    assertThat(seen(run, "client", "service")).isEqualTo("waypoint at pod");
    assertThat(seen(run, "client", "pod")).isEqualTo("client at pod");
  }

  @Test
  void aNameWithoutAGatewayMeansNothing() {
    assertThat(seen(mesh().run("1.30"), "client", "service")).isEqualTo("client at pod");
  }

  @ParameterizedTest(name = "from {0}: {1}")
  @CsvSource({"Same, client at pod", "All, 10.244"})
  void aWaypointOfAnotherNamespaceHasToBeOpenToIt(String from, String expected) {
    Echo.Running run =
        mesh("", USE + ", istio.io/use-waypoint-namespace: edge", "tcp-echo")
            .add(gateway("edge", "a: b", from))
            .run("1.30");

    assertThat(seen(run, "client", "service"))
        .matches(
            answer -> from.equals("Same") ? answer.equals(expected) : answer.contains("waypoint"));
  }

  /** Only ztunnel sends calls to waypoints. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"sidecar", "bare"})
  void othersPassItBy(String caller) {
    Echo.Running run = withWaypoint().run("1.30");

    assertThat(seen(run, caller, "service")).isEqualTo(caller + " at pod");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "Service, server, client, eof RBAC_ACCESS_DENIED",
    "Gateway, waypoint, client, eof RBAC_ACCESS_DENIED",
    "GatewayClass, istio-waypoint, client, waypoint at pod",
    "Service, other, client, waypoint at pod",
    "ServiceEntry, server, client, waypoint at pod",
    "Service, server, somebody, waypoint at pod",
  })
  void policiesAreAttachedByName(String kind, String name, String denied, String expected) {
    Echo.Running run =
        withWaypoint()
            .add(
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: never, namespace: default}
                spec:
                  targetRefs: [{kind: %s, name: %s}]
                  action: DENY
                  rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/%s]}}]}]
                """
                    .formatted(kind, name, denied))
            .run("1.30");

    assertThat(seen(run, "client", "service")).isEqualTo(expected);
  }

  /** What selects the server knows the waypoint alone. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"client, eof RBAC_ACCESS_DENIED", "waypoint, waypoint at pod"})
  void theServersOwnPolicySeesTheWaypoint(String allowed, String expected) {
    Echo.Running run =
        withWaypoint()
            .add(
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: only, namespace: default}
                spec:
                  selector: {matchLabels: {app: server}}
                  rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/%s]}}]}]
                """
                    .formatted(allowed))
            .run("1.30");

    assertThat(seen(run, "client", "service")).isEqualTo(expected);
  }

  @Test
  void aServerOutsideOfTheMeshIsCalledInPlaintext() {
    Echo.Running run =
        mesh(AmbientMesh.BARE, USE, "tcp-echo").add(gateway("default", "a: b", "Same")).run("1.30");

    assertThat(seen(run, "client", "service")).isEqualTo("waypoint at pod");
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "WasmPlugin; targetRefs: [{kind: Gateway, name: waypoint}]; UNKNOWN",
        "WasmPlugin; targetRefs: [{kind: Gateway, name: other}]; DELIVERED",
        "EnvoyFilter; targetRefs: [{kind: Service, name: server}]; UNKNOWN",
      })
  void whatChangesAWaypointIsNamed(String kind, String spec, String expected) {
    Echo.Running run =
        withWaypoint()
            .add(
                """
                apiVersion: networking.istio.io/v1alpha3
                kind: %s
                metadata: {name: change, namespace: default}
                spec: {%s}
                """
                    .formatted(kind, spec))
            .run("1.30");
    Story story = run.call("client", 1001, VIP, "hello\n");

    assertThat(story.outcome().code()).isEqualTo(expected);
  }

  @Test
  void routesOfAVirtualServiceAreUnknown() {
    Echo.Running run =
        withWaypoint()
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: routes, namespace: default}
                spec: {hosts: [server], tcp: [{route: [{destination: {host: server}}]}]}
                """)
            .run("1.30");

    assertThat(run.call("client", 1001, VIP, "x").outcome().code()).isEqualTo("UNKNOWN");
  }

  @Test
  void withoutAPodOfItsOwnItTakesNothing() {
    Echo.Running run =
        withWaypoint()
            .add(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: waypoint, namespace: default}
                spec:
                  replicas: 0
                  selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: waypoint}}
                  template:
                    metadata: {labels: {gateway.networking.k8s.io/gateway-name: waypoint}}
                    spec: {containers: [{name: istio-proxy, image: "docker.io/istio/proxyv2:1.30.0"}]}
                """)
            .run("1.30");

    assertThat(seen(run, "client", "service")).isEqualTo("eof NO_ENDPOINTS");
  }

  /** Sniffing every port kept servers from speaking first (change notes of Istio 1.24). */
  @ParameterizedTest(name = "{0}, port {1}: {2}")
  @CsvSource({"1.23.0, tcp-echo, false", "1.24.0, tcp-echo, true", "1.24.0, echo, false"})
  void whoIsSilentIsNotWaitedForOnPortsOfKnownProtocol(
      String version, String port, boolean delivered) {
    Echo.Running run = mesh("", USE, port).add(gateway("default", "a: b", "Same")).run(version);

    assertThat(run.call("client", 1001, VIP, "").delivered()).isEqualTo(delivered);
  }
}
