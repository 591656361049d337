package dev.sidecarsim.examples;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.TextTable;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The answer of {@code quorum --fault}.
 *
 * @param runs one for each seed
 * @param bySeed whether seeds were asked for, so that each has its row
 */
record FaultReport(List<Trial> runs, boolean bySeed) {

  Trial last() {
    return runs.get(runs.size() - 1);
  }

  boolean allServe() {
    return runs.stream().allMatch(run -> run.report().formed());
  }

  /** The state at the end and the times; by seeds, the state is that of the last one. */
  JsonObject json() {
    JsonObject.Builder json = FormationText.json(last().report());
    times(json, last());
    if (bySeed) {
      json.put("runs", Json.array(runs.stream().map(FaultReport::run).toList()));
    }
    return json.build();
  }

  private static Json run(Trial run) {
    JsonObject.Builder json =
        Json.object().put("seed", run.seed()).put("formed", run.report().formed());
    times(json, run);
    return json.build();
  }

  private static void times(JsonObject.Builder json, Trial run) {
    json.put("firstFormedAtMs", FormationText.number(millis(run.firstFormed())))
        .put("faults", Json.array(run.outages().stream().map(FaultReport::fault).toList()));
  }

  private static Json fault(Outage outage) {
    return Json.object()
        .put("fault", outage.fault().toString())
        .put("at", outage.fault().from())
        .put("victim", outage.victim())
        .put("stoppedAfterMs", FormationText.number(outage.stoppedAfterMillis()))
        .put("servesAgainAfterMs", FormationText.number(outage.servesAgainAfterMillis()))
        .put("allServeAfterMs", FormationText.number(outage.allServeAfterMillis()))
        .build();
  }

  private static OptionalLong millis(OptionalLong nanos) {
    return nanos.isPresent()
        ? OptionalLong.of(Durations.toMillis(nanos.getAsLong()))
        : OptionalLong.empty();
  }

  String text() {
    return bySeed ? table() : FormationText.text(last().report()) + "\n" + outages();
  }

  private String outages() {
    TextTable table =
        TextTable.of("FAULT", "VICTIM", "STOPPED AFTER", "SERVES AGAIN AFTER", "ALL SERVE AFTER");
    for (Outage outage : last().outages()) {
      table.row(
          outage.fault().toString(),
          outage.victim(),
          seconds(outage.stoppedAfterMillis()),
          after(outage),
          seconds(outage.allServeAfterMillis()));
    }
    return "Served first at " + first(last()) + "\n\n" + table.print();
  }

  private String table() {
    List<String> header = new ArrayList<>(List.of("SEED", "SERVED FIRST"));
    last().outages().forEach(outage -> header.add(outage.fault() + " AFTER"));
    header.add("SERVES AT END");
    TextTable table = TextTable.of(header.toArray(String[]::new));
    for (Trial run : runs) {
      List<String> row = new ArrayList<>(List.of(Long.toString(run.seed()), first(run)));
      run.outages().forEach(outage -> row.add(after(outage)));
      row.add(run.report().formed() ? "yes" : "no");
      table.row(row.toArray(String[]::new));
    }
    return "Time until it serves again after each fault\n\n" + table.print();
  }

  private static String seconds(OptionalLong millis) {
    return millis.isPresent() ? FormationText.seconds(Durations.millis(millis.getAsLong())) : "-";
  }

  private static String first(Trial run) {
    OptionalLong at = run.firstFormed();
    return at.isPresent() ? FormationText.seconds(at.getAsLong()) : "never";
  }

  private static String after(Outage outage) {
    OptionalLong millis = outage.servesAgainAfterMillis();
    if (millis.isEmpty()) {
      return "never";
    }
    return millis.getAsLong() == 0 ? "no break" : seconds(millis);
  }
}
