package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Sidecar resources and istiod's flags make of listeners. */
class SidecarResourceTest {

  private static Echo mesh(String listen, String app, String spec, String... annotations) {
    return new Echo()
        .pod("server", "server", listen, annotations)
        .pod("other", "other", "8080@pod")
        .pod("client", "client", "")
        .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
        .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
        .service("other", "other", "10.96.0.81", "tcp-echo", 8080)
        .add(
            """
            apiVersion: networking.istio.io/v1beta1
            kind: Sidecar
            metadata: {name: s, namespace: default}
            spec:
              workloadSelector: {labels: {app: %s}}
              %s
            """
                .formatted(app, spec));
  }

  private static String ingress(String endpoint) {
    return "ingress: [{port: {number: 8080, protocol: TCP, name: tcp}" + endpoint + "}]";
  }

  @ParameterizedTest(name = "{0}, an application on {1}, defaultEndpoint {2}: {3}")
  @CsvSource({
    "1.9.5,9090@127.0.0.1,127.0.0.1:9090,echo<127.0.0.1>",
    "1.20.0,9090@127.0.0.1,127.0.0.1:9090,echo<127.0.0.1>",
    "1.9.5,9090@pod,0.0.0.0:9090,echo<127.0.0.6>",
    "1.20.0,9090@pod,0.0.0.0:9090,echo<127.0.0.6>",
    "1.9.5,9090@127.0.0.1,:9090,echo<127.0.0.1>",
    "1.20.0,8080@pod,:9090,echo<127.0.0.6>",
    "1.20.0,8080@pod,'',echo<127.0.0.6>",
    "1.20.0,8080@pod,unix:///run/app.sock,UNKNOWN",
    "1.9.5,8080@pod,unix://@app,UNKNOWN",
  })
  void aDefaultEndpointSaysWhereTheApplicationIsDialled(
      String version, String listen, String endpoint, String expected) {
    String written = endpoint.isEmpty() ? "" : ", defaultEndpoint: \"" + endpoint + "\"";
    Echo.Running run = mesh(listen, "server", ingress(written)).run(version);

    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo(expected);
  }

  @Test
  void anEmptyDefaultEndpointIsRefusedBefore110() {
    assertThatThrownBy(() -> mesh("8080@pod", "server", ingress("")).run("1.9.5"))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("defaultEndpoint");
  }

  @ParameterizedTest(name = "merge {0}: {1}")
  @CsvSource({"false,echo<127.0.0.6>", "true,eof"})
  void servicesPortsMayStayBesideASidecars(String merge, String expected) {
    Echo.Running run =
        new Echo()
            .env("PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE", merge)
            .env("PILOT_ENABLE_INBOUND_PASSTHROUGH", "false")
            .pod("server", "server", "8081@pod")
            .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
            .service("server", "server", "10.96.0.80", "tcp-echo", 8081)
            .add(
                """
                apiVersion: networking.istio.io/v1beta1
                kind: Sidecar
                metadata: {name: s, namespace: default}
                spec:
                  ingress:
                  - {port: {number: 8080, protocol: TCP, name: t}, defaultEndpoint: 127.0.0.1:1}
                """)
            .run("1.16.0");

    assertThat(run.verdict(run.call("bare", "server", 8081)))
        .as("a port of the Service is dialled on loopback, one of nobody on the pod's address")
        .isEqualTo(expected);
  }

  @Test
  void withoutCaptureASidecarsPortHasASocket() {
    Echo.Running run =
        mesh(
                "8080@127.0.0.1",
                "server",
                ingress(", defaultEndpoint: 127.0.0.1:8080"),
                "sidecar.istio.io/interceptionMode: NONE")
            .run("1.20.0");

    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo("echo<127.0.0.1>");
    assertThat(listeners(run, "server"))
        .containsExactly("127.0.0.1_8080", run.pod("server").ip() + "_8080");
  }

  private static List<String> listeners(Echo.Running run, String pod) {
    EnvoyConfig config = Mesh.envoy(run.run().world(), run.pod(pod)).orElseThrow().config();
    return config.listeners().stream().map(Listener::name).toList();
  }

  @ParameterizedTest(name = "hosts [{0}]: server known {1}, other known {2}")
  @CsvSource({
    "'*/*',true,true",
    "'./*',true,true",
    "./server.default.svc.cluster.local,true,false",
    "other-ns/*,false,false",
    "~/*,false,false",
  })
  void egressNamesWhatIsKnown(String hosts, boolean server, boolean other) {
    Echo.Running run =
        mesh("8080@pod", "client", "egress: [{hosts: ['" + hosts + "']}]").run("1.20.0");
    List<String> listeners = listeners(run, "client");

    assertThat(listeners.contains("10.96.0.80_8080")).isEqualTo(server);
    assertThat(listeners.contains("10.96.0.81_8080")).isEqualTo(other);
  }

  /** An entry names what is called; where VirtualServices lead from there is known by itself. */
  @ParameterizedTest(name = "hosts {0}, a VirtualService of {1}: {2}")
  @CsvSource({
    "./server.default.svc.cluster.local,default,other",
    "default/*,default,other",
    "'*/*',elsewhere,other",
    // Rules of a namespace that no entry names are not looked at.
    "./*,elsewhere,server",
    "default/*,elsewhere,server",
  })
  void egressNamesWhoseRulesAreFollowed(String hosts, String namespace, String expected) {
    Echo.Running run =
        mesh("8080@pod", "client", "egress: [{hosts: ['" + hosts + "']}]")
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: v, namespace: %s}
                spec:
                  hosts: [server.default.svc.cluster.local]
                  tcp: [{route: [{destination: {host: other.default.svc.cluster.local}}]}]
                """
                    .formatted(namespace))
            .run("1.20.0");

    assertThat(run.call("client", 1001, "10.96.0.80:8080", "hello\n").deliveredTo())
        .contains(expected + " app");
  }

  /** The field counts where the mesh's own TLS is off for the port. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"DISABLE,UNKNOWN", "PERMISSIVE,echo<127.0.0.6>"})
  void tlsThatASidecarsIngressEndsIsUnknown(String mode, String expected) {
    Echo.Running run =
        mesh("8080@pod", "server", ingress(", tls: {mode: SIMPLE, credentialName: c}"))
            .peerAuthentication(mode)
            .run("1.20.0");

    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo(expected);
  }

  @Test
  void anEgressMayHaveASocket() {
    Echo.Running run =
        mesh(
                "8080@pod",
                "client",
                "egress: [{port: {number: 8080, protocol: TCP, name: t}, bind: 127.0.0.1, "
                    + "captureMode: NONE, hosts: ['./server.default.svc.cluster.local']}, "
                    + "{hosts: ['./*']}]")
            .run("1.20.0");

    Story story = run.call("client", 1001, "127.0.0.1:8080", "hello\n");
    assertThat(story.deliveredTo()).contains("server app");
  }

  @Test
  void theSidecarsOutboundPolicyWinsOverTheMeshs() {
    Echo.Running run =
        mesh("8080@pod", "client", "outboundTrafficPolicy: {mode: REGISTRY_ONLY}").run("1.20.0");

    assertThat(run.call("client", 1001, "10.77.0.1:9", "x").cause())
        .map(Cause::code)
        .contains("BLACK_HOLE_CLUSTER");
  }

  @ParameterizedTest(name = "{0}, PILOT_ENABLE_LOOP_BLOCKER={1}: {2}")
  @CsvSource({"1.7.0,true,false", "1.9.5,true,true", "1.9.5,false,false", "1.10.0,false,true"})
  void virtualListenersGuardTheirOwnPorts(String version, String flag, boolean guarded) {
    Echo.Running run =
        mesh("8080@pod", "nobody", "egress: [{hosts: ['*/*']}]")
            .env("PILOT_ENABLE_LOOP_BLOCKER", flag)
            .run(version);
    EnvoyConfig config = Mesh.envoy(run.run().world(), run.pod("server")).orElseThrow().config();

    assertThat(
            config.listener("virtualInbound").orElseThrow().filterChains().stream()
                .anyMatch(chain -> chain.name().equals("virtualInbound-blackhole")))
        .isEqualTo(guarded);
  }

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource({
    "ENABLE_AUTO_MTLS_CHECK_POLICIES,true,DELIVERED",
    "ENABLE_AUTO_MTLS_CHECK_POLICIES,false,ACCEPTED_THEN_RESET",
  })
  void aWorkloadsDisableIsSeenByCallersOfAService(String flag, String value, String expected) {
    Echo.Running run =
        new Echo()
            .env(flag, value)
            .pod("server", "server", "8080@pod")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
            .add(
                """
                apiVersion: security.istio.io/v1beta1
                kind: PeerAuthentication
                metadata: {name: p, namespace: default}
                spec: {selector: {matchLabels: {app: server}}, mtls: {mode: DISABLE}}
                """)
            .run("1.18.0");

    assertThat(run.call("client", 1001, "10.96.0.80:8080", "hello\n").delivered())
        .isEqualTo(expected.equals("DELIVERED"));
  }

  @ParameterizedTest(name = "PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES={0}: {1}")
  @CsvSource({"false,ORIGINAL_DST", "true,EDS"})
  void headlessServicesCanBeBalanced(String flag, String type) {
    Echo.Running run =
        new Echo()
            .env("PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES", flag)
            .pod("server", "server", "8080@pod")
            .pod("client", "client", "")
            .service("server", "server", "None", "tcp-echo", 8080)
            .run("1.20.0");
    EnvoyConfig config = Mesh.envoy(run.run().world(), run.pod("client")).orElseThrow().config();

    assertThat(
            config
                .clusters()
                .get("outbound|8080||server.default.svc.cluster.local")
                .discovery()
                .type())
        .isEqualTo(type);
  }
}
