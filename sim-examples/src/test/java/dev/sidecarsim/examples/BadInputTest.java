package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be used is named in one line with its place, and nothing is printed as an answer. */
class BadInputTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: a, labels: {app: a}}
      spec: {containers: [{name: main, image: x, ports: [{containerPort: 80}]}]}
      """;

  static List<Arguments> manifests() {
    return List.of(
        Arguments.of("broken YAML", "a: [1, 2\nb: 3\n", "<stdin>:2"),
        Arguments.of("no Kubernetes object", "hello: world\n", "<stdin>:1"),
        Arguments.of(
            "port out of range", POD.replace("containerPort: 80", "containerPort: 70000"), ":4"),
        Arguments.of(
            "port of the wrong type", POD.replace("containerPort: 80", "containerPort: x"), ":4"),
        Arguments.of("the same object twice", POD + "---\n" + POD, ":6"),
        Arguments.of(
            "a Service that selects nothing",
            POD
                + "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n"
                + "spec: {selector: {app: b}, ports: [{port: 80}]}\n",
            ":6"),
        Arguments.of(
            "two pods of one IP",
            POD
                + "status: {podIP: 10.0.0.9}\n---\n"
                + POD.replace("name: a", "name: b")
                + "status: {podIP: 10.0.0.9}\n",
            ":7"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("manifests")
  void manifests(String name, String yaml, String place) {
    CommandRun run = CommandRun.withInput(yaml, "quorum", "-f", "-", "--istio", "none");

    assertOneLine(run);
    assertThat(run.err()).contains(place);
  }

  @ParameterizedTest(name = "a refused pod as {0}")
  @ValueSource(strings = {"a --to 10.0.0.9:80", "b --to a:80"})
  void aPodThatTheWebhookRefusedIsNamedWithItsWords(String question) {
    String refused =
        POD.replace(
            "metadata: {name: a",
            "metadata: {annotations: {traffic.sidecar.istio.io/excludeInboundPorts: '70000'},"
                + " name: a");
    CommandRun run =
        CommandRun.withInput(
            refused + "---\n" + POD.replace("name: a", "name: b"),
            ("trace -f - --istio 1.20 --from " + question).split(" ", -1));

    assertOneLine(run);
    assertThat(run.err()).contains("excludeInboundPorts").contains("70000");
  }

  static List<Arguments> commandLines() {
    return List.of(
        Arguments.of("--istio 1.6", "1.7 to 1.30"),
        Arguments.of("--istio 1.31.0", "1.7 to 1.30"),
        Arguments.of("--istio 2", "1.7 to 1.30"),
        Arguments.of("--istio latest", "none"),
        Arguments.of("", "--istio"),
        Arguments.of("--istio none --pod nobody=1.9.5", "nobody"),
        Arguments.of("--istio none --pod a=9", "1.7 to 1.30"),
        Arguments.of("--istio none --pod a", "POD=V"),
        Arguments.of("--istio none --until soon", "soon"),
        Arguments.of("--istio none --until -5", "-5"),
        Arguments.of("--istio none --seeds 5-1", "5-1"),
        Arguments.of("--istio none --kill leader", "leader@60"),
        Arguments.of("--istio none --app nobody", "no clustered application"),
        Arguments.of("--istio none -o yaml", "yaml"),
        Arguments.of("--istio none --frobnicate", "--frobnicate"));
  }

  @ParameterizedTest(name = "quorum {0}")
  @MethodSource("commandLines")
  void commandLines(String options, String named) {
    String line = ("quorum -f - " + options).strip();

    CommandRun run = CommandRun.withInput(POD, line.split(" "));

    assertOneLine(run);
    assertThat(run.err()).contains(named);
  }

  @Test
  void aFileThatIsNotThere() {
    CommandRun run = CommandRun.of("quorum", "-f", "no-such.yaml", "--istio", "none");

    assertOneLine(run);
    assertThat(run.err()).contains("no-such.yaml");
  }

  @Test
  void manifestsWithoutAClusteredApplication() {
    CommandRun run = CommandRun.withInput(POD, "quorum", "-f", "-", "--istio", "none");

    assertOneLine(run);
    assertThat(run.err()).contains("no clustered application");
  }

  static void assertOneLine(CommandRun run) {
    assertThat(run.code()).as(run.err()).isEqualTo(64);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("sidecar-sim: ").hasLineCount(1);
  }
}
