package dev.sidecarsim.examples;

import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.istio.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.TextTable;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The answer of {@code rolling}. */
record RolloutText(Rollout rollout, MeshVersion from, MeshVersion to) {

  /** The fields that programs read; each step has those of {@code quorum}, too. */
  JsonObject json() {
    return Json.object()
        .put("application", rollout.application())
        .put("from", version(from.version()))
        .put("to", version(to.version()))
        .put("steps", Json.array(rollout.steps().stream().map(RolloutText::step).toList()))
        .build();
  }

  private static Json step(Rollout.Step step) {
    JsonObject.Builder versions = Json.object();
    step.sidecars().forEach((pod, sidecar) -> versions.put(pod, version(sidecar)));
    JsonObject.Builder json =
        Json.object()
            .put("restarted", FormationText.orNull(step.restarted().map(Json::of)))
            .put("versions", versions.build())
            .put("outageMs", Durations.toMillis(step.outage()))
            .put("servedAgainMs", millis(step.servedAgain()));
    FormationText.json(step.report()).build().members().forEach(json::put);
    return json.build();
  }

  private static Json millis(OptionalLong nanos) {
    return nanos.isPresent() ? Json.of(Durations.toMillis(nanos.getAsLong())) : Json.nothing();
  }

  private static String version(Optional<IstioVersion> sidecar) {
    return sidecar.map(IstioVersion::toString).orElse("none");
  }

  /** What people read: a row for each step, and what keeps members out after it. */
  String text() {
    StringBuilder out = new StringBuilder("Rolling restart of " + rollout.application());
    out.append(", from ").append(from).append(" to ").append(to).append("\n\n").append(table());
    for (Rollout.Step step : rollout.steps()) {
      if (!step.report().reasons().isEmpty()) {
        out.append("\nWhy, ")
            .append(step.restarted().map(p -> "after " + p).orElse("at the start"));
        out.append(":\n");
        step.report().reasons().forEach(why -> out.append("  ").append(why).append('\n'));
      }
    }
    return out.toString();
  }

  private String table() {
    List<String> heads = new ArrayList<>(List.of("RESTARTED", "QUORUM", "LEADER"));
    heads.addAll(List.of("NOT SERVED FOR", "SERVES AGAIN AFTER"));
    members(rollout.steps().get(0)).forEach(member -> heads.add(member.pod()));
    TextTable table = TextTable.of(heads.toArray(String[]::new));
    rollout.steps().forEach(step -> table.row(row(step)));
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
