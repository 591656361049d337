package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes an application that listens on its pod's address reachable, and what does not. */
class CuresTest {

  private static final String EXCLUDE_IN = "traffic.sidecar.istio.io/excludeInboundPorts: \"3888\"";
  private static final String EXCLUDE_OUT =
      "traffic.sidecar.istio.io/excludeOutboundPorts: \"3888\"";

  private static Echo pods(String listen, String... annotations) {
    return new Echo().pod("zk-0", "zk", listen, annotations).pod("zk-1", "zk", listen, annotations);
  }

  private static Echo declared(String listen, String... annotations) {
    return pods(listen, annotations).service("zk", "zk", "None", "tcp-election", 3888);
  }

  private static Echo undeclared() {
    return pods("3888@pod").service("zk", "zk", "None", "tcp-client", 2181);
  }

  private static Echo ingress(String endpoint) {
    return declared("3888@pod")
        .add(
            """
            apiVersion: networking.istio.io/v1beta1
            kind: Sidecar
            metadata: {name: zk, namespace: default}
            spec:
              ingress:
              - port: {number: 3888, protocol: TCP, name: tcp-election}
                defaultEndpoint: %s
            """
                .formatted(endpoint));
  }

  /** A mesh, a version, and what a call from one pod to the other's address comes to. */
  private record Case(String name, Echo mesh, String version, String expected) {}

  private static final String FLAG = "PILOT_ENABLE_INBOUND_PASSTHROUGH";

  private static Stream<Case> cases() {
    return Stream.of(
        new Case("1.9.5", declared("3888@pod"), "1.9.5", "eof"),
        new Case("1.10.0", declared("3888@pod"), "1.10.0", "echo<127.0.0.6>"),
        new Case("1.9.5, all addresses", declared("3888@0.0.0.0"), "1.9.5", "echo<127.0.0.1>"),
        new Case(
            "1.9.5, excluded both ways",
            declared("3888@pod", EXCLUDE_IN, EXCLUDE_OUT),
            "1.9.5",
            "echo<zk-0>"),
        new Case("1.9.5, excluded inbound", declared("3888@pod", EXCLUDE_IN), "1.9.5", "eof"),
        new Case("1.9.5, undeclared", undeclared(), "1.9.5", "echo<127.0.0.6>"),
        new Case(
            "1.9.5, undeclared, STRICT", undeclared().peerAuthentication("STRICT"), "1.9.5", "eof"),
        new Case("1.9.5, Sidecar", ingress("0.0.0.0:3888"), "1.9.5", "echo<127.0.0.6>"),
        new Case("1.9.5, Sidecar :PORT", ingress("\":3888\""), "1.9.5", "eof"),
        new Case("1.10.0, Sidecar :PORT", ingress("\":9\""), "1.10.0", "echo<127.0.0.6>"),
        new Case("1.10.0, Sidecar loopback", ingress("127.0.0.1:3888"), "1.10.0", "eof"),
        new Case("1.10.0, flag off", declared("3888@pod").env(FLAG, "false"), "1.10.0", "eof"),
        new Case(
            "1.21, flag off: no longer read",
            declared("3888@pod").env(FLAG, "false"),
            "1.21",
            "echo<127.0.0.6>"),
        new Case("1.22, LOCALHOST", declared("3888@pod").add(meshConfig()), "1.22", "eof"),
        new Case(
            "1.10.0, STRICT",
            declared("3888@pod").peerAuthentication("STRICT"),
            "1.10.0",
            "echo<127.0.0.6>"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void callFromPodToPod(Case each) {
    Echo.Running running = each.mesh().run(each.version());

    assertThat(running.verdict(running.call("zk-0", "zk-1", 3888))).isEqualTo(each.expected());
  }

  private static String meshConfig() {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio, namespace: istio-system}
        data:
          mesh: |
            inboundTrafficPolicy:
              mode: LOCALHOST
        """;
  }
}
