package dev.sidecarsim.examples;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.YamlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What users reported to istio/istio and to charts, as scenarios: how it failed, what made it work.
 *
 * @param leftOut reports that are no scenario
 */
record GitHubIssues(List<Report> reports, List<LeftOut> leftOut) {

  private static final Path FILE = Path.of("src", "test", "resources", "github-issues.yaml");

  /**
   * A command without the word {@code sidecar-sim}, and what it comes to: an outcome, a cause,
   * {@code DELIVERED} with what is said of it, or whether there is a quorum.
   */
  record Step(String command, String expected) {}

  /**
   * Reports of one failure.
   *
   * @param numbers as they are cited; of istio/istio where no other repository is named
   * @param cure what made it work; none where it works as intended
   * @param after the steps with the cure
   */
  record Report(String numbers, String what, List<Step> before, String cure, List<Step> after) {}

  /** Reports that are no scenario, and why. */
  record LeftOut(String numbers, String why) {}

  static GitHubIssues read() {
    try {
      String text = Files.readString(FILE);
      JsonObject tree = (JsonObject) YamlText.read(text, FILE.toString()).get(0);
      return new GitHubIssues(
          tree.objects("reports").stream().map(GitHubIssues::report).toList(),
          tree.objects("leftOut").stream()
              .map(left -> new LeftOut(word(left, "numbers"), word(left, "why")))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Report report(JsonObject tree) {
    return new Report(
        word(tree, "numbers"),
        word(tree, "what"),
        steps(tree, "before"),
        word(tree, "cure"),
        steps(tree, "after"));
  }

  private static List<Step> steps(JsonObject report, String name) {
    return report.objects(name).stream()
        .map(step -> new Step(word(step, "run"), word(step, "comes")))
        .toList();
  }

  private static String word(JsonObject tree, String name) {
    return tree.string(name).orElseThrow();
  }
}
