package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pods of one ensemble behind sidecars of different versions, one letter a pod: L passes calls to
 * 127.0.0.1 (1.9.5), P to the pod's address (1.10.0).
 *
 * <p>What must come of a mix follows from ZooKeeper's protocol: two servers are linked if the
 * larger can call 3888 of the smaller, so if the smaller is a P, and a leader is followed if it can
 * be called on 2888, so if it is a P.
 */
class MixedVersionsTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "LLL, false", // no link at all
    "LLP, false",
    "LPL, false", // the one link elects the third, whom nobody can follow
    "PLL, false",
    "LPP, true", // the first stays alone, the others are a majority
    "PLP, true", // the second hears of the third's election from the first
    "PPP, true",
    "LLLLL, false",
    "LLLPP, false", // one link makes two of five
    "LLPPP, true",
    "PPPPP, true",
  })
  void followsFromWhoCanCallWhom(String mix, boolean forms) {
    JsonObject answer = quorum(mix, 1);

    assertThat(answer.bool("formed")).as(answer.pretty()).contains(forms);
    answer
        .string("leader")
        .ifPresent(leader -> assertThat(mix.charAt(ordinal(leader))).isEqualTo('P'));
  }

  private static int ordinal(String pod) {
    return Integer.parseInt(pod.substring(pod.lastIndexOf('-') + 1));
  }

  @Test
  void aMajorityServesWhileOneServerLooksOnForEver() {
    JsonObject first = quorum("LPP", 1).objects("members").get(0);

    assertThat(first.string("state")).contains("LOOKING");
    assertThat(first.bool("serving")).contains(false);
  }

  @Test
  void aServerThatNobodyCanFollowMayBeElectedFirstAndCostInitLimit() {
    List<Long> times = new ArrayList<>();
    for (int seed = 1; seed <= 8; seed++) {
      JsonObject answer = quorum("PPL", seed);
      assertThat(answer.bool("formed")).as(answer.pretty()).contains(true);
      assertThat(answer.string("leader")).contains("my-release-zookeeper-1");
      answer.objects("members").get(1).integer("servingAtMs").ifPresent(times::add);
    }
    // The third wins every race that it takes part in; the second serves once it gave up, or where
    // the others agree before they hear of the third again.
    assertThat(times).anyMatch(ms -> ms > 20_000).anyMatch(ms -> ms < 10_000);
  }

  private static JsonObject quorum(String mix, int seed) {
    StringBuilder options = new StringBuilder("--istio 1.10.0 -o json --seed " + seed);
    for (int pod = 0; pod < mix.length(); pod++) {
      options.append(" --pod my-release-zookeeper-").append(pod).append('=');
      options.append(mix.charAt(pod) == 'L' ? "1.9.5" : "1.10.0");
    }
    String manifest = mix.length() == 5 ? "five.yaml" : "zookeeper.yaml";
    CommandRun run = Manifest.run("quorum", manifest, options.toString());
    return (JsonObject) JsonReader.read(run.out(), "stdout");
  }
}
