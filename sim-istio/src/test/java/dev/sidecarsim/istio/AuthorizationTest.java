package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Outcome;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who gets in under an AuthorizationPolicy: the reference of istio.io, and what it says of fields
 * that only HTTP requests have ("TCP workloads": ALLOW never matches, DENY ignores the field).
 */
class AuthorizationTest {

  private static final String DENIED = "RBAC_ACCESS_DENIED";

  private static Echo mesh(String portName, String spec) {
    return mesh("default", portName, spec);
  }

  private static Echo mesh(String namespace, String portName, String spec) {
    return new Echo()
        .pod("server", "server", "8080@0.0.0.0, 8081@0.0.0.0")
        .pod("client", "client", "")
        .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
        .service("server", "server", "None", portName, 8080)
        .add(policy("policy", namespace, spec));
  }

  private static String policy(String name, String namespace, String spec) {
    return """
    apiVersion: security.istio.io/v1beta1
    kind: AuthorizationPolicy
    metadata: {name: %s, namespace: %s}
    spec: %s
    """
        .formatted(name, namespace, spec);
  }

  private static String outcome(Story story) {
    if (story.outcome() instanceof Outcome.Delivered) {
      return "in";
    }
    return story.cause().map(Cause::code).filter(DENIED::equals).isPresent()
        ? "out"
        : story.toString();
  }

  @ParameterizedTest(name = "{2} from {0} to {1}: {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        // nothing allowed
        "client;8080;{};out",
        "bare;8080;{};out",
        "client;8081;{};out",
        "client;8080;{action: DENY};in",
        "client;8080;{rules: [{}]};in",
        "client;8080;{action: DENY, rules: [{}]};out",
        "client;8080;{action: AUDIT, rules: [{}]};in",
        "client;8080;{selector: {matchLabels: {app: other}}};in",
        "client;8080;{selector: {matchLabels: {app: server}}};out",
        "client;8080;{targetRefs: [{kind: Service, group: '', name: server}]};in",
        // ports
        "client;8080;{rules: [{to: [{operation: {ports: ['8080']}}]}]};in",
        "client;8081;{rules: [{to: [{operation: {ports: ['8080']}}]}]};out",
        "client;8081;{rules: [{to: [{operation: {notPorts: ['8080']}}]}]};in",
        "client;8080;{action: DENY, rules: [{to: [{operation: {ports: ['8081']}}]}]};in",
        "client;8080;{rules: [{when: [{key: destination.port, values: ['8080']}]}]};in",
        // who calls: known inside mTLS only
        "client;8080;{rules: [{from: [{source: {namespaces: [default]}}]}]};in",
        "client;8080;{rules: [{from: [{source: {namespaces: [other]}}]}]};out",
        "bare;8080;{rules: [{from: [{source: {namespaces: [default]}}]}]};out",
        "bare;8080;{action: DENY, rules: [{from: [{source: {notNamespaces: [other]}}]}]};out",
        "client;8080;{rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/default"
            + "]}}]}]};in",
        "client;8080;{rules: [{from: [{source: {principals: ['*/sa/other']}}]}]};out",
        "client;8080;{rules: [{from: [{source: {principals: ['*']}}]}]};in",
        "bare;8080;{rules: [{from: [{source: {principals: ['*']}}]}]};out",
        "client;8081;{rules: [{from: [{source: {principals: ['*']}}]}]};out",
        // fields of HTTP on a TCP port
        "client;8080;{rules: [{to: [{operation: {methods: [GET]}}]}]};out",
        "client;8080;{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]};out",
        "client;8080;{action: DENY, rules: [{to: [{operation: {methods: [GET], ports: ['8081']"
            + "}}]}]};in",
        "client;8080;{rules: [{to: [{operation: {methods: [GET]}}]}, {from: [{source: {namespaces:"
            + " [default]}}]}]};in",
        // nobody declares this authorizer
        "client;8080;{action: CUSTOM, provider: {name: nobody}, rules: [{}]};out",
      })
  void decidesOnTcp(String from, int port, String spec, String expected) {
    Echo.Running run = mesh("tcp-echo", spec).run("1.10.0");

    assertThat(outcome(run.call(from, "server", port))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{1}: {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "GET /a;{rules: [{to: [{operation: {methods: [GET]}}]}]};in",
        "POST /a;{rules: [{to: [{operation: {methods: [GET]}}]}]};HTTP 403",
        "GET /a/b?c=d;{rules: [{to: [{operation: {paths: [/a/*]}}]}]};in",
        "GET /b;{rules: [{to: [{operation: {paths: [/a/*]}}]}]};HTTP 403",
        "GET /b;{action: DENY, rules: [{to: [{operation: {hosts: [SERVER]}}]}]};HTTP 403",
        "GET /b;{rules: [{from: [{source: {requestPrincipals: ['*']}}]}]};HTTP 403",
        "GET /b;{rules: [{when: [{key: 'request.headers[x-a]', values: ['1*']}]}]};in",
      })
  void decidesOnHttp(String line, String spec, String expected) {
    Echo.Running run = mesh("http", spec).run("1.20.0");
    String request = line + " HTTP/1.1\r\nHost: server\r\nX-A: 12\r\n\r\n";
    Story story = run.call("client", 1001, run.pod("server").ip() + ":8080", request);

    // An echo is no HTTP answer, so the caller gets 502 for a request that came through.
    String status = expected.equals("in") ? "HTTP 502" : expected;
    assertThat(story.outcome()).hasToString(new Outcome.HttpError(parse(status)).toString());
    assertThat(story.cause().map(Cause::code).filter(DENIED::equals).isPresent())
        .isEqualTo(!expected.equals("in"));
  }

  private static int parse(String status) {
    return Integer.parseInt(status.substring("HTTP ".length()));
  }

  @ParameterizedTest(name = "{0}: {1} away from {2}")
  @CsvSource({"1.9.5,out", "1.10.0,in"})
  void aDryRunCountsFrom110(String version, String expected) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "8080@0.0.0.0")
            .pod("client", "client", "")
            .service("server", "server", "None", "tcp-echo", 8080)
            .add(
                """
                apiVersion: security.istio.io/v1beta1
                kind: AuthorizationPolicy
                metadata:
                  name: dry
                  namespace: default
                  annotations: {istio.io/dry-run: "true"}
                spec: {}
                """)
            .run(version);

    assertThat(outcome(run.call("client", "server", 8080))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "a policy of {0}: {1}")
  @CsvSource({"istio-system,out", "other,in"})
  void theRootNamespaceIsForAll(String namespace, String expected) {
    Echo.Running run = mesh(namespace, "tcp-echo", "{}").run("1.10.0");

    assertThat(outcome(run.call("client", "server", 8080))).isEqualTo(expected);
  }

  @Test
  void denyComesBeforeAllow() {
    Echo.Running run =
        mesh("tcp-echo", "{rules: [{}]}")
            .add(policy("deny", "default", "{action: DENY, rules: [{}]}"))
            .run("1.10.0");

    assertThat(outcome(run.call("client", "server", 8080))).isEqualTo("out");
  }

  @Test
  void addressesAreThoseOfTheCaller() {
    String byAddress = "{rules: [{from: [{source: {ipBlocks: [%s]}}]}]}";
    Echo.Running any = mesh("tcp-echo", byAddress.formatted("10.0.0.0/8")).run("1.10.0");
    String client = any.pod("client").ip().toString();
    Echo.Running one = mesh("tcp-echo", byAddress.formatted(client)).run("1.10.0");

    assertThat(outcome(one.call("client", "server", 8080))).isEqualTo("in");
    assertThat(outcome(one.call("bare", "server", 8080))).isEqualTo("out");
  }

  @Test
  void whoeverAvoidsTheProxyAvoidsItsPolicies() {
    Echo.Running run = mesh("tcp-echo", "{}").run("1.10.0");

    assertThat(outcome(run.call("server", "server", 8080))).as("own pod's address").isEqualTo("in");
  }

  @Test
  void theApplicationHasAcceptedBeforeTheCallerIsTurnedAway() {
    Story story = mesh("tcp-echo", "{}").run("1.10.0").call("client", "server", 8080);

    assertThat(story.outcome().code()).isEqualTo("ACCEPTED_THEN_CLOSED");
    assertThat(story.peerSeen())
        .as("RBAC looks at the first byte; tcp_proxy has connected by then")
        .isPresent();
  }

  @Test
  void anExternalAuthorizerIsUnknown() {
    Echo.Running run =
        mesh("tcp-echo", "{action: CUSTOM, provider: {name: opa}, rules: [{}]}")
            .add(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    extensionProviders:
                    - name: opa
                      envoyExtAuthzGrpc: {service: opa.default.svc.cluster.local, port: 9000}
                """)
            .run("1.10.0");

    assertThat(run.call("client", "server", 8080).outcome()).isInstanceOf(Outcome.Unknown.class);
  }
}
