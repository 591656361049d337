package dev.sidecarsim.examples;

import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.TextTable;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a kill costs: for each seed, how long nobody leads a serving majority.
 *
 * @param runs one for each seed
 * @param lastWorld the run of the last seed
 */
record Failover(Kill kill, List<Run> runs, World lastWorld) {

  /** How often the ensemble is looked at, in nanoseconds. */
  private static final long GLANCE = Durations.millis(1);

  /** The width of a row of the table, in seconds. */
  private static final int BUCKET = 5;

  /**
   * The run of one seed.
   *
   * @param victim the pod whose process was killed
   * @param millis from the kill until a majority serves under a leader again; empty if it never did
   * @param report the state at the end
   */
  record Run(long seed, String victim, OptionalLong millis, FormationReport report) {}

  static Failover run(
      Experiment experiment, Optional<String> app, Kill kill, int until, SeedRange seeds) {
    List<Run> runs = new ArrayList<>();
    World world = null;
    for (long seed = seeds.first(); seed <= seeds.last(); seed++) {
      world = experiment.start(seed);
      runs.add(run(world, world.application(app), kill, until, seed));
    }
    return new Failover(kill, runs, Objects.requireNonNull(world));
  }

  private static Run run(World world, ClusteredApp app, Kill kill, int until, long seed) {
    world.runUntil(kill.seconds());
    String victim = kill.victim().equals(Kill.LEADER) ? leader(app, kill, seed) : kill.victim();
    long killed = world.now();
    world.kill(victim);
    OptionalLong back = OptionalLong.empty();
    long end = Durations.seconds(until);
    while (world.now() < end && back.isEmpty()) {
      world.runFor(GLANCE);
      if (servesAnew(app.report(), killed)) {
        back = OptionalLong.of(Durations.toMillis(world.now() - killed));
      }
    }
    world.runUntil(until);
    return new Run(seed, victim, back, app.report());
  }

  private static String leader(ClusteredApp app, Kill kill, long seed) {
    return app.report()
        .leader()
        .orElseThrow(
            () ->
                new BadInput(
                    "--kill "
                        + kill
                        + ": nobody leads "
                        + app.name()
                        + " then, with seed "
                        + seed
                        + "; kill later, or name a pod"));
  }

  /** A majority serves, under a leader whose service began after the kill. */
  private static boolean servesAnew(FormationReport report, long killed) {
    return report.formed()
        && report.members().stream()
            .filter(member -> report.leader().equals(Optional.of(member.pod())))
            .anyMatch(member -> member.servingSince().orElse(0) > killed);
  }

  boolean servedAgain() {
    return runs.stream().allMatch(run -> run.millis().isPresent());
  }

  JsonObject json() {
    FormationReport last = runs.get(runs.size() - 1).report();
    return FormationText.json(last)
        .put("kill", kill.toString())
        .put("seeds", Json.array(runs.stream().map(run -> Json.of(run.seed())).toList()))
        .put("failoverMs", Json.array(runs.stream().map(Failover::millis).toList()))
        .build();
  }

  private static Json millis(Run run) {
    return run.millis().isPresent() ? Json.of(run.millis().getAsLong()) : Json.nothing();
  }

  String text() {
    StringBuilder out = new StringBuilder("Time without service after --kill " + kill + "\n\n");
    TextTable table = TextTable.of("SECONDS", "RUNS", "");
    buckets().forEach((from, count) -> table.row(label(from), "" + count, "#".repeat(count)));
    return out.append(table.print()).append('\n').append(summary()).toString();
  }

  private static String label(int from) {
    return from == Integer.MAX_VALUE ? "never" : from + "-" + (from + BUCKET);
  }

  private Map<Integer, Integer> buckets() {
    Map<Integer, Integer> buckets = new TreeMap<>();
    for (Run run : runs) {
      int bucket =
          run.millis().isPresent()
              ? (int) (run.millis().getAsLong() / 1000 / BUCKET) * BUCKET
              : Integer.MAX_VALUE;
      buckets.merge(bucket, 1, Integer::sum);
    }
    return buckets;
  }

  private String summary() {
    List<Long> sorted =
        runs.stream().flatMapToLong(run -> run.millis().stream()).sorted().boxed().toList();
    if (sorted.isEmpty()) {
      return "It never served again.\n";
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
