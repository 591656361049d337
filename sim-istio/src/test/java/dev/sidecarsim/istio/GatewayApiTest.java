package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Gateways and routes of the Gateway API, at the edge of the mesh and within it
 * (pilot/pkg/config/kube/gateway of istio/istio, and the precedence rules of the API itself).
 */
class GatewayApiTest {

  private static final String GATEWAY =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: edge, namespace: default}
      spec:
        gatewayClassName: istio
        listeners:
        - {name: web, port: 80, protocol: HTTP}
        - {name: raw, port: 9000, protocol: TCP}
        - {name: tls, port: 443, protocol: TLS, tls: {mode: Passthrough}}
        - {name: elsewhere, port: 9100, protocol: TCP, allowedRoutes: {namespaces: {from: All}}}
      """;

  private static Echo mesh() {
    return new Echo()
        .add(GATEWAY)
        .pod("web", "web", "8000@pod")
        .pod("other", "other", "8000@pod")
        .pod("server", "server", "9000@pod")
        .pod("client", "client", "")
        .pod("bare", "bare", "", Echo.NOT_INJECTED)
        .service("web", "web", "10.96.0.81", "http", 8000)
        .service("other", "other", "10.96.0.82", "http", 8000)
        .service("server", "server", "10.96.0.80", "tcp", 9000)
        .peerAuthentication("STRICT");
  }

  private static String route(String kind, String name, String spec) {
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: %s
        metadata: {name: %s, namespace: default}
        spec: %s
        """
        .formatted(kind, name, spec);
  }

  private static String backend(String name, int port) {
    return "backendRefs: [{name: " + name + ", port: " + port + "}]";
  }

  /** The program that accepted it, behind all proxies; an echo is no answer to a request. */
  private static String reached(Story story) {
    return story.steps().stream()
        .map(Trace.Entry::step)
        .filter(HostStep.Accepted.class::isInstance)
        .map(HostStep.Accepted.class::cast)
        .filter(accepted -> !accepted.proxy())
        .map(HostStep.Accepted::subject)
        .findFirst()
        .orElse(story.cause().map(Cause::code).orElse(story.outcome().code()));
  }

  /** The Service that istiod makes is called by its name. */
  private static String edge(Echo.Running run) {
    return run.resolve("client", "edge-istio.default.svc.cluster.local");
  }

  private static String request(String host, String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  @ParameterizedTest(name = "{0} on port {1} from {2}: {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{parentRefs: [{name: edge}]};9000;bare;server",
        "{parentRefs: [{name: edge, sectionName: raw}]};9000;client;server",
        "{parentRefs: [{name: edge, sectionName: elsewhere}]};9000;bare;NOTHING_LISTENS",
        "{parentRefs: [{name: edge, port: 9100}]};9100;bare;server",
        "{parentRefs: [{name: another}]};9000;bare;NOTHING_LISTENS",
      })
  void aTcpRouteHangsOnListeners(String spec, String port, String from, String expected) {
    String rules = ", rules: [{" + backend("server", 9000) + "}]}";
    Echo.Running run =
        mesh()
            .add(route("TCPRoute", "raw", spec.substring(0, spec.length() - 1) + rules))
            .run("1.24");

    Story story = run.call(from, 1001, edge(run) + ":" + port, "hello\n");
    assertThat(reached(story)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}{1}: {2}")
  @CsvSource({
    "shop.example, /, web",
    "shop.example, /cart, other",
    "shop.example, /cart/1, other",
    "shop.example, /carton, web",
    "shop.example, /exact, other",
    "shop.example, /exact/1, web",
    "else.where, /, HTTP_404",
  })
  void anHttpRouteFollowsHostAndPath(String host, String path, String expected) {
    String spec = "{parentRefs: [{name: edge}], hostnames: [shop.example], rules: [%s]}";
    Echo.Running run =
        mesh()
            .add(route("HTTPRoute", "all", spec.formatted("{" + backend("web", 8000) + "}")))
            .add(
                route(
                    "HTTPRoute",
                    "cart",
                    spec.formatted(
                        "{matches: [{path: {type: PathPrefix, value: /cart}},"
                            + " {path: {type: Exact, value: /exact}}], "
                            + backend("other", 8000)
                            + "}")))
            .run("1.24");

    assertThat(reached(run.call("bare", 1001, edge(run) + ":80", request(host, path))))
        .isEqualTo(expected);
  }

  @Test
  void aTlsRouteFollowsTheServerName() {
    Echo.Running run =
        mesh()
            .add(
                route(
                    "TLSRoute",
                    "tls",
                    "{parentRefs: [{name: edge}], hostnames: [shop.example], rules: [{"
                        + backend("server", 9000)
                        + "}]}"))
            .run("1.24");

    assertThat(reached(run.call("bare", edge(run) + ":443", RealHello.of("shop.example"))))
        .isEqualTo("server");
    assertThat(reached(run.call("bare", edge(run) + ":443", RealHello.of("other.example"))))
        .isEqualTo("NO_FILTER_CHAIN");
  }

  /** Where the Gateway is given the address of a Service, its pods are the Gateway's. */
  @Test
  void aGatewayMayBeOfPodsThatAreThere() {
    Echo.Running run =
        mesh()
            .add(
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: manual, namespace: default}
                spec:
                  gatewayClassName: istio
                  addresses: [{type: Hostname, value: ingress.default.svc.cluster.local}]
                  listeners: [{name: raw, port: 9200, protocol: TCP}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: ingress, namespace: default}
                spec:
                  clusterIP: 10.96.0.100
                  selector: {app: ingress}
                  ports: [{name: raw, port: 9200}]
                ---
                apiVersion: v1
                kind: Pod
                metadata:
                  name: ingress
                  namespace: default
                  labels: {app: ingress}
                  annotations: {inject.istio.io/templates: gateway}
                spec: {containers: [{name: istio-proxy, image: auto}]}
                """)
            .add(
                route(
                    "TCPRoute",
                    "raw",
                    "{parentRefs: [{name: manual}], rules: [{" + backend("server", 9000) + "}]}"))
            .run("1.24");

    assertThat(reached(run.call("bare", 1001, "10.96.0.100:9200", "hello\n"))).isEqualTo("server");
  }

  /** A route that hangs on a Service is for its callers in the mesh (GAMMA). */
  @ParameterizedTest(name = "{0}, called {2}: {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "TCPRoute;{name: server, kind: Service, group: ''};10.96.0.80:9000;peer",
        "TCPRoute;{name: server, kind: Service, group: '', port: 1};10.96.0.80:9000;server",
        "HTTPRoute;{name: web, kind: Service, group: ''};10.96.0.81:8000;other",
        "HTTPRoute;{name: other, kind: Service, group: ''};10.96.0.81:8000;web",
      })
  void aRouteOfAServiceIsForItsCallers(String kind, String parent, String to, String expected) {
    String backend = kind.equals("TCPRoute") ? backend("peer", 9000) : backend("other", 8000);
    String spec = "{parentRefs: [%s], rules: [{%s}]}".formatted(parent, backend);
    Echo.Running run =
        mesh()
            .add(route(kind, "inner", spec))
            .pod("peer", "peer", "9000@pod")
            .service("peer", "peer", "10.96.0.83", "tcp", 9000)
            .run("1.24");
    String bytes = kind.equals("HTTPRoute") ? request("web", "/") : "hello\n";

    assertThat(reached(run.call("client", 1001, to, bytes))).isEqualTo(expected);
  }

  /** A backend of another namespace needs its ReferenceGrant. */
  @ParameterizedTest(name = "granted {0}")
  @CsvSource({"true", "false"})
  void anotherNamespaceHasToGrantItsServices(boolean granted) {
    Echo mesh =
        mesh()
            .add(
                route(
                    "HTTPRoute",
                    "far",
                    "{parentRefs: [{name: edge}], rules: [{backendRefs: [{name: far, namespace:"
                        + " shop, port: 8000}]}]}"))
            .add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: far
                  namespace: shop
                  labels: {app: far}
                  annotations: {sidecarsim.dev/listen: 8000@pod}
                spec: {containers: [{name: app, image: example/echo}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: far, namespace: shop}
                spec: {selector: {app: far}, ports: [{name: http, port: 8000}]}
                """);
    if (granted) {
      mesh.add(
          """
          apiVersion: gateway.networking.k8s.io/v1beta1
          kind: ReferenceGrant
          metadata: {name: far, namespace: shop}
          spec:
            from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}]
            to: [{group: "", kind: Service}]
          """);
    }
    Echo.Running run = mesh.run("1.24");
    Story story = run.call("bare", 1001, edge(run) + ":80", request("any", "/"));

    assertThat(reached(story)).startsWith(granted ? "far" : "HTTP_500");
  }
}
