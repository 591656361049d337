package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ensembles that are set up otherwise than the chart's; real servers come to the same. */
class EnsembleKindsTest {

  private static JsonObject quorum(String manifest, String options) {
    CommandRun run = Manifest.run("quorum", manifest, "-o json " + options);
    return (JsonObject) JsonReader.read(run.out(), "stdout");
  }

  private static List<String> roles(JsonObject answer) {
    return answer.objects("members").stream()
        .map(member -> member.string("role").orElse("-"))
        .collect(Collectors.toList());
  }

  /** A server bound to every address is reached on 127.0.0.1, too. */
  @ParameterizedTest
  @CsvSource({"none", "1.9.5", "1.10.0"})
  void theWildcardInTheOwnLineFormsBehindAnySidecar(String version) {
    JsonObject answer = quorum("self-wildcard.yaml", "--istio " + version);

    assertThat(answer.bool("formed")).as(answer.pretty()).contains(true);
    assertThat(roles(answer)).containsOnlyOnce("leader").doesNotContain("-");
  }

  @Test
  void observersServeAndNeverLead() {
    JsonObject answer = quorum("observers.yaml", "--istio 1.10.0");

    assertThat(answer.bool("formed")).as(answer.pretty()).contains(true);
    assertThat(roles(answer).subList(3, 5)).containsExactly("observer", "observer");
    assertThat(quorum("observers.yaml", "--istio 1.9.5").bool("formed")).contains(false);
  }

  /** Of the groups 1,2 and 3,4 and 5 two must agree; the fourth server has no weight. */
  @Test
  void groupsDecideByTheirWeight() {
    String loopback = " --pod my-release-zookeeper-%d=1.9.5";

    JsonObject all = quorum("groups.yaml", "--istio 1.10.0");
    assertThat(all.bool("formed")).as(all.pretty()).contains(true);
    assertThat(roles(all).get(3)).isEqualTo("follower");

    // The third and the fifth are two groups, though only two of five servers; the third is
    // reached.
    JsonObject two =
        quorum(
            "groups.yaml",
            "--istio 1.10.0"
                + loopback.formatted(0)
                + loopback.formatted(1)
                + loopback.formatted(3));
    assertThat(two.bool("formed")).as(two.pretty()).contains(true);
    assertThat(two.string("leader")).contains("my-release-zookeeper-4");
  }
}
