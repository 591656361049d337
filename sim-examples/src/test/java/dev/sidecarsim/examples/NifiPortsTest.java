package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.host.TcpState;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.PodName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What NiFi listens on, in TLS of its own and without, and whom it keeps out. */
class NifiPortsTest {

  private static final String STRICT =
      """
      apiVersion: security.istio.io/v1beta1
      kind: PeerAuthentication
      metadata: {name: default, namespace: istio-system}
      spec: {mtls: {mode: STRICT}}
      """;

  private static AppRun plain() {
    return AppRun.of("zookeeper.yaml").with("nifi.yaml");
  }

  /** As the image's script sets it up where no port for HTTP is given, from 1.14 on. */
  private static AppRun secured(String portName) {
    return plain()
        .change("apache/nifi:1.13.2", "apache/nifi:1.15.3")
        .change(
            "{name: NIFI_WEB_HTTP_PORT, value: \"8080\"}",
            "{name: NIFI_WEB_HTTPS_PORT, value: \"8443\"}")
        .change("NIFI_WEB_HTTP_HOST", "NIFI_WEB_HTTPS_HOST")
        .change("{name: http, port: 8080}", "{name: " + portName + ", port: 8443}")
        .change("{name: http, containerPort: 8080}", "{name: https, containerPort: 8443}");
  }

  /** Settings in a file, with a firewall that allows some networks. */
  private static AppRun withFile(AppRun run, String settings, String allowed) {
    return run.and(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: nifi, namespace: default}
            data:
              firewall.txt: "# who may join\\n%s\\n"
              nifi.properties: |
                nifi.cluster.firewall.file=./conf/firewall.txt
                nifi.cluster.node.address=${HOSTNAME}.nifi-headless
                nifi.cluster.flow.election.max.candidates=3
            """
                    .formatted(allowed)
                + settings.indent(4))
        .change(
            "    spec:\n      containers:\n        - name: nifi\n",
            """
                spec:
                  volumes: [{name: conf, configMap: {name: nifi}}]
                  containers:
                    - name: nifi
                      volumeMounts: [{name: conf, mountPath: /opt/nifi/conf}]
            """);
  }

  private static AppRun httpsWithFile(String allowed) {
    return withFile(
        secured("https"),
        """
        nifi.web.https.host=${HOSTNAME}.nifi-headless
        nifi.web.https.port=8443
        nifi.cluster.protocol.is.secure=true
        """,
        allowed);
  }

  private static AppRun httpWithFile(String settings) {
    return withFile(plain(), "nifi.web.http.host=${HOSTNAME}.nifi-headless\n" + settings, "");
  }

  /** Web and load balancing on the own name; cluster protocol and site-to-site on every address. */
  @Test
  void itListensOnFourPorts() {
    assertThat(listeners(plain()))
        .containsExactlyInAnyOrder(
            "10.244.0.14:8080", "0.0.0.0:11443", "10.244.0.14:6342", "0.0.0.0:10000");
    assertThat(listeners(secured("https")))
        .containsExactlyInAnyOrder(
            "10.244.0.14:8443", "0.0.0.0:11443", "10.244.0.14:6342", "0.0.0.0:10000");
  }

  private static List<String> listeners(AppRun run) {
    World world = run.istio("none").until(60);
    return world.pod(PodName.parse("nifi-0")).namespace().sockets().stream()
        .filter(socket -> socket.state() == TcpState.LISTEN)
        .map(socket -> socket.local().toString())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"none, 10.244.0", "1.10.0, 127.0.0.6"})
  void withTlsOfItsOwnItForms(String istio, String peers) {
    FormationReport report = secured("https").istio(istio).after(60, "nifi");

    assertThat(report.formed()).as(report.reasons().toString()).isTrue();
    assertThat(AppRun.peersSeen(report, 11443)).allMatch(peer -> peer.startsWith(peers));
  }

  /** Its own TLS is inside the mesh's. */
  @Test
  void withTlsOfItsOwnItFormsUnderStrict() {
    assertThat(secured("https").and(STRICT).istio("1.10.0").after(60, "nifi").formed()).isTrue();
  }

  /** A port whose name says HTTP is read as HTTP by the caller's sidecar, which finds TLS. */
  @Test
  void aPortNamedHttpIsNoneForItsTls() {
    FormationReport report = secured("http-web").istio("1.10.0").after(60, "nifi");

    assertThat(report.formed()).isFalse();
    assertThat(report.members()).extracting(MemberStatus::state).containsOnly("CONNECTED");
    assertThat(report.reasons().toString()).contains("opened 8443 to nifi-");
  }

  /** Names in certificates decide, as DNS knows them, and not 127.0.0.6. */
  @ParameterizedTest
  @CsvSource({"10.244.0.0/16, true", "127.0.0.6, false"})
  void aFirewallDoesNotSeeTheSidecar(String allowed, boolean formed) {
    FormationReport report = httpsWithFile(allowed).istio("1.10.0").after(90, "nifi");

    assertThat(report.formed()).as(report.reasons().toString()).isEqualTo(formed);
    assertThat(report.members())
        .extracting(MemberStatus::state)
        .containsOnly(formed ? "CONNECTED" : "DISCONNECTED");
  }

  /** Nobody shows a certificate, so that there is no name to be let in by. */
  @Test
  void withoutTlsAnyFirewallKeepsAllOut() {
    String log = String.join("\n", httpWithFile("").istio("none").logs("nifi-0", 60));

    assertThat(log)
        .contains("blocked by cluster coordinator with the explanation: Blocked by Firewall");
    assertThat(httpWithFile("").istio("none").after(90, "nifi").members())
        .extracting(MemberStatus::state)
        .containsOnly("DISCONNECTED");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "nifi.web.http.network.interface.second=eth1, nifi.web.http.network.interface.second 'eth1'",
        "nifi.cluster.load.balance.port=99999, nifi.cluster.load.balance.port: port 99999",
        "nifi.zookeeper.connect.string=zk:x, \"'x' is not a port\"",
        "nifi.zookeeper.session.timeout=soon, nifi.zookeeper.session.timeout 'soon' is no time"
      })
  void aSettingThatIsNoneIsNamed(String setting, String message) {
    AppRun run = httpWithFile(setting + "\n").istio("none");

    assertThatThrownBy(() -> run.until(10))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining(message);
  }
}
