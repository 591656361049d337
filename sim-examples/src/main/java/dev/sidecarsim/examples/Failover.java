package dev.sidecarsim.examples;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.TextTable;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a kill costs: for each seed, how long nobody leads a serving majority.
 *
 * @param runs one for each seed
 */
record Failover(FaultSpec kill, List<Trial> runs) {

  /** The width of a row of the table, in seconds. */
  private static final int BUCKET = 5;

  private static final int NO_BREAK = -1;
  private static final int NEVER = Integer.MAX_VALUE;
  private static final int NOBODY = Integer.MAX_VALUE - 1;

  static Failover run(
      Experiment experiment, Optional<String> app, FaultSpec kill, int until, SeedRange seeds) {
    return new Failover(kill, Trial.all(experiment, app, List.of(kill), until, seeds));
  }

  Trial last() {
    return runs.get(runs.size() - 1);
  }

  boolean servedAgain() {
    return runs.stream().allMatch(run -> millis(run).isPresent());
  }

  JsonObject json() {
    return FormationText.json(last().course().report())
        .put("kill", kill.toString())
        .put("seeds", Json.array(runs.stream().map(run -> Json.of(run.seed())).toList()))
        .put(
            "failoverMs",
            Json.array(runs.stream().map(Failover::millis).map(FormationText::number).toList()))
        .build();
  }

  private static OptionalLong millis(Trial run) {
    return run.course().outages().get(0).servesAgainAfterMillis();
  }

  String text() {
    StringBuilder out = new StringBuilder("Time without service after --kill " + kill + "\n\n");
    TextTable table = TextTable.of("SECONDS", "RUNS", "");
    buckets().forEach((from, count) -> table.row(label(from), "" + count, "#".repeat(count)));
    return out.append(table.print()).append('\n').append(summary()).toString();
  }

  private static String label(int from) {
    return switch (from) {
      case NO_BREAK -> "no break";
      case NEVER -> "never";
      case NOBODY -> FaultReport.NOBODY;
      default -> from + "-" + (from + BUCKET);
    };
  }

  private Map<Integer, Integer> buckets() {
    Map<Integer, Integer> buckets = new TreeMap<>();
    for (Trial run : runs) {
      buckets.merge(bucket(run), 1, Integer::sum);
    }
    return buckets;
  }

  private static int bucket(Trial run) {
    OptionalLong millis = millis(run);
    if (millis.isEmpty()) {
      return run.happened() ? NEVER : NOBODY;
    }
    return millis.getAsLong() == 0 ? NO_BREAK : (int) (millis.getAsLong() / 1000 / BUCKET) * BUCKET;
  }

  private String summary() {
    List<Long> sorted =
        runs.stream().flatMapToLong(run -> millis(run).stream()).sorted().boxed().toList();
    if (sorted.isEmpty()) {
      return "It served again in none of " + runs.size() + " runs.\n";
    }
    return "shortest %s, median %s, longest %s; %d of %d runs served again\n"
        .formatted(
            FormationText.seconds(Durations.millis(sorted.get(0))),
            FormationText.seconds(Durations.millis(sorted.get(sorted.size() / 2))),
            FormationText.seconds(Durations.millis(sorted.get(sorted.size() - 1))),
            sorted.size(),
            runs.size());
  }
}
