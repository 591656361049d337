package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What VirtualServices, DestinationRules and ServiceEntries do to connections. */
class TrafficRulesTest {

  private static final String VIP = "10.96.0.80:8080";

  private static Echo mesh() {
    return new Echo()
        .pod("v1", "server", "8080@pod")
        .pod("client", "client", "")
        .pod("other", "other", "8080@pod, 9090@pod")
        .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
        .service("other", "other", "10.96.0.81", "tcp-echo", 8080);
  }

  private static String resource(String kind, String name, String spec) {
    String group = kind.equals("PeerAuthentication") ? "security" : "networking";
    return """
    apiVersion: %s.istio.io/v1beta1
    kind: %s
    metadata: {name: %s, namespace: default}
    spec: %s
    """
        .formatted(group, kind, name, spec);
  }

  private static String virtualService(String spec) {
    return resource("VirtualService", "routes", spec);
  }

  private static String destinationRule(String spec) {
    return resource("DestinationRule", "rule", spec);
  }

  private static String serviceEntry(String spec) {
    return resource("ServiceEntry", "entry", spec);
  }

  private static String reached(Story story) {
    return story.delivered()
        ? story.deliveredTo().orElseThrow().replaceFirst(" .*", "")
        : story.cause().map(Cause::code).orElse("");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{hosts: [server], tcp: [{route: [{destination: {host: other}}]}]};other",
        "{hosts: [server.default.svc.cluster.local], tcp: [{match: [{port: 8080}], route: "
            + "[{destination: {host: other, port: {number: 8080}}}]}]};other",
        "{hosts: [server], tcp: [{match: [{port: 9}], route: [{destination: {host: other}}]}]};v1",
        "{hosts: [server], gateways: [edge], tcp: [{route: [{destination: {host: other}}]}]};v1",
        "{hosts: [server], exportTo: [elsewhere], tcp: [{route: [{destination: {host: other}}]}]}"
            + ";v1",
        "{hosts: [server], tcp: [{match: [{sourceLabels: {app: client}}], route: [{destination: "
            + "{host: other}}]}]};other",
        "{hosts: [server], tcp: [{match: [{sourceLabels: {app: nobody}}], route: [{destination: "
            + "{host: other}}]}]};v1",
        "{hosts: [server], tcp: [{match: [{destinationSubnets: [10.96.0.0/24]}], route: "
            + "[{destination: {host: other}}]}]};other",
        "{hosts: [server], tcp: [{match: [{destinationSubnets: [10.97.0.0/24]}], route: "
            + "[{destination: {host: other}}]}]};v1",
        "{hosts: [server], tcp: [{route: [{destination: {host: other}, weight: 100}, {destination: "
            + "{host: server}, weight: 0}]}]};other",
        "{hosts: [server], tcp: [{route: [{destination: {host: server, subset: none}}]}]};"
            + "NO_CLUSTER",
        "{hosts: [server], tcp: [{route: [{destination: {host: nowhere}}]}]};" + "NO_CLUSTER",
      })
  void aTcpRouteLeadsElsewhere(String spec, String expected) {
    Echo.Running run = mesh().add(virtualService(spec)).run("1.20.0");

    assertThat(reached(run.call("client", 1001, VIP, "hello\n"))).isEqualTo(expected);
  }

  @Test
  void aSubsetIsThoseOfSomeLabels() {
    Echo mesh =
        mesh()
            .add(
                virtualService(
                    "{hosts: [server], tcp: [{route: [{destination: {host: server, subset: v2}}]}"
                        + "]}"))
            .add(destinationRule("{host: server, subsets: [{name: v2, labels: {version: v2}}]}"));
    Echo.Running none = mesh.run("1.20.0");
    assertThat(reached(none.call("client", 1001, VIP, "hello\n"))).isEqualTo("NO_ENDPOINTS");

    Echo.Running run =
        mesh.add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: v2
                  namespace: default
                  labels: {app: server, version: v2}
                  annotations: {sidecarsim.dev/listen: 8080@pod}
                spec: {containers: [{name: app, image: example/echo}]}
                """)
            .run("1.20.0");
    for (int i = 0; i < 4; i++) {
      assertThat(reached(run.call("client", 1001, VIP, "hello\n"))).isEqualTo("v2");
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{host: server};mTLS by endpoint",
        "{host: server, trafficPolicy: {tls: {mode: DISABLE}}};plaintext",
        "{host: server, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}};mTLS",
        "{host: server, trafficPolicy: {tls: {mode: SIMPLE}}};TLS",
        "{host: '*.local', trafficPolicy: {tls: {mode: DISABLE}}};plaintext",
        "{host: server, trafficPolicy: {portLevelSettings: [{port: {number: 8080}, tls: {mode: "
            + "DISABLE}}]}};plaintext",
        "{host: server, trafficPolicy: {tls: {mode: DISABLE}, portLevelSettings: [{port: {number: "
            + "9}, tls: {mode: ISTIO_MUTUAL}}]}};plaintext",
        // What a port's settings leave out is not taken from the rule around them.
        "{host: server, trafficPolicy: {tls: {mode: DISABLE}, portLevelSettings: [{port: {number: "
            + "8080}, connectionPool: {}}]}};mTLS by endpoint",
        "{host: server, workloadSelector: {matchLabels: {app: nobody}}, trafficPolicy: {tls: "
            + "{mode: DISABLE}}};mTLS by endpoint",
        "{host: server, exportTo: [elsewhere], trafficPolicy: {tls: {mode: DISABLE}}};mTLS by "
            + "endpoint",
      })
  void aDestinationRuleSaysWhatIsSpoken(String spec, String expected) {
    Echo.Running run = mesh().add(destinationRule(spec)).run("1.20.0");
    Cluster cluster = cluster(run, "outbound|8080||server.default.svc.cluster.local");

    assertThat(
            cluster.transportMatches().isEmpty()
                ? cluster.transport().describe()
                : "mTLS by endpoint")
        .isEqualTo(expected);
  }

  private static Cluster cluster(Echo.Running run, String name) {
    EnvoyConfig config = Mesh.envoy(run.run().world(), run.pod("client")).orElseThrow().config();
    return config.clusters().get(name);
  }

  @Test
  void theClosestHostOfARuleHolds() {
    Echo.Running run =
        mesh()
            .add(
                resource(
                    "DestinationRule",
                    "a-wide-one",
                    "{host: '*.local', trafficPolicy: {tls: {mode: DISABLE}}}"))
            .add(destinationRule("{host: server, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}"))
            .run("1.20.0");

    assertThat(cluster(run, "outbound|8080||server.default.svc.cluster.local").transport())
        .isInstanceOf(TransportSocket.UpstreamTls.class);
  }

  @Test
  void aSubsetsPolicyIsLaidOverTheRules() {
    Echo.Running run =
        mesh()
            .add(
                destinationRule(
                    "{host: server, trafficPolicy: {tls: {mode: DISABLE}}, subsets: [{name: a, "
                        + "labels: {}}, {name: b, labels: {}, trafficPolicy: {tls: {mode: "
                        + "ISTIO_MUTUAL}}}]}"))
            .run("1.20.0");
    String host = "server.default.svc.cluster.local";

    assertThat(cluster(run, "outbound|8080|a|" + host).transport()).isEqualTo(TransportSocket.RAW);
    assertThat(
            ((TransportSocket.UpstreamTls) cluster(run, "outbound|8080|b|" + host).transport())
                .sni())
        .isEqualTo("outbound_.8080_.b_." + host);
  }

  @ParameterizedTest(name = "{0}, called {1}: {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{hosts: [a.example], addresses: [10.9.0.0/16], ports: [{number: 8080, name: tcp, protocol:"
            + " TCP}], resolution: STATIC, endpoints: [{address: OTHER}]};10.9.1.1:8080;other",
        "{hosts: [a.example], addresses: [10.9.0.0/16], ports: [{number: 8080, name: tcp, protocol:"
            + " TCP}], resolution: STATIC, endpoints: [{address: OTHER}]};10.8.1.1:8080;"
            + "NO_HOST",
        "{hosts: [a.example], addresses: [10.9.0.1], ports: [{number: 80, name: tcp, protocol: TCP,"
            + " targetPort: 9090}], resolution: STATIC, endpoints: [{address: OTHER}]}"
            + ";10.9.0.1:80;other",
        "{hosts: [a.example], addresses: [10.9.0.1], ports: [{number: 80, name: tcp, protocol: TCP"
            + "}], resolution: STATIC, endpoints: [{address: OTHER, ports: {tcp: 9090}}]}"
            + ";10.9.0.1:80;other",
        "{hosts: [a.example], addresses: [10.9.0.1], location: MESH_INTERNAL, ports: [{number: 8080"
            + ", name: tcp, protocol: TCP}], resolution: STATIC, workloadSelector: {labels: {app: "
            + "other}}};10.9.0.1:8080;other",
        "{hosts: [a.example], addresses: [10.9.0.1], ports: [{number: 8080, name: tcp, protocol: "
            + "TCP}], resolution: STATIC};10.9.0.1:8080;NO_ENDPOINTS",
        "{hosts: [a.example], exportTo: [elsewhere], addresses: [10.9.0.1], ports: [{number: 8080, "
            + "name: tcp, protocol: TCP}], resolution: STATIC, endpoints: [{address: OTHER}]}"
            + ";10.9.0.1:8080;NO_HOST",
        "{hosts: [other.default.svc.cluster.local], addresses: [10.9.0.1], ports: [{number: 8080, "
            + "name: tcp, protocol: TCP}], resolution: DNS, endpoints: [{address: "
            + "other.default.svc.cluster.local}]};10.9.0.1:8080;other",
      })
  void aServiceEntryMakesAnAddressKnown(String spec, String called, String expected) {
    String other = mesh().run("1.20.0").pod("other").ip().toString();
    Echo.Running run = mesh().add(serviceEntry(spec.replace("OTHER", other))).run("1.20.0");

    assertThat(reached(run.call("client", 1001, called, "hello\n"))).isEqualTo(expected);
  }

  /** ENABLE_RESOLUTION_NONE_TARGET_PORT (upgrade notes of Istio 1.22). */
  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({
    "1.21.0, true, CONNECTION_REFUSED",
    "1.22.0, true, other",
    "1.30.0, true, other",
    "1.30.0, false, CONNECTION_REFUSED",
  })
  void anAddressThatIsDialledAsCalledMayHaveAnotherPort(
      String version, String flag, String expected) {
    Echo mesh =
        new Echo()
            .pod("client", "client", "")
            .pod("other", "other", "9090@pod")
            .env("ENABLE_RESOLUTION_NONE_TARGET_PORT", flag);
    String other = mesh.run(version).pod("other").ip().toString();
    String entry =
        "{hosts: [a.example], addresses: [%s], ports: [{number: 80, name: tcp, protocol: TCP,"
            + " targetPort: 9090}], resolution: NONE}";
    Echo.Running run = mesh.add(serviceEntry(entry.formatted(other))).run(version);

    Story story = run.call("client", 1001, other + ":80", "hello\n");
    assertThat(story.delivered()).isEqualTo(expected.equals("other"));
  }

  /** getTLSModeFromWorkloadEntry(): a label says, else an account. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "serviceAccount: other;other",
        "labels: {security.istio.io/tlsMode: istio};other",
        "'serviceAccount: other, labels: {security.istio.io/tlsMode: disabled}';PLAINTEXT_TO_STRICT",
        "weight: 1;PLAINTEXT_TO_STRICT",
      })
  void aWorkloadEntryTakesMutualTlsAsItSays(String fields, String expected) {
    String other = mesh().run("1.20.0").pod("other").ip().toString();
    Echo.Running run =
        mesh()
            .peerAuthentication("STRICT")
            .add(
                serviceEntry(
                    "{hosts: [a.example], addresses: [10.9.0.1], location: MESH_INTERNAL, ports: "
                        + "[{number: 8080, name: tcp, protocol: TCP}], resolution: STATIC, "
                        + "endpoints: [{address: %s, %s}]}".formatted(other, fields)))
            .run("1.20.0");

    assertThat(reached(run.call("client", 1001, "10.9.0.1:8080", "hello\n"))).isEqualTo(expected);
  }

  /**
   * Of Services of the same age the inbound side takes the one whose full name comes first
   * (SetServiceTargets() of pilot/pkg/model/context.go), and a dash comes before a dot.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"1.9.5", "1.30.0"})
  void ofServicesOfOneAgeTheFullNameDecides(String version) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "8080@pod")
            .service("a", "server", "10.96.0.1", "http-web", 8080)
            .service("a-b", "server", "10.96.0.2", "tcp-web", 8080)
            .run(version);
    EnvoyConfig config = Mesh.envoy(run.run().world(), run.pod("server")).orElseThrow().config();

    assertThat(config.clusters().get("inbound|8080||").services())
        .extracting(Cluster.ServiceRef::name)
        .containsExactly("a-b", "a");
    assertThat(
            config.listener("virtualInbound").orElseThrow().filterChains().stream()
                .filter(chain -> chain.match().destinationPort().orElse(0) == 8080)
                .map(chain -> chain.filter().target()))
        .allMatch(target -> target.equals("cluster:inbound|8080||"));
  }

  /** Rules of the root namespace come last for its own gateways too, unless they are private. */
  @ParameterizedTest(name = "exportTo {0}: {1}")
  @CsvSource({"'*',false", "'.',true"})
  void clientsOfTheRootNamespaceFollowTheServicesRuleFirst(String exportTo, boolean reached) {
    String rule =
        """
        apiVersion: networking.istio.io/v1beta1
        kind: DestinationRule
        metadata: {name: rule, namespace: %s}
        spec: {host: '%s', exportTo: ['%s'], trafficPolicy: {tls: {mode: %s}}}
        """;
    Echo.Running run =
        new Echo()
            .add(Echo.meshConfig("rootNamespace: default"))
            .pod("client", "client", "")
            .add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: server
                  namespace: shop
                  labels: {app: server}
                  annotations: {sidecarsim.dev/listen: 8080@pod, %s}
                spec: {containers: [{name: app, image: example/echo}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: server, namespace: shop}
                spec:
                  clusterIP: 10.96.0.80
                  selector: {app: server}
                  ports: [{name: tcp-echo, port: 8080}]
                """
                    .formatted(Echo.NOT_INJECTED))
            .add(rule.formatted("shop", "server", "*", "ISTIO_MUTUAL"))
            .add(rule.formatted("default", "*.shop.svc.cluster.local", exportTo, "DISABLE"))
            .run("1.20.0");

    assertThat(run.call("client", 1001, VIP, "hello\n").delivered()).isEqualTo(reached);
  }

  /**
   * A pod behind a ServiceEntry has its ports declared, as by a Service: up to 1.9 they are dialled
   * on the loopback address, where one that nobody declares is dialled on the pod's.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "workloadSelector: {labels: {app: other}};127.0.0.1",
        "workloadSelector: {labels: {app: nobody}};127.0.0.6",
        "endpoints: [{address: OTHER}];127.0.0.1",
        "endpoints: [{address: OTHER, ports: {tcp: 9091}}];127.0.0.6",
      })
  void aServiceEntryDeclaresThePortsOfItsPods(String behind, String source) {
    Echo mesh =
        new Echo().pod("other", "other", "9090@0.0.0.0").pod("bare", "bare", "", Echo.NOT_INJECTED);
    String other = mesh.run("1.9.5").pod("other").ip().toString();
    Echo.Running run =
        mesh.add(
                serviceEntry(
                    "{hosts: [a.example], location: MESH_INTERNAL, resolution: STATIC, ports: "
                        + "[{number: 80, name: tcp, protocol: TCP, targetPort: 9090}], "
                        + behind.replace("OTHER", other)
                        + "}"))
            .run("1.9.5");

    assertThat(run.verdict(run.call("bare", "other", 9090))).isEqualTo("echo<" + source + ">");
  }

  @ParameterizedTest(name = "REGISTRY_ONLY, called {0}: {1}")
  @CsvSource({VIP + ",v1", "10.77.0.1:8080,BLACK_HOLE_CLUSTER"})
  void registryOnlyKnowsTheRegistryAlone(String called, String expected) {
    Echo.Running run =
        mesh()
            .add(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "outboundTrafficPolicy: {mode: REGISTRY_ONLY}"}
                """)
            .run("1.20.0");

    assertThat(reached(run.call("client", 1001, called, "hello\n"))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "HTTP/1.0 to a port named {1} under {0}, PILOT_HTTP10={2}: {3}")
  @CsvSource({
    "1.13.0,web,0,426",
    "1.14.0,web,0,DELIVERED",
    "1.14.0,http-web,0,426",
    "1.14.0,http-web,1,502",
    "1.13.0,web,1,502",
  })
  void http10IsPassedOnAsTcpOrTurnedAway(
      String version, String portName, String flag, String expected) {
    Echo.Running run =
        new Echo()
            .env("PILOT_HTTP10", flag)
            .pod("server", "server", "8080@pod")
            .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
            .service("server", "server", "10.96.0.80", portName, 8080)
            .run(version);
    Story story =
        run.call("bare", 1001, run.pod("server").ip() + ":8080", "GET / HTTP/1.0\r\n\r\n");

    // An echo is no HTTP answer: what was passed on as HTTP comes back as 502.
    assertThat(story.outcome().toString() + story.outcome().code()).contains(expected);
  }
}
