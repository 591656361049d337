package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Story;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods with IPv6 addresses, alone or beside IPv4 ones. */
class FamiliesTest {

  private static Echo mesh(String serverIps, String clientIps, String vip, String annotation) {
    return new Echo()
        .env("ISTIO_DUAL_STACK", "true")
        .add(pod("server", serverIps, annotation))
        .add(pod("client", clientIps, annotation))
        .service("server", "server", vip, "tcp-echo", 8080);
  }

  private static String pod(String name, String ips, String annotation) {
    String[] each = ips.split("\\|", -1);
    StringBuilder all = new StringBuilder();
    for (String ip : each) {
      all.append("{ip: \"").append(ip).append("\"},");
    }
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      namespace: default
      labels: {app: %s}
      annotations: {sidecarsim.dev/listen: "8080@::", proxy.istio.io/config: '%s'}
    spec: {containers: [{name: app, image: example/echo}]}
    status: {podIP: "%s", podIPs: [%s]}
    """
        .formatted(name, name, annotation, each[0], all);
  }

  private static String peer(Story story) {
    return story.delivered()
        ? story.peerSeen().orElseThrow().address().toString()
        : story.outcome().code();
  }

  @ParameterizedTest(name = "{0}: an IPv6 pod sees {1}")
  @CsvSource({"1.9.5,::1", "1.10.0,::6", "1.12.0,::6", "1.30,::6"})
  void anIpv6PodIsCalledFromItsOwnLoopback(String version, String expected) {
    Echo.Running run =
        mesh("fd00:10::10", "fd00:10::11", "\"fd00:96::80\"", "{}")
            .peerAuthentication("STRICT")
            .run(version);

    assertThat(peer(run.call("client", 1001, "[fd00:96::80]:8080", "hello\n"))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "dual stack {0}, called {1}: {2}")
  @CsvSource({
    "true,10.244.0.10:8080,127.0.0.6",
    "true,[fd00:10::10]:8080,::6",
    "false,10.244.0.10:8080,127.0.0.6",
    "false,[fd00:10::10]:8080,fd00:10::11",
  })
  void theSecondFamilyIsCapturedWithTheFlagAlone(String flag, String called, String expected) {
    String config = "{proxyMetadata: {ISTIO_DUAL_STACK: \"" + flag + "\"}}";
    Echo.Running run =
        mesh("10.244.0.10|fd00:10::10", "10.244.0.11|fd00:10::11", "10.96.0.80", config)
            .env("ISTIO_DUAL_STACK", flag)
            .run("1.24");

    assertThat(peer(run.call("client", 1001, called, "hello\n"))).isEqualTo(expected);
  }

  /** From 1.12 on IPv6 is captured by TPROXY, too, with a route of its own for what is marked. */
  @ParameterizedTest(name = "{0}: an IPv6 pod of mode TPROXY sees {1}")
  @CsvSource({"1.12.0,fd00:10::11", "1.30,fd00:10::11"})
  void tproxyKeepsTheCallersIpv6Address(String version, String expected) {
    Echo.Running run =
        mesh("fd00:10::10", "fd00:10::11", "\"fd00:96::80\"", "{interceptionMode: TPROXY}")
            .peerAuthentication("STRICT")
            .run(version);

    assertThat(peer(run.call("client", 1001, "[fd00:96::80]:8080", "hello\n"))).isEqualTo(expected);
  }
}
