package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures by {@code quorum --fault}: how long nobody serves, as real ensembles showed it. */
class FaultTest {

  /** Bounds: syncLimit 10 s less a ping and more an election; a kill is seen at once. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "kill=leader@60, 100, 1000",
    "kill-for-good=leader@60, 100, 1000",
    "delete=my-release-zookeeper-2@60, 100, 1000",
    "cut=leader@60-90, 9000, 13000",
    "mute=leader@60-90, 9000, 13000",
    "node-down=leader@60-90, 9000, 13000",
    "node-down=node-1@60-90, 30001, 40000",
    "partition=my-release-zookeeper-0+my-release-zookeeper-2@60-90, 0, 0",
    "delay=leader:50ms@60-90, 0, 0",
    "loss=leader:0%@60-90, 0, 0",
  })
  void servesAgain(String fault, long least, long most) {
    CommandRun run = quorum("--istio none --fault " + fault + " --until 120 -o json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonObject answer = (JsonObject) JsonReader.read(run.out(), "stdout");
    assertThat(answer.objects("faults").get(0).integer("servesAgainAfterMs"))
        .hasValueSatisfying(ms -> assertThat((long) ms).isBetween(least, most));
  }

  @Test
  void withBothFollowersDeadNobodyServes() {
    CommandRun run =
        quorum(
            "--istio none --until 90 --fault kill-for-good=my-release-zookeeper-0@60"
                + " --fault kill-for-good=my-release-zookeeper-1@60 --seeds 1-2");

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out()).contains("never");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "leader@60",
        "burn=leader@60",
        "loss=leader@60",
        "delay=leader:5@60",
        "cut=leader:5ms@60",
        "cut=leader@90-60",
        "partition=leader@60",
        "delete=leader@60-90",
        "cut=nobody@60",
        "kill-proxy=leader@60",
        "cut=leader@500",
        "cut=leader@0"
      })
  void badInputIsNamed(String fault) {
    BadInputTest.assertOneLine(quorum("--istio none --fault " + fault));
  }

  private static CommandRun quorum(String options) {
    return Manifest.run("quorum", "zookeeper.yaml", options);
  }
}
