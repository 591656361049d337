package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.istio.rules.IptablesGenerator;
import dev.sidecarsim.istio.rules.IptablesParameters;
import dev.sidecarsim.istio.rules.RedirectRules;
import dev.sidecarsim.istio.rules.RulePreset;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one would expect of sidecars, and what they really do. */
class TrapsTest {

  /** A pod that was injected by 1.9.5; it listens where a word says. */
  private static final String OLD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: old
        namespace: default
        labels: {app: server, security.istio.io/tlsMode: istio}
        annotations: {sidecarsim.dev/listen: 8080@%s, sidecar.istio.io/status: "{}"}
      spec:
        initContainers:
        - name: istio-init
          image: docker.io/istio/proxyv2:1.9.5
          args: [istio-iptables, -p, "15001", -z, "15006", -u, "1337", -m, REDIRECT,
            -i, "*", -x, "", -b, "*", -d, "15090,15021,15020"]
          securityContext: {runAsUser: 0, runAsGroup: 0}
        containers:
        - name: app
          image: example/echo
          readinessProbe: {httpGet: {path: /app-health/app/readyz, port: 15020}}
        - name: istio-proxy
          image: docker.io/istio/proxyv2:1.9.5
          args: [proxy, sidecar]
          env:
          - name: ISTIO_KUBE_APP_PROBERS
            value: '{"/app-health/app/readyz":{"httpGet":{"path":"/","port":8080,"scheme":"HTTP"}}}'
          securityContext: {runAsUser: 1337, runAsGroup: 1337}
      """;

  private static final String BARE = "sidecar.istio.io/inject: \"false\"";

  private static Echo mesh(String listen, String... annotations) {
    return new Echo()
        .pod("server", "server", listen, annotations)
        .pod("client", "client", "")
        .pod("bare", "bare", "", BARE);
  }

  private static Echo headless(String listen, String... annotations) {
    return mesh(listen, annotations).service("server", "server", "None", "tcp-echo", 8080);
  }

  private static EnvoyConfig config(Echo.Running run, String pod) {
    RunningPod running = run.pod(pod);
    return Mesh.envoy(run.run().world(), running).orElseThrow().config();
  }

  private static String cause(Story story) {
    return story.cause().map(Cause::code).orElse("");
  }

  @Test
  void theRulesOf110AreThoseOf19() {
    IptablesParameters parameters =
        IptablesParameters.ofArguments(
            new SidecarAnnotations(
                    ImmutableMap.of(),
                    InjectorSettings.DEFAULT,
                    AnnotationPreset.of(IstioVersion.of("1.10.0")))
                .arguments());

    assertThat(rules("1.10.0", parameters)).isEqualTo(rules("1.9.5", parameters));
  }

  private static RedirectRules rules(String version, IptablesParameters parameters) {
    return new IptablesGenerator(RulePreset.of(IstioVersion.of(version))).generate(parameters);
  }

  @ParameterizedTest(name = "sidecar 1.9.5 of an istiod {0}: {1}")
  @CsvSource({"1.9.5,eof", "1.10.0,echo<127.0.0.6>", "1.20.0,echo<127.0.0.6>"})
  void istiodDecidesWhereTheApplicationIsDialledNotTheSidecar(String istiod, String expected) {
    Echo.Running run = headless("8080@pod").add(OLD.formatted("pod")).run(istiod);

    assertThat(run.verdict(run.call("bare", "old", 8080))).isEqualTo(expected);
  }

  /** The agent of 1.9.5 asks localhost, whatever its Envoy was told by a later istiod. */
  @ParameterizedTest(name = "an old sidecar of an istiod of 1.10, listening on {0}: ready {1}, {2}")
  @CsvSource({"127.0.0.1,true,eof", "pod,false,echo<127.0.0.6>"})
  void probesFollowTheSidecarAndTrafficIstiod(String bind, boolean ready, String expected) {
    Echo.Running run = headless("8080@pod").add(OLD.formatted(bind)).run("1.10.0");

    assertThat(run.pod("old").ready()).isEqualTo(ready);
    assertThat(run.verdict(run.call("bare", "old", 8080))).isEqualTo(expected);
  }

  @Test
  void aContainersPortDeclaresNothing() {
    Echo.Running run =
        headless("8080@pod")
            .add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: server-1
                  namespace: default
                  labels: {app: server}
                  annotations: {sidecarsim.dev/listen: 8081@pod}
                spec:
                  containers:
                  - {name: app, image: example/echo, ports: [{containerPort: 8081}]}
                """)
            .run("1.9.5");

    assertThat(run.verdict(run.call("bare", "server-1", 8081))).isEqualTo("echo<127.0.0.6>");
  }

  @ParameterizedTest(name = "{0}, port {1}: {2}")
  @CsvSource({
    "1.9.5,8080,eof",
    "1.9.5,8081,echo<127.0.0.6>",
    "1.10.0,8080,echo<127.0.0.6>",
    "1.10.0,8081,echo<127.0.0.6>"
  })
  void undeclaredPortsAlwaysWentToThePodsAddress(String version, int port, String expected) {
    Echo.Running run = headless("8080@pod, 8081@pod").run(version);

    assertThat(run.verdict(run.call("bare", "server", port))).isEqualTo(expected);
  }

  @Test
  void aSidecarsIngressReplacesTheServicesPorts() {
    Echo.Running run =
        headless("8080@pod")
            .add(
                """
                apiVersion: networking.istio.io/v1beta1
                kind: Sidecar
                metadata: {name: s, namespace: default}
                spec:
                  workloadSelector: {labels: {app: server}}
                  ingress:
                  - {port: {number: 9999, protocol: TCP, name: tcp}, defaultEndpoint: 127.0.0.1:9}
                """)
            .run("1.9.5");

    assertThat(run.verdict(run.call("bare", "server", 8080)))
        .as("port 8080 is none of the Sidecar's, so it is passed through to the pod's address")
        .isEqualTo("echo<127.0.0.6>");
  }

  @Test
  void aSuccessfulConnectMeansNothing() {
    Story story = headless("").run("1.10.0").call("client", "server", 8080);

    assertThat(story.outcome().code()).isIn("ACCEPTED_THEN_RESET", "ACCEPTED_THEN_CLOSED");
    assertThat(cause(story)).isEqualTo("NOTHING_LISTENS");
  }

  @ParameterizedTest(name = "{0}: ready {1}")
  @CsvSource({"1.10.0,true", "1.11.0,true", "1.12.0,false", "1.30,false"})
  void aTcpProbeThroughEnvoyAlwaysPasses(String version, boolean ready) {
    Echo.Running run =
        new Echo()
            .add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: p
                  namespace: default
                  annotations: {sidecarsim.dev/listen: ""}
                spec:
                  containers:
                  - {name: app, image: example/echo, readinessProbe: {tcpSocket: {port: 8080}}}
                """)
            .run(version);

    assertThat(run.pod("p").ready()).isEqualTo(ready);
  }

  @ParameterizedTest(name = "a probe of an application on {1} under {0}: {2}")
  @CsvSource({
    "1.9.5,127.0.0.1,true",
    "1.9.5,pod,false",
    "1.10.0,127.0.0.1,false",
    "1.10.0,pod,true"
  })
  void theAgentProbesWhereTrafficGoes(String version, String bind, boolean ready) {
    Echo.Running run =
        new Echo()
            .add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: p
                  namespace: default
                  annotations: {sidecarsim.dev/listen: "8080@%s"}
                spec:
                  containers:
                  - {name: app, image: example/echo, readinessProbe: {httpGet: {port: 8080}}}
                """
                    .formatted(bind))
            .run(version);

    assertThat(run.pod("p").ready()).isEqualTo(ready);
  }

  @Test
  void itsOwnAddressIsCalledPastEnvoyEvenUnderStrict() {
    Echo.Running run = headless("8080@pod").peerAuthentication("STRICT").run("1.20.0");

    assertThat(run.verdict(run.call("server", "server", 8080))).isEqualTo("echo<server>");
  }

  @ParameterizedTest(name = "{0}, listening on {1}: {2}")
  @CsvSource({
    "1.9.5,127.0.0.1,echo<127.0.0.1>",
    "1.9.5,pod,eof",
    "1.10.0,pod,echo<127.0.0.6>",
    "1.10.0,127.0.0.1,eof",
  })
  void itsOwnServiceIsCalledOutAndInAgainWithMutualTls(
      String version, String bind, String expected) {
    Echo.Running run =
        mesh("8080@" + bind)
            .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
            .peerAuthentication("STRICT")
            .run(version);

    assertThat(run.verdict(run.call("server", 1001, "10.96.0.80:8080", "hello\n")))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "includeInboundPorts {0}, excludeInboundPorts 8080: {1}")
  @CsvSource({"'*',echo<bare>", "8080,echo<127.0.0.6>"})
  void exclusionsInboundCountOnlyBesideAWildcard(String include, String expected) {
    Echo.Running run =
        headless(
                "8080@pod",
                "traffic.sidecar.istio.io/includeInboundPorts: \"" + include + "\"",
                "traffic.sidecar.istio.io/excludeInboundPorts: \"8080\"")
            .run("1.10.0");

    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo(expected);
  }

  @Test
  void exclusionsOutboundComeBeforeTheRulesForCallsOfItself() {
    Echo.Running run =
        mesh("8080@pod", "traffic.sidecar.istio.io/excludeOutboundPorts: \"8080\"").run("1.10.0");

    assertThat(run.verdict(run.call("server", 1337, run.pod("server").ip() + ":8080", "hello\n")))
        .as("Envoy's user calling its own pod is not redirected to 15006")
        .isEqualTo("echo<server>");
  }

  @ParameterizedTest(name = "port {0}")
  @CsvSource({"8080", "8081"})
  void strictCoversUndeclaredPortsAndNeverFallsBack(int port) {
    Story story =
        headless("8080@pod, 8081@pod")
            .peerAuthentication("STRICT")
            .run("1.20.0")
            .call("bare", "server", port);

    assertThat(cause(story)).isEqualTo("PLAINTEXT_TO_STRICT");
  }

  @Test
  void aWorkloadsDisableIsInvisibleToCallersOfAHeadlessService() {
    Echo.Running run =
        headless("8080@pod")
            .add(
                """
                apiVersion: security.istio.io/v1beta1
                kind: PeerAuthentication
                metadata: {name: p, namespace: default}
                spec:
                  selector: {matchLabels: {app: server}}
                  mtls: {mode: DISABLE}
                """)
            .run("1.20.0");

    assertThat(cause(run.call("client", "server", 8080))).isEqualTo("TLS_TO_PLAINTEXT");
  }

  @Test
  void aRawPodAddressWithoutListenerIsCalledInPlaintext() {
    Echo mesh = mesh("8080@pod").service("server", "server", "10.96.0.80", "tcp-echo", 8080);
    Echo.Running permissive = mesh.run("1.20.0");
    assertThat(permissive.verdict(permissive.call("client", "server", 8080)))
        .isEqualTo("echo<127.0.0.6>");

    Echo.Running strict = mesh.peerAuthentication("STRICT").run("1.20.0");
    assertThat(cause(strict.call("client", "server", 8080))).isEqualTo("PLAINTEXT_TO_STRICT");
  }

  @Test
  void headlessListenersHaveTheServicesPortAndSkipTheOwnPod() {
    Echo.Running run =
        mesh("9090@pod")
            .add(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: server, namespace: default}
                spec:
                  clusterIP: None
                  selector: {app: server}
                  ports: [{name: tcp-echo, port: 8080, targetPort: 9090}]
                """)
            .run("1.20.0");
    String server = run.pod("server").ip().toString();

    assertThat(listeners(config(run, "client"))).contains(server + "_8080");
    assertThat(listeners(config(run, "client"))).doesNotContain(server + "_9090");
    assertThat(listeners(config(run, "server"))).doesNotContain(server + "_8080");
  }

  private static ImmutableList<String> listeners(EnvoyConfig config) {
    return config.listeners().stream().map(Listener::name).collect(ImmutableList.toImmutableList());
  }

  @ParameterizedTest(name = "publishNotReadyAddresses {0}: a listener {0}")
  @CsvSource({"true", "false"})
  void unreadyPodsHaveNoListener(boolean publish) {
    Echo.Running run =
        new Echo()
            .pod("client", "client", "")
            .add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: server
                  namespace: default
                  labels: {app: server}
                  annotations: {sidecarsim.dev/listen: 8080@pod}
                spec:
                  containers:
                  - name: app
                    image: example/echo
                    readinessProbe: {httpGet: {port: 9}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: server, namespace: default}
                spec:
                  clusterIP: None
                  publishNotReadyAddresses: %s
                  selector: {app: server}
                  ports: [{name: tcp-echo, port: 8080}]
                """
                    .formatted(publish))
            .run("1.20.0");
    String listener = run.pod("server").ip() + "_8080";

    assertThat(listeners(config(run, "client")).contains(listener)).isEqualTo(publish);
  }

  @Test
  void anHttpCallOfAPodsAddressGoesWhereItsHostHeaderSays() {
    Echo.Running run =
        new Echo()
            .pod("left", "left", "8080@pod")
            .pod("right", "right", "8080@pod")
            .pod("client", "client", "")
            .service("right", "right", "10.96.0.81", "http", 8080)
            .run("1.20.0");
    Story story =
        run.call(
            "client",
            1001,
            run.pod("left").ip() + ":8080",
            "GET / HTTP/1.1\r\nHost: right:8080\r\n\r\n");

    assertThat(story.deliveredTo()).isEqualTo(Optional.of("right app"));
  }

  @ParameterizedTest(name = "uid {0}, gid {1}: {2}")
  @CsvSource({"1001,1337,bare", "1337,1001,bare", "1001,1001,proxied"})
  void aGroupAloneGoesPastEnvoy(int uid, int gid, String expected) {
    Echo.Running run = headless("8080@pod").peerAuthentication("STRICT").run("1.20.0");
    Endpoint server = Endpoint.of(run.pod("server").ip() + ":8080");
    Story story = run.call("client", new SocketOwner(uid, gid), Dial.to(server), "hello\n");

    assertThat(cause(story)).isEqualTo(expected.equals("bare") ? "PLAINTEXT_TO_STRICT" : "");
  }

  @ParameterizedTest(name = "{0}, port {1}: {2}")
  @CsvSource({
    "1.12.0,22,direct",
    "1.13.0,22,envoy",
    "1.20.0,15090,direct",
    "1.20.0,15021,direct",
    "1.20.0,15020,direct",
    "1.20.0,15008,direct",
    "1.20.0,15000,envoy"
  })
  void someInboundPortsAreNeverCaptured(String version, int port, String expected) {
    Echo.Running run = mesh("").run(version);
    Story story = run.call("bare", "server", port);
    boolean envoy =
        story.steps().stream().anyMatch(entry -> entry.toString().contains("virtualInbound"));

    assertThat(envoy).isEqualTo(expected.equals("envoy"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"1.9.5,echo<127.0.0.1>", "1.10.0,eof"})
  void aDefaultEndpointOfAPortAloneChangedItsMeaning(String version, String expected) {
    Echo.Running run =
        headless("9090@127.0.0.1")
            .add(
                """
                apiVersion: networking.istio.io/v1beta1
                kind: Sidecar
                metadata: {name: s, namespace: default}
                spec:
                  workloadSelector: {labels: {app: server}}
                  ingress:
                  - port: {number: 8080, protocol: TCP, name: tcp}
                    defaultEndpoint: ":9090"
                """)
            .run(version);

    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "protocolDetectionTimeout {0}: {1}")
  @CsvSource({"0s,HANGS", "1s,DELIVERED"})
  void protocolDetectionWaitsForEverUnlessToldOtherwise(String timeout, String expected) {
    Echo.Running run =
        headless("8080@pod/server-first")
            .add(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "protocolDetectionTimeout: %s"}
                """
                    .formatted(timeout))
            .run("1.20.0");

    assertThat(run.call("bare", 1001, run.pod("server").ip() + ":8080", "").outcome().code())
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "Envoy''s user calls {0}: through 15006 {1}")
  @CsvSource({"127.0.0.1,false", "127.0.0.2,true"})
  void onlyOneLoopbackAddressIsExempt(String address, boolean captured) {
    Echo.Running run = mesh("8080@0.0.0.0").run("1.20.0");
    Story story = run.call("server", 1337, address + ":8080", "hello\n");
    boolean inbound =
        story.steps().stream().anyMatch(entry -> entry.toString().contains("virtualInbound"));

    assertThat(inbound).isEqualTo(captured);
  }

  @ParameterizedTest(name = "{0}, {1}={2}, mesh LOCALHOST {3}: {4}")
  @CsvSource({
    "1.20.0,PILOT_ENABLE_INBOUND_PASSTHROUGH,false,false,echo<127.0.0.1>",
    "1.21.0,PILOT_ENABLE_INBOUND_PASSTHROUGH,false,true,eof",
    "1.22.0,PILOT_ENABLE_INBOUND_PASSTHROUGH,false,false,eof",
    "1.22.0,PILOT_ENABLE_INBOUND_PASSTHROUGH,true,true,echo<127.0.0.1>",
  })
  void theSwitchBackToLoopbackHadAGap(
      String version, String name, String value, boolean localhost, String expected) {
    Echo mesh = headless("8080@127.0.0.1").env(name, value);
    if (localhost) {
      mesh.add(
          """
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: istio, namespace: istio-system}
          data: {mesh: "inboundTrafficPolicy: {mode: LOCALHOST}"}
          """);
    }
    Echo.Running run = mesh.run(version);

    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo(expected);
  }

  @Test
  void anInboundClusterOf110HasNoHostsButTheAddressCalled() {
    Cluster cluster =
        config(headless("8080@pod").run("1.10.0"), "server").clusters().get("inbound|8080||");

    assertThat(cluster.discovery().type()).isEqualTo("ORIGINAL_DST");
    assertThat(cluster.bindAddresses()).hasToString(List.of("127.0.0.6").toString());
  }
}
