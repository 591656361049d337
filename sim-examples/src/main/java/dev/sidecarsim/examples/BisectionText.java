package dev.sidecarsim.examples;

import dev.sidecarsim.istio.version.IstioVersion;
import java.util.List;

/** The answer of {@code bisect} for people. */
final class BisectionText {

  /** More lines of a configuration than this tell nobody anything. */
  private static final int MOST_LINES = 8;

  private BisectionText() {}

  static String of(Bisection bisection) {
    StringBuilder out = new StringBuilder(head(bisection)).append('\n');
    bisection.changes().forEach(change -> out.append('\n').append(of(change)));
    return out.toString();
  }

  private static String head(Bisection bisection) {
    List<IstioVersion> releases = List.copyOf(bisection.asked().keySet());
    String span = releases.get(0) + " to " + releases.get(releases.size() - 1);
    int changes = bisection.changes().size();
    String found =
        switch (changes) {
          case 0 -> "no change: " + bisection.asked().values().iterator().next().text();
          case 1 -> "1 change";
          default -> changes + " changes";
        };
    return bisection.scenario().text() + ", Istio " + span + ": " + found;
  }

  private static String of(Bisection.Change change) {
    StringBuilder out = new StringBuilder();
    out.append(change.before()).append(" -> ").append(change.after()).append('\n');
    out.append("  was     ").append(change.was().text()).append('\n');
    out.append("  is      ").append(change.is().text()).append('\n');
    change.causes().forEach(choice -> out.append("  by      ").append(choice).append('\n'));
    out.append("          ").append(proof(change)).append('\n');
    change.config().stream()
        .limit(MOST_LINES)
        .forEach(line -> out.append("  config  ").append(line).append('\n'));
    int more = change.config().size() - MOST_LINES;
    if (more > 0) {
      out.append("          and ").append(more).append(" more\n");
    }
    change.step().ifPresent(step -> out.append("  ").append(step.text()).append('\n'));
    return out.toString();
  }

  private static String proof(Bisection.Change change) {
    if (change.causes().isEmpty()) {
      return "no choice of the two releases differs";
    }
    return change.alone()
        ? "(" + change.before() + " with this choice alone answers as " + change.after() + " does)"
        : "(only together: none of them does it alone)";
  }
}
