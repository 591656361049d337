package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.SocketRow;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods in ambient mode: who is, what stands in them, and what decides about their connections. */
class AmbientTest {

  private static final String VIP = "10.96.0.80";

  private static Echo mesh() {
    return AmbientMesh.empty()
        .add(AmbientMesh.pod("server", AmbientMesh.AMBIENT, "8080@pod, 9090@pod"))
        .add(AmbientMesh.pod("client", AmbientMesh.AMBIENT, ""))
        .add(AmbientMesh.pod("bare", AmbientMesh.BARE, ""))
        .service("server", "server", VIP, "tcp-echo", 8080);
  }

  private static boolean inAmbient(RunningPod pod) {
    return Mesh.ztunnel(pod).isPresent();
  }

  // ---- who is

  @ParameterizedTest(name = "{0}, namespace {1}, pod {2}: {3}")
  @CsvSource({
    "1.22.0, istio.io/dataplane-mode: ambient, a: b, ambient",
    "1.30.0, istio.io/dataplane-mode: ambient, a: b, ambient",
    "1.21.0, istio.io/dataplane-mode: ambient, a: b, none",
    "1.9.5, istio.io/dataplane-mode: ambient, a: b, none",
    "1.30.0, istio.io/dataplane-mode: ambient, istio.io/dataplane-mode: none, none",
    "1.30.0, istio.io/dataplane-mode: ambient, istio.io/dataplane-mode: other, ambient",
    "1.30.0, a: b, istio.io/dataplane-mode: ambient, ambient",
    "1.30.0, a: b, c: d, none",
    "1.30.0, istio-injection: enabled, istio.io/dataplane-mode: ambient, sidecar",
    "1.30.0, istio.io/dataplane-mode: ambient, 'sidecar.istio.io/inject: ''true''', sidecar",
    "none, istio.io/dataplane-mode: ambient, a: b, none",
  })
  void labelsDecide(String version, String namespace, String pod, String part) {
    Echo.Running run =
        new Echo(AmbientMesh.NAMESPACE.replace("istio.io/dataplane-mode: ambient", namespace))
            .add(AmbientMesh.pod("one", pod, "8080@pod"))
            .run(version);

    assertThat(part(run.pod("one"))).isEqualTo(part);
  }

  private static String part(RunningPod pod) {
    if (Injection.injected(pod.spec())) {
      return inAmbient(pod) ? "both" : "sidecar";
    }
    return inAmbient(pod) ? "ambient" : "none";
  }

  @Test
  void podsInTheirNodesNetworkStayOut() {
    Echo.Running run =
        AmbientMesh.empty()
            .add(
                AmbientMesh.pod("one", "", "8080@pod")
                    .replace("spec:", "spec:\n  hostNetwork: true"))
            .run("1.30");

    assertThat(part(run.pod("one"))).isEqualTo("none");
  }

  @Test
  void ofANamespaceThatNobodyDescribesThePodsOwnLabelHolds() {
    Echo.Running run =
        new Echo(AmbientMesh.pod("one", "istio.io/dataplane-mode: ambient", ""))
            .add(AmbientMesh.pod("two", "", ""))
            .run("1.30");

    assertThat(part(run.pod("one"))).isEqualTo("ambient");
    assertThat(part(run.pod("two"))).isEqualTo("sidecar");
  }

  // ---- what stands in them

  @Test
  void ztunnelListensInThePod() {
    assertThat(mesh().run("1.24").pod("server").namespace().sockets())
        .filteredOn(row -> row.program().equals("ztunnel"))
        .extracting(SocketRow::local)
        .map(Object::toString)
        .containsExactly(
            "[::]:15001", "[::]:15006", "[::]:15008", "127.0.0.1:15053", "[::1]:15053");
  }

  @ParameterizedTest(name = "{0}: {1}, DNS {2}")
  @CsvSource({
    "1.22.0, TPROXY, false",
    "1.23.0, TPROXY, false",
    "1.24.0, REDIRECT, false",
    "1.25.0, REDIRECT, true",
    "1.30.0, REDIRECT, true",
  })
  void theRulesAreThoseOfTheVersion(String version, String target, boolean dns) {
    String rules =
        mesh().run(version).pod("server").namespace().ip().netfilter().save(Family.IPV4, false);

    assertThat(rules)
        .containsPattern("-A ISTIO_PRERT ! -d 127\\.0\\.0\\.1/32.* -j " + target + " ")
        .contains("-A ISTIO_OUTPUT -m connmark --mark 0x111/0xfff -j CONNMARK --restore-mark");
    assertThat(rules.contains("--to-ports 15053")).isEqualTo(dns);
  }

  @Test
  void aPodThatKeepsItsInboundTrafficToItselfIsCalledDirectly() {
    Echo.Running run =
        mesh()
            .add(
                AmbientMesh.pod("gateway", "", "8080@pod")
                    .replace(
                        "annotations: {",
                        "annotations: {ambient.istio.io/bypass-inbound-capture: 'true', "))
            .run("1.24");

    assertThat(run.takenBy(run.call("bare", "gateway", 8080))).isEqualTo("gateway 8080");
  }

  // ---- probes

  @ParameterizedTest(name = "{0}, {1}: ready on {2}: {3}")
  @CsvSource({
    "1.22.0,STRICT,pod,true",
    "1.24.0,STRICT,pod,true",
    "1.30.0,STRICT,pod,true",
    "1.30.0,PERMISSIVE,pod,true",
    "1.30.0,STRICT,127.0.0.1,false",
    "1.30.0,PERMISSIVE,127.0.0.1,false",
  })
  void theKubeletIsKnownByItsSource(String version, String mode, String bind, boolean ready) {
    Echo.Running run =
        AmbientMesh.empty()
            .add(
                AmbientMesh.pod(
                    "server",
                    "",
                    "8080@" + bind,
                    ", readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}"))
            .peerAuthentication(mode)
            .run(version);

    assertThat(run.pod("server").ready()).isEqualTo(ready);
  }

  @Test
  void whatTheNodeItselfCallsPassesZtunnelBy() {
    Echo.Running run = mesh().peerAuthentication("STRICT").run("1.30");
    Dial dial = Dial.to(new Endpoint(run.pod("server").ip(), 8080));
    Story story = run.callFromNode("server", dial, "hello\n");

    assertThat(story.peerSeen().orElseThrow().address()).hasToString("169.254.7.127");
  }

  @ParameterizedTest(name = "namespace {0}: {1}")
  @CsvSource({"istio.io/dataplane-mode: ambient, true", "istio-injection: enabled, false"})
  void theNodesRulesAreThereWhereSomePodIsInAmbientMode(String label, boolean there) {
    Echo.Running run =
        new Echo(AmbientMesh.NAMESPACE.replace("istio.io/dataplane-mode: ambient", label))
            .add(AmbientMesh.pod("one", "", "8080@pod"))
            .run("1.30");
    String rules = run.pod("one").node().namespace().ip().netfilter().save(Family.IPV4, false);

    assertThat(
            rules.contains(
                "-A ISTIO_POSTRT -p tcp -m owner --socket-exists -m set --match-set"
                    + " istio-inpod-probes-v4 dst -j SNAT --to-source 169.254.7.127"))
        .isEqualTo(there);
  }

  // ---- what decides

  @Test
  void aPortOfItsOwnDecidesAloneUnderStrict() {
    Echo.Running run =
        mesh()
            .add(
                """
                apiVersion: security.istio.io/v1beta1
                kind: PeerAuthentication
                metadata: {name: ports, namespace: default}
                spec:
                  selector: {matchLabels: {app: server}}
                  mtls: {mode: STRICT}
                  portLevelMtls: {9090: {mode: PERMISSIVE}}
                """)
            .run("1.30");

    assertThat(run.answer(run.call("bare", "server", 8080), "server"))
        .isEqualTo("eof PLAINTEXT_TO_STRICT");
    assertThat(run.answer(run.call("bare", "server", 9090), "server")).isEqualTo("bare at pod");
  }

  /** What curl says of it: "(56) Recv failure: Connection reset by peer". */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"bare", "client"})
  void whoIsTurnedAwayIsReset(String from) {
    Echo.Running run =
        mesh()
            .add(
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: nobody, namespace: default}
                spec: {}
                """)
            .run("1.30");

    assertThat(run.call(from, "server", 8080).outcome().code()).isEqualTo("ACCEPTED_THEN_RESET");
  }

  @Test
  void aServiceWithoutEndpointsIsNobody() {
    Echo.Running run =
        mesh()
            .add(AmbientMesh.pod("unready", "", "", ", readinessProbe: {tcpSocket: {port: 8080}}"))
            .service("empty", "unready", "10.96.0.81", "tcp-echo", 8080)
            .run("1.30");

    assertThat(run.call("client", 1001, "10.96.0.81:8080", "x").cause())
        .map(Cause::code)
        .contains("NO_ENDPOINTS");
    assertThat(run.call("client", 1001, VIP + ":8081", "x").cause())
        .map(Cause::code)
        .contains("NO_ENDPOINTS");
  }

  @ParameterizedTest(name = "port {0} of the pod: {1}")
  @CsvSource({"15006,PROXY_CALLED", "15001,PROXY_CALLED", "15008,TLS_HANDSHAKE_REFUSED"})
  void itsOwnPortsAreNoDestination(int port, String cause) {
    Echo.Running run = mesh().run("1.30");

    assertThat(run.call("bare", "server", port).cause()).map(Cause::code).contains(cause);
    assertThat(run.call("client", "server", port).cause())
        .map(Cause::code)
        .contains("PROXY_CALLED");
  }

  @Test
  void aNetworkPolicyHasToLetTheTunnelIn() {
    String policy =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: only, namespace: default}
        spec:
          podSelector: {matchLabels: {app: server}}
          ingress:
          - ports: [{port: %d}]
        """;
    Echo.Running application = mesh().add(policy.formatted(8080)).run("1.30");
    Echo.Running tunnel = mesh().add(policy.formatted(15008)).run("1.30");

    assertThat(application.call("client", "server", 8080).cause())
        .map(Cause::code)
        .contains("DROPPED_BY_RULE");
    assertThat(application.verdict(application.call("bare", "server", 8080)))
        .isEqualTo("echo<bare>");
    assertThat(tunnel.verdict(tunnel.call("client", "server", 8080))).isEqualTo("echo<client>");
  }

  @Test
  void whereTheApplicationIsPutDecidesNothing() {
    Echo.Running run =
        mesh().add(Echo.meshConfig("inboundTrafficPolicy: {mode: LOCALHOST}")).run("1.30");

    assertThat(run.verdict(run.call("client", "server", 8080))).isEqualTo("echo<client>");
  }

  @Test
  void theAddressOfAServiceEntryIsAServicesAddress() {
    Echo mesh = mesh().add(AmbientMesh.pod("other", AmbientMesh.BARE, "9090@pod"));
    String entry =
        """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: entry, namespace: default}
        spec:
          hosts: [other.example.com]
          addresses: [240.0.0.1]
          ports: [{number: 80, name: tcp, protocol: TCP, targetPort: 9090}]
          resolution: %s
          %s
        """;
    Echo.Running named =
        mesh.add(entry.formatted("STATIC", "workloadSelector: {labels: {app: other}}")).run("1.30");

    assertThat(named.answer(named.call("client", 1001, "240.0.0.1:80", "x"), "other"))
        .isEqualTo("client at pod");
  }

  @Test
  void aServerThatSpeaksFirstIsHeard() {
    Echo.Running run =
        AmbientMesh.empty()
            .add(AmbientMesh.pod("server", "", "3306@pod/server-first"))
            .add(AmbientMesh.pod("client", "", ""))
            .add(AmbientMesh.pod("bare", AmbientMesh.BARE, ""))
            .run("1.30");

    for (String from : new String[] {"client", "bare"}) {
      Story story = run.call(from, 1001, run.pod("server").ip() + ":3306", "");
      assertThat(run.verdict(story)).isEqualTo("echo<" + from + ">");
    }
  }

  @ParameterizedTest(name = "{0}: {1} -> {2} under {3}: {4}")
  @CsvSource({
    "1.22.0, client, server, STRICT, client at pod",
    "1.23.0, bare, server, PERMISSIVE, bare at pod",
    "1.24.0, client, server, STRICT, client at pod",
    "1.30.0, client, server, STRICT, client at pod",
    "1.30.0, bare, server, PERMISSIVE, bare at pod",
    "1.30.0, bare, server, STRICT, eof PLAINTEXT_TO_STRICT",
    "1.30.0, server, server, STRICT, pod at pod",
  })
  void ipv6IsCarriedAsIpv4Is(String version, String from, String to, String mode, String answer) {
    Echo mesh = AmbientMesh.empty().peerAuthentication(mode);
    int host = 10;
    for (String name : new String[] {"server", "client", "bare"}) {
      mesh.add(
          AmbientMesh.pod(name, AmbientMesh.part(name), "8080@pod")
              + "status: {podIP: 'fd00:10:244::%d'}\n".formatted(host++));
    }
    Echo.Running run =
        mesh.service("server", "server", "'fd00:10:96::80'", "tcp-echo", 8080).run(version);

    assertThat(run.answer(run.call(from, 1001, "[fd00:10:244::10]:8080", "x"), "server"))
        .isEqualTo(answer);
    assertThat(run.answer(run.call(from, 1001, "[fd00:10:96::80]:8080", "x"), "server"))
        .isEqualTo(answer);
  }

  @Test
  void nodesBetweenDoNotMatter() {
    Echo.Running run =
        AmbientMesh.empty()
            .add(AmbientMesh.pod("server", "", "8080@pod").replace("spec:", "spec:\n  nodeName: a"))
            .add(AmbientMesh.pod("client", "", "").replace("spec:", "spec:\n  nodeName: b"))
            .service("server", "server", VIP, "tcp-echo", 8080)
            .peerAuthentication("STRICT")
            .run("1.30");

    assertThat(run.verdict(run.call("client", 1001, VIP + ":8080", "x"))).isEqualTo("echo<client>");
    // Another node's own calls are plaintext like anybody's.
    assertThat(
            run.callFromNode("client", Dial.to(new Endpoint(run.pod("server").ip(), 8080)), "x")
                .cause())
        .map(Cause::code)
        .contains("PLAINTEXT_TO_STRICT");
  }
}
