package dev.sidecarsim.examples;

import dev.sidecarsim.app.failure.Outage;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.TextTable;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The answer of {@code quorum --fault}.
 *
 * @param runs one for each seed
 * @param bySeed whether seeds were asked for, so that each has its row
 */
record FaultReport(List<Trial> runs, boolean bySeed) {

  /** What befell nobody: none led at that moment, or the pod was not there. */
  static final String NOBODY = "nobody there";

  Trial last() {
    return runs.get(runs.size() - 1);
  }

  boolean allServe() {
    return runs.stream().allMatch(run -> run.course().report().formed() && run.happened());
  }

  /** The state at the end and the times; by seeds, the state is that of the last one. */
  JsonObject json() {
    JsonObject.Builder json = FormationText.json(last().course().report());
    times(json, last());
    if (bySeed) {
      json.put("runs", Json.array(runs.stream().map(FaultReport::run).toList()));
    }
    return json.build();
  }

  private static Json run(Trial run) {
    JsonObject.Builder json =
        Json.object().put("seed", run.seed()).put("formed", run.course().report().formed());
    times(json, run);
    return json.build();
  }

  private static void times(JsonObject.Builder json, Trial run) {
    json.put("firstFormedAtMs", FormationText.number(millis(run.course().firstFormed())))
        .put("faults", Json.array(run.effects().stream().map(FaultReport::fault).toList()));
  }

  private static Json fault(Trial.Effect effect) {
    Outage outage = effect.outage();
    return Json.object()
        .put("fault", effect.fault().toString())
        .put("at", effect.fault().from())
        .put("victim", FormationText.orNull(victim(outage).map(Json::of)))
        .put("stoppedAfterMs", FormationText.number(outage.stoppedAfterMillis()))
        .put("servesAgainAfterMs", FormationText.number(outage.servesAgainAfterMillis()))
        .put("allServeAfterMs", FormationText.number(outage.allServeAfterMillis()))
        .build();
  }

  private static Optional<String> victim(Outage outage) {
    return outage.happened() ? Optional.of(String.join("+", outage.victims())) : Optional.empty();
  }

  private static OptionalLong millis(OptionalLong nanos) {
    return nanos.isPresent()
        ? OptionalLong.of(Durations.toMillis(nanos.getAsLong()))
        : OptionalLong.empty();
  }

  String text() {
    return bySeed ? table() : FormationText.text(last().course().report()) + "\n" + outages();
  }

  private String outages() {
    TextTable table =
        TextTable.of("FAULT", "VICTIM", "STOPPED AFTER", "SERVES AGAIN AFTER", "ALL SERVE AFTER");
    for (Trial.Effect effect : last().effects()) {
      Outage outage = effect.outage();
      table.row(
          effect.fault().toString(),
          victim(outage).orElse("nobody"),
          seconds(outage.stoppedAfterMillis()),
          after(outage),
          seconds(outage.allServeAfterMillis()));
    }
    return "Served first at " + first(last()) + "\n\n" + table.print();
  }

  private String table() {
    List<String> header = new ArrayList<>(List.of("SEED", "SERVED FIRST"));
    last().faults().forEach(fault -> header.add(fault + " AFTER"));
    header.add("SERVES AT END");
    TextTable table = TextTable.of(header.toArray(String[]::new));
    for (Trial run : runs) {
      List<String> row = new ArrayList<>(List.of(Long.toString(run.seed()), first(run)));
      run.course().outages().forEach(outage -> row.add(after(outage)));
      row.add(run.course().report().formed() ? "yes" : "no");
      table.row(row.toArray(String[]::new));
    }
    return "Time until it serves again after each fault\n\n" + table.print() + "\n" + spread();
  }

  /** How the times of all runs lie, for each fault. */
  private String spread() {
    TextTable table = TextTable.of("FAULT", "", "RUNS", "SHORTEST", "MEDIAN", "LONGEST");
    for (int i = 0; i < last().faults().size(); i++) {
      int index = i;
      String fault = last().faults().get(i).toString();
      spread(table, fault, "serves again", index, Outage::servesAgainAfterMillis);
      spread(table, "", "all serve", index, Outage::allServeAfterMillis);
    }
    return table.print();
  }

  private void spread(
      TextTable table,
      String fault,
      String what,
      int index,
      Function<Outage, OptionalLong> millis) {
    long[] sorted =
        runs.stream()
            .map(run -> millis.apply(run.course().outages().get(index)))
            .flatMapToLong(OptionalLong::stream)
            .filter(time -> time > 0)
            .sorted()
            .toArray();
    OptionalLong none = OptionalLong.empty();
    boolean some = sorted.length > 0;
    table.row(
        fault,
        what,
        sorted.length + " of " + runs.size(),
        seconds(some ? OptionalLong.of(sorted[0]) : none),
        seconds(some ? OptionalLong.of(sorted[sorted.length / 2]) : none),
        seconds(some ? OptionalLong.of(sorted[sorted.length - 1]) : none));
  }

  private static String seconds(OptionalLong millis) {
    return millis.isPresent() ? FormationText.seconds(Durations.millis(millis.getAsLong())) : "-";
  }

  private static String first(Trial run) {
    OptionalLong at = run.course().firstFormed();
    return at.isPresent() ? FormationText.seconds(at.getAsLong()) : "never";
  }

  private static String after(Outage outage) {
    OptionalLong millis = outage.servesAgainAfterMillis();
    if (millis.isEmpty()) {
      return outage.happened() ? "never" : NOBODY;
    }
    return millis.getAsLong() == 0 ? "no break" : seconds(millis);
  }
}
