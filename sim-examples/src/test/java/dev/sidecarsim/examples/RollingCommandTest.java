package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A rolling upgrade of the mesh under three ZooKeeper servers. What must come of each step follows
 * from its mix of sidecars, as in {@link MixedVersionsTest}, and from a quorum being two of three.
 */
class RollingCommandTest {

  private static final String POD = "my-release-zookeeper-";

  private static CommandRun rolling(String options) {
    return Manifest.run("rolling", "zookeeper.yaml", options);
  }

  private static List<JsonObject> steps(CommandRun run) {
    return ((JsonObject) JsonReader.read(run.out(), "stdout")).objects("steps");
  }

  private static List<String> versions(JsonObject step) {
    JsonObject versions = (JsonObject) step.get("versions").orElseThrow();
    return versions.members().keySet().stream().map(pod -> versions.string(pod, "")).toList();
  }

  @Test
  void theQuorumComesWithTheSecondPodThatIsCalledOnItsAddress() {
    CommandRun run = rolling("--from 1.9.5 --to 1.10.0 -o json");

    List<JsonObject> steps = steps(run);
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(steps)
        .extracting(step -> step.string("restarted"))
        .containsExactly(
            Optional.empty(), Optional.of(POD + 2), Optional.of(POD + 1), Optional.of(POD + 0));
    assertThat(steps)
        .extracting(RollingCommandTest::versions)
        .containsExactly(
            List.of("1.9.5", "1.9.5", "1.9.5"),
            List.of("1.9.5", "1.9.5", "1.10.0"),
            List.of("1.9.5", "1.10.0", "1.10.0"),
            List.of("1.10.0", "1.10.0", "1.10.0"));
    assertThat(steps)
        .extracting(step -> step.bool("formed").orElseThrow())
        .containsExactly(false, false, true, true);
    assertThat(steps.get(1).get("servedAgainMs")).isEmpty();
    assertThat(steps.get(1).strings("reasons")).isNotEmpty();
    // Nobody can call 3888 of the one that is left: it looks on while the others serve.
    JsonObject left = steps.get(2).objects("members").get(0);
    assertThat(left.string("state")).contains("LOOKING");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "--from none --to none",
        "--from none --to 1.10.0",
        "--from 1.10.0 --to 1.11",
        "--from 1.10.0 --to 1.11 --order 0,1,2"
      })
  void onlyTheLeadersRestartLeavesServersThatCanAllBeCalledWithoutService(String options) {
    CommandRun run = rolling(options + " -o json");

    assertThat(run.code()).as(run.err()).isZero();
    List<JsonObject> steps = steps(run);
    assertThat(steps).hasSize(4);
    for (int i = 1; i < steps.size(); i++) {
      JsonObject step = steps.get(i);
      boolean led = step.string("restarted").equals(steps.get(i - 1).string("leader"));
      long outage = step.integer("outageMs").orElseThrow();
      assertThat(outage > 0).as(step.pretty()).isEqualTo(led);
      assertThat(step.objects("members"))
          .allSatisfy(member -> assertThat(member.bool("serving")).contains(true));
    }
  }

  @Test
  void theOrderIsTheOneThatIsAskedFor() {
    CommandRun run = rolling("--from none --to 1.10.0 --order 1,0,2 --wait 20 -o json");

    assertThat(steps(run))
        .extracting(RollingCommandTest::versions)
        .containsExactly(
            List.of("none", "none", "none"),
            List.of("none", "1.10.0", "none"),
            List.of("1.10.0", "1.10.0", "none"),
            List.of("1.10.0", "1.10.0", "1.10.0"));
  }

  /** Kubernetes' controller updates no pod of an OrderedReady set before all are Ready. */
  @Test
  void theControllerWaitsForPodsThatAreNotReady() {
    CommandRun run = Manifest.run("rolling", "cassandra.yaml", "--from 1.9.5 --to 1.10.0 -o json");

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    JsonObject answer = (JsonObject) JsonReader.read(run.out(), "stdout");
    assertThat(answer.string("stuckAt")).contains("my-release-cassandra-2");
    assertThat(answer.objects("steps")).hasSize(1);
  }

  /** Cassandra's nodes join one after the other, each with a delay of 30 s (RING_DELAY). */
  @Test
  void theFirstRestartWaitsForTheLastPodToJoin() {
    CommandRun run = Manifest.run("rolling", "cassandra.yaml", "--from none --to 1.10.0 -o json");

    assertThat(run.code()).as(run.err()).isZero();
    List<JsonObject> steps = steps(run);
    assertThat(steps).hasSize(4);
    assertThat(steps.get(0).integer("tookMs").orElseThrow()).isGreaterThan(60_000);
    assertThat(steps)
        .extracting(RollingCommandTest::versions)
        .containsExactly(
            List.of("none", "none", "none"),
            List.of("none", "none", "1.10.0"),
            List.of("none", "1.10.0", "1.10.0"),
            List.of("1.10.0", "1.10.0", "1.10.0"));
    assertThat(steps).allSatisfy(step -> assertThat(step.strings("ready")).hasSize(3));
  }

  /**
   * Once two of three are behind sidecars, a leader's restart races: one seed takes as long as an
   * election, another until the pod that is made anew is the second of a quorum.
   */
  @Test
  void seedsShowWhatARaceEndsIn() {
    CommandRun run = rolling("--from none --to 1.10.0 --seeds 1-8 -o json");

    JsonObject answer = (JsonObject) JsonReader.read(run.out(), "stdout");
    assertThat(answer.objects("runs"))
        .hasSize(8)
        .allSatisfy(each -> assertThat(each.objects("steps")).hasSize(4))
        .extracting(each -> each.objects("steps").get(3).integer("outageMs").orElseThrow())
        .anyMatch(millis -> millis < 1000)
        .anyMatch(millis -> millis > 4000);
    assertThat(rolling("--from none --to 1.10.0 --seeds 1-2").out()).contains("SEED", "START");
  }

  @Test
  void peopleReadATable() {
    CommandRun run = rolling("--from 1.9.5 --to 1.10.0");

    assertThat(run.out()).contains("RESTARTED", "1.9.5 LOOKING", "never", "Why, after " + POD + 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--to 1.10.0 --order 2,1",
        "--to 1.10.0 --order 2,1,1",
        "--to 1.10.0 --order 3,1,0",
        "--to 1.10.0 --order -1,1,0",
        "--to 1.10.0 --order first",
        "--to 1.10.0 --wait 0",
        "--to 1.10.0 --seeds 3-1",
        "--to 1.10.0 --app nobody",
        "--to 1.6",
        "--seed 2"
      })
  void badInput(String options) {
    BadInputTest.assertOneLine(rolling("--from 1.9.5 " + options));
  }
}
