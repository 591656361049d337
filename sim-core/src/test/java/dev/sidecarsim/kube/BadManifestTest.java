package dev.sidecarsim.kube;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadManifestTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: NAME, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIP: ADDRESS}
      ---
      """;

  private static String pod(String name, String ip) {
    return POD.replace("NAME", name).replace("ADDRESS", ip);
  }

  private static String service(String spec) {
    return "kind: Service\napiVersion: v1\nmetadata: {name: web}\nspec: " + spec + "\n";
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("kind: Pod\n  name: [", "m.yaml:2: broken YAML"),
        Arguments.of("kind: Pod\nkind: Pod\n", "m.yaml:2: the key 'kind' stands twice"),
        Arguments.of("a: &x [*x]\n", "m.yaml:1: an anchor holds its own alias"),
        Arguments.of("- a\n", "m.yaml:1: a list stands where an object"),
        Arguments.of("kind: Pod\n", "m.yaml:1: apiVersion is missing"),
        Arguments.of("kind: Pod\napiVersion: v1\n", "m.yaml:1: metadata is missing"),
        Arguments.of(
            pod("a", "10.0.0.1") + pod("b", "10.0.0.1"),
            "m.yaml:7: pods a and b both have the address 10.0.0.1"),
        Arguments.of(
            pod("a", "10.0.0.1") + pod("a", "10.0.0.2"),
            "m.yaml:7: Pod a.default stands already in m.yaml:1"),
        Arguments.of(pod("a", "10.0.0.256"), "m.yaml:5: podIP: "),
        Arguments.of(
            pod("a", "'#'").replace("{name: c, image: i}", ""), "m.yaml:4: containers: none"),
        Arguments.of(pod("a", "'#'").replace("image: i", "image: 7"), "m.yaml:4: image: 7"),
        Arguments.of(
            pod("a", "1.2.3.4").replace("image: i", "ports: [{containerPort: 70000}]"),
            "m.yaml:4: containerPort: 70000 is out of range; it is from 1 to 65535"),
        Arguments.of(
            pod("a", "1.2.3.4")
                .replace("labels:", "annotations: {sidecarsim.dev/listen: 'x@pod'}, labels:"),
            "m.yaml:3: 'x@pod': 'x' is not a port"),
        Arguments.of(
            service("{selector: {app: nobody}, ports: [{port: 80}]}"),
            "m.yaml:1: Service web selects {app=nobody} in namespace default and no pod there"),
        Arguments.of(service("{ports: [{port: 0}]}"), "m.yaml:4: port: 0 is out of range"),
        Arguments.of(
            service("{ports: [{port: 80, targetPort: 65536}]}"), "m.yaml:4: targetPort: 65536"),
        Arguments.of(service("{ports: [{port: 80}, {port: 81}]}"), "m.yaml:4: name is missing"),
        Arguments.of(
            service("{ports: [{port: 80, name: a}, {port: 80, name: b}]}"),
            "m.yaml:4: port b 80/tcp stands twice"),
        Arguments.of(service("{ports: []}"), "m.yaml:4: ports: none"),
        Arguments.of(
            service("{type: Cluster, ports: [{port: 80}]}"), "m.yaml:4: type: 'Cluster' is none"),
        Arguments.of(service("{clusterIP: none, ports: [{port: 80}]}"), "m.yaml:4: clusterIP: "),
        Arguments.of(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector: {matchLabels: {app: web}}
              template: {metadata: {labels: {app: wbe}}, spec: {containers: [{name: c}]}}
            """,
            "m.yaml:5: selector {app=web} does not match the template's labels {app=wbe}"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isOneLineWithFileAndLine(String text, String start) {
    assertThatThrownBy(() -> ManifestReader.in("default").text(text, "m.yaml").read())
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith(start)
        .message()
        .doesNotContain("\n");
  }
}
