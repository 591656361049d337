package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What users reported fails as they said, and works with what they found. */
class GitHubIssuesTest {

  private static final String FOLDER = "src/main/resources/manifests";

  private static final Pattern WORD = Pattern.compile("\\$'([^']*)'|\\S+");

  private static final GitHubIssues ISSUES = GitHubIssues.read();

  private static final Map<String, String> ANSWERS = new LinkedHashMap<>();

  /** What a command comes to; each is run once. */
  private static String answer(String command) {
    return ANSWERS.computeIfAbsent(command, GitHubIssuesTest::run);
  }

  private static String run(String command) {
    CommandRun run = CommandRun.of(words(command.replace("$M", FOLDER) + " -o json"));
    JsonObject answer = (JsonObject) JsonReader.read(run.out(), "stdout");
    return command.startsWith("quorum")
        ? "quorum " + (answer.bool("formed").orElse(false) ? "yes" : "no")
        : connection(answer);
  }

  /** As a shell splits a line in which a word may stand in $'…'. */
  private static String[] words(String line) {
    return WORD.matcher(line)
        .results()
        .map(
            word ->
                word.group(1) == null
                    ? word.group()
                    : word.group(1).replace("\\r", "\r").replace("\\n", "\n"))
        .toArray(String[]::new);
  }

  private static String connection(JsonObject answer) {
    String outcome = answer.string("outcome", "");
    if (!outcome.equals("DELIVERED")) {
      String status = answer.string("seenByCaller", "").replaceFirst(".*HTTP status|.*", "");
      return (outcome + status + " " + answer.string("cause", "").replaceFirst("^HTTP_.*", ""))
          .strip();
    }
    String peer = answer.string("peerSeenByApp", "").replaceFirst(":\\d+$", "");
    return "DELIVERED to "
        + answer.string("deliveredTo", "").replaceFirst("\\..*| .*", "")
        + " from "
        + podOf(answer, peer);
  }

  /** The name of the pod that dialled from this address first, else the address. */
  private static String podOf(JsonObject answer, String address) {
    return answer.objects("steps").stream()
        .filter(step -> step.string("code", "").equals("DIALLED"))
        .limit(1)
        .filter(step -> step.string("text", "").contains(" " + address + ":"))
        .map(step -> step.string("subject", "").replaceFirst("\\..*", ""))
        .findFirst()
        .orElse(address);
  }

  @TestFactory
  Stream<DynamicTest> reports() {
    return ISSUES.reports().stream()
        .flatMap(report -> Stream.concat(report.before().stream(), report.after().stream()))
        .distinct()
        .map(
            step ->
                DynamicTest.dynamicTest(
                    step.command(),
                    () -> assertThat(told(answer(step.command()))).contains(step.expected())));
  }

  /** What is said of a delivery in either order. */
  private static String told(String answer) {
    return answer + "; " + answer.replaceFirst(" to \\S+", "");
  }

  @Test
  void theDocumentListsThemAll() {
    StringBuilder page =
        new StringBuilder(
            """
            # Reports on GitHub

            What users reported of StatefulSets, headless Services and addresses behind sidecars, as
            scenarios: how it failed, what made it work. Numbers are of istio/istio where no other
            repository is named. Each command can be run as it stands (`sidecar-sim` is
            `java -jar sim-examples/target/sidecar-sim.jar`, and
            `M=sim-examples/src/main/resources/manifests`); what it comes to stands beside it, as a
            test has seen it. `mvn test -Dsidecarsim.golden=rewrite` writes this page.
            """);
    ISSUES.reports().forEach(report -> page.append(section(report)));
    page.append("\n## Left out\n\n| Reports | Why |\n|---|---|\n");
    ISSUES
        .leftOut()
        .forEach(left -> page.append("| %s | %s |\n".formatted(left.numbers(), left.why())));
    Golden.document("github-issues.md", page.toString());
  }

  private static String section(GitHubIssues.Report report) {
    return "\n## %s\n\n%s\n\n%s\nCure: %s\n\n%s"
        .formatted(
            report.numbers(),
            report.what(),
            table("Before", report.before()),
            report.cure(),
            table("After", report.after()));
  }

  private static String table(String head, List<GitHubIssues.Step> steps) {
    return steps.stream()
        .map(
            step -> "| `sidecar-sim %s` | %s |\n".formatted(step.command(), answer(step.command())))
        .collect(Collectors.joining("", "| " + head + " | Outcome |\n|---|---|\n", ""));
  }
}
