package dev.sidecarsim.examples;

import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.istio.version.IstioVersion;
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
 * The answer of {@code rolling}.
 *
 * @param rollouts one for each seed
 */
record RolloutText(List<Rollout> rollouts, MeshVersion from, MeshVersion to) {

  private Rollout last() {
    return rollouts.get(rollouts.size() - 1);
  }

  /**
   * The fields that programs read; each step has those of {@code quorum}, too.
   *
   * @param one whether there is but one run; else a list of all runs follows the last one's steps
   */
  JsonObject json(boolean one) {
    JsonObject.Builder json =
        Json.object()
            .put("application", last().application())
            .put("from", version(from.version()))
            .put("to", version(to.version()));
    steps(json, last(), RolloutText::step);
    if (!one) {
      json.put("runs", Json.array(rollouts.stream().map(RolloutText::run).toList()));
    }
    return json.build();
  }

  private static Json run(Rollout rollout) {
    JsonObject.Builder json = Json.object().put("seed", rollout.seed());
    steps(json, rollout, RolloutText::brief);
    return json.build();
  }

  private static void steps(
      JsonObject.Builder json, Rollout rollout, Function<Rollout.Step, Json> step) {
    json.put("stuckAt", FormationText.orNull(rollout.stuckAt().map(Json::of)))
        .put("steps", Json.array(rollout.steps().stream().map(step).toList()));
  }

  private static Json brief(Rollout.Step step) {
    return Json.object()
        .put("restarted", FormationText.orNull(step.restarted().map(Json::of)))
        .put("formed", step.report().formed())
        .put("leader", FormationText.orNull(step.report().leader().map(Json::of)))
        .put("outageMs", Durations.toMillis(step.outage()))
        .put("servedAgainMs", FormationText.number(millis(step.servedAgain())))
        .build();
  }

  private static Json step(Rollout.Step step) {
    JsonObject.Builder versions = Json.object();
    step.sidecars().forEach((pod, sidecar) -> versions.put(pod, version(sidecar)));
    JsonObject.Builder json =
        Json.object()
            .put("restarted", FormationText.orNull(step.restarted().map(Json::of)))
            .put("versions", versions.build())
            .put("tookMs", Durations.toMillis(step.span()))
            .put("outageMs", Durations.toMillis(step.outage()))
            .put("servedAgainMs", FormationText.number(millis(step.servedAgain())))
            .put("ready", Json.strings(step.ready()));
    FormationText.json(step.report()).build().members().forEach(json::put);
    return json.build();
  }

  private static OptionalLong millis(OptionalLong nanos) {
    return nanos.isPresent()
        ? OptionalLong.of(Durations.toMillis(nanos.getAsLong()))
        : OptionalLong.empty();
  }

  private static String version(Optional<IstioVersion> sidecar) {
    return sidecar.map(IstioVersion::toString).orElse("none");
  }

  /** What people read: a row for each step, and what keeps members out after it. */
  String text() {
    StringBuilder out = new StringBuilder(title()).append("\n\n").append(table());
    last().stuckAt().ifPresent(pod -> out.append('\n').append(stuck(pod)));
    for (Rollout.Step step : last().steps()) {
      if (!step.report().reasons().isEmpty()) {
        out.append("\nWhy, ")
            .append(step.restarted().map(p -> "after " + p).orElse("at the start"));
        out.append(":\n");
        step.report().reasons().forEach(why -> out.append("  ").append(why).append('\n'));
      }
    }
    return out.toString();
  }

  private String title() {
    return "Rolling restart of " + last().application() + ", from " + from + " to " + to;
  }

  private static String stuck(String pod) {
    return "The controller does not restart "
        + pod
        + ": it waits for pods that do not become Ready; delete them by hand, or give --order\n";
  }

  /** A row for each seed: how long nobody served after each restart, and whether all went well. */
  String bySeed() {
    List<String> heads = new ArrayList<>(List.of("SEED"));
    last().steps().forEach(step -> heads.add(step.restarted().orElse("START")));
    TextTable table = TextTable.of(heads.toArray(String[]::new));
    for (Rollout rollout : rollouts) {
      List<String> cells = new ArrayList<>(List.of(Long.toString(rollout.seed())));
      rollout.steps().forEach(step -> cells.add(outage(step)));
      while (cells.size() < heads.size()) {
        cells.add("-");
      }
      table.row(cells.subList(0, heads.size()).toArray(String[]::new));
    }
    return title() + ": how long no majority served\n\n" + table.print();
  }

  private static String outage(Rollout.Step step) {
    return step.report().formed() ? FormationText.seconds(step.outage()) : "to the end";
  }

  private String table() {
    List<String> heads = new ArrayList<>(List.of("RESTARTED", "QUORUM", "LEADER"));
    heads.addAll(List.of("NOT SERVED FOR", "SERVES AGAIN AFTER"));
    members(last().steps().get(0)).forEach(member -> heads.add(member.pod()));
    TextTable table = TextTable.of(heads.toArray(String[]::new));
    last().steps().forEach(step -> table.row(row(step)));
    return table.print();
  }

  private static String[] row(Rollout.Step step) {
    List<String> cells = new ArrayList<>();
    cells.add(step.restarted().orElse("-"));
    cells.add(step.report().formed() ? "yes" : "no");
    cells.add(step.report().leader().orElse("-"));
    cells.add(FormationText.seconds(step.outage()));
    OptionalLong back = step.servedAgain();
    cells.add(back.isPresent() ? FormationText.seconds(back.getAsLong()) : "never");
    members(step).forEach(member -> cells.add(sidecar(step, member) + " " + member.state()));
    return cells.toArray(String[]::new);
  }

  private static List<MemberStatus> members(Rollout.Step step) {
    return step.report().members();
  }

  private static String sidecar(Rollout.Step step, MemberStatus member) {
    Optional<IstioVersion> sidecar = step.sidecars().get(member.pod());
    return sidecar == null ? "-" : version(sidecar);
  }
}
