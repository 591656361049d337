package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceCommandTest {

  private static final String ELECTION =
      " --from my-release-zookeeper-0 --to my-release-zookeeper-1:3888 ";

  @Test
  void behindLoopbackSidecarsTheCallIsTakenAndThenBroken() {
    CommandRun run =
        Manifest.run("trace", "zookeeper.yaml", "--istio 1.9.5" + ELECTION + "-o json");

    JsonObject story = (JsonObject) JsonReader.read(run.out(), "stdout");
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(story.string("outcome", "")).startsWith("ACCEPTED_THEN_");
    assertThat(story.string("cause")).contains("LISTENS_ON_ANOTHER_ADDRESS");
    assertThat(story.get("deliveredTo")).isEmpty();
    assertThat(story.get("peerSeenByApp")).isEmpty();
    assertThat(texts(story))
        .anyMatch(text -> text.contains("-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006"))
        .anyMatch(text -> text.contains("inbound|3888||"))
        .anyMatch(text -> text.contains("no socket for 127.0.0.1:3888"));
  }

  @Test
  void behindPodAddressSidecarsTheBytesArriveFrom127006() {
    CommandRun run =
        Manifest.run("trace", "zookeeper.yaml", "--istio 1.10.0" + ELECTION + "-o json");

    JsonObject story = (JsonObject) JsonReader.read(run.out(), "stdout");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(story.string("outcome")).contains("DELIVERED");
    assertThat(story.get("cause")).isEmpty();
    assertThat(story.string("peerSeenByApp", "")).startsWith("127.0.0.6:");
    assertThat(story.string("localSeenByApp")).contains("10.244.0.11:3888");
  }

  @Test
  void withoutSidecarAClosedPortIsRefused() {
    CommandRun run =
        Manifest.run(
            "trace",
            "zookeeper.yaml",
            "--istio none --from sleep --to my-release-zookeeper-1:81 -o json");

    JsonObject story = (JsonObject) JsonReader.read(run.out(), "stdout");
    assertThat(story.string("outcome")).contains("REFUSED");
    assertThat(story.string("cause")).contains("NOTHING_LISTENS");
  }

  @Test
  void theTextTellsWhyAndWhatWouldHelp() {
    CommandRun run =
        Manifest.run("trace", "zookeeper.yaml", "--istio 1.9.5" + ELECTION.stripTrailing());

    Golden.matches("trace-1.9.5.txt", run.out());
    assertThat(run.out()).contains("why ").contains("fix ");
  }

  @Test
  void aSequenceDiagramHasAnArrowForEachLeg() {
    CommandRun run =
        Manifest.run("trace", "zookeeper.yaml", "--istio 1.9.5" + ELECTION + "-o mermaid");

    assertThat(run.out()).startsWith("sequenceDiagram\n");
    assertThat(run.out().lines().filter(line -> line.contains(": ") && line.contains("p")))
        .anyMatch(line -> line.contains("->>"))
        .anyMatch(line -> line.contains("-x"));
  }

  @Test
  void aBatchAnswersEachLineAndNamesTheBadOnes() {
    String good = "{\"from\":\"sleep\",\"to\":\"my-release-zookeeper:2181\"}\n";
    CommandRun run =
        CommandRun.withInput(
            good + "{\"from\":\"sleep\"}\n" + "nonsense\n" + good,
            ("trace " + Manifest.options("zookeeper.yaml") + "--istio none --batch -").split(" "));

    List<String> lines = run.out().lines().toList();
    assertThat(run.code()).isEqualTo(64);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("\"outcome\":\"DELIVERED\"");
    assertThat(lines.get(1)).startsWith("{\"error\":").contains("<stdin>:2");
    assertThat(lines.get(2)).startsWith("{\"error\":").contains("<stdin>:3");
    assertThat(lines.get(3)).contains("\"outcome\":\"DELIVERED\"");
  }

  @Test
  void aManifestThatIsNotModelledLeavesTheOutcomeOpen() {
    CommandRun run =
        CommandRun.withInput(
            "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: deny}\n",
            ("trace "
                    + Manifest.options("zookeeper.yaml")
                    + "-f - --istio none -o json"
                    + ELECTION.stripTrailing())
                .split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).contains("\"outcome\": \"UNKNOWN\"").contains("\"NOT_MODELLED\"");
    assertThat(run.err()).contains("CiliumNetworkPolicy");
  }

  /** Marks of TPROXY lead to another route since 1.27.4 and 1.28.1 (their release notes). */
  @ParameterizedTest
  @CsvSource({
    "1.26.0, TPROXY, 0, false",
    "1.27.0, REDIRECT, 0, true",
    "1.27.0, TPROXY, 2, true",
    "1.27.4, TPROXY, 0, true",
    "1.28.0, TPROXY, 2, true",
    "1.30.0, TPROXY, 0, true"
  })
  void rulesOfNftAreNotTakenForThoseOfIptablesInSilence(
      String version, String mode, int code, boolean told) {
    String mesh =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio-sidecar-injector, namespace: istio-system}
        data: {values: '{"global": {"nativeNftables": true}}'}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio, namespace: istio-system}
        data: {mesh: 'defaultConfig: {interceptionMode: %s}'}
        """
            .formatted(mode);
    CommandRun run =
        CommandRun.withInput(
            mesh,
            ("trace "
                    + Manifest.options("zookeeper.yaml")
                    + "-f - -o json --istio "
                    + version
                    + ELECTION.stripTrailing())
                .split(" "));

    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err().contains("native nftables")).isEqualTo(told);
    assertThat(run.out().contains("\"NOT_MODELLED\"")).isEqualTo(code == 2);
  }

  @Test
  void whoAndWhereMustExist() {
    for (String wrong :
        List.of(
            "--from nobody --to my-release-zookeeper-1:3888",
            "--from sleep/nobody --to my-release-zookeeper-1:3888",
            "--from sleep --to nowhere.example:80",
            "--from sleep --to my-release-zookeeper-1:99999",
            "--from sleep --to my-release-zookeeper-1",
            "--from sleep --to my-release-zookeeper-1:80 --bytes hex:0",
            "--from sleep --to my-release-zookeeper-1:80 --uid root",
            "--from sleep --to my-release-zookeeper-1:80 --uid -1",
            "--from sleep --to my-release-zookeeper-1:80 --gid 4294967295",
            "--from sleep")) {
      BadInputTest.assertOneLine(Manifest.run("trace", "zookeeper.yaml", "--istio none " + wrong));
    }
  }

  private static List<String> texts(JsonObject story) {
    return story.objects("steps").stream().map(step -> step.string("text", "")).toList();
  }
}
