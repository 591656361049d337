package dev.sidecarsim.realzookeeper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Real servers beside the model.
 *
 * @param real what came of the servers
 * @param model what came of each of the model's runs
 */
record Comparison(
    Scenario scenario, Release release, Ensemble.Course real, List<Ensemble.Course> model) {

  /**
   * Runs everything, some ensembles at a time.
   *
   * @param folder for what the servers write
   */
  static List<Comparison> of(
      List<Scenario> scenarios, List<Release> releases, Path folder, Effort effort)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(effort.atOnce());
    try {
      List<Future<Comparison>> runs = new ArrayList<>();
      for (Scenario scenario : scenarios) {
        for (Release release : releases) {
          Path own = folder.resolve(release.version()).resolve(scenario.name() + runs.size());
          runs.add(threads.submit(() -> compare(scenario, release, own, effort)));
        }
      }
      List<Comparison> rows = new ArrayList<>();
      for (Future<Comparison> run : runs) {
        rows.add(run.get());
      }
      return rows;
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * How much is run.
   *
   * @param seconds of each run, from the first server's start
   * @param seeds of the model
   * @param atOnce ensembles at a time
   */
  record Effort(int seconds, int seeds, int atOnce) {}

  private static Comparison compare(Scenario scenario, Release release, Path folder, Effort effort)
      throws InterruptedException {
    Ensemble.Course real = RealRun.run(scenario, release, folder, effort.seconds());
    return new Comparison(
        scenario, release, real, ModelRuns.courses(scenario, release, real.steps(), effort));
  }

  boolean agrees() {
    return model.stream().anyMatch(course -> course.steps().equals(real.steps()));
  }

  /** What the model comes to, and in how many of its runs. */
  private Map<String, Integer> outcomes() {
    Map<String, Integer> outcomes = new LinkedHashMap<>();
    model.forEach(course -> outcomes.merge(course.toString(), 1, Integer::sum));
    return outcomes;
  }

  static String table(List<Comparison> rows) {
    StringBuilder table = new StringBuilder();
    String format = "%-12s %-8s %-13s %-8s %s%n";
    table.append(String.format(format, "SCENARIO", "RELEASE", "REAL", "", "MODEL"));
    for (Comparison row : rows) {
      table.append(
          String.format(
              format,
              row.scenario.name(),
              row.release.version(),
              row.real + time(row.real),
              row.agrees() ? "agrees" : "DIFFERS",
              row.outcomes().entrySet().stream()
                      .map(entry -> entry.getKey() + " x" + entry.getValue())
                      .collect(Collectors.joining(", "))
                  + row.model.stream().map(Comparison::time).collect(Collectors.joining())));
    }
    rows.stream().filter(row -> !row.agrees()).forEach(row -> table.append(row.difference()));
    return table.toString();
  }

  /** How long it did not serve, for the eye: real time and load differ from run to run. */
  private static String time(Ensemble.Course course) {
    OptionalLong millis = course.recovery();
    return millis.isPresent()
        ? String.format(Locale.ROOT, " %.2fs", millis.getAsLong() / 1000.0)
        : "";
  }

  private static List<List<String>> answers(Ensemble.Course course) {
    return course.steps().stream().map(Outcome::answers).toList();
  }

  /** What was answered, for the eye. */
  private String difference() {
    StringBuilder text = new StringBuilder();
    text.append(scenario.name() + " " + release.version() + " real: " + answers(real) + "\n");
    model.stream()
        .map(Comparison::answers)
        .distinct()
        .forEach(answers -> text.append("  model: " + answers + "\n"));
    return text.toString();
  }
}
