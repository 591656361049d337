package dev.sidecarsim.examples;

import dev.sidecarsim.istio.InboundPolicy;
import dev.sidecarsim.istio.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One scenario under every minor release, with what comes in passed to loopback or to the pod's
 * address, and without sidecars.
 */
record Atlas(Scenario scenario, List<Entry> entries) {

  private static final String NO_SIDECAR = "none";
  private static final String SIDECAR = "sidecar";

  /**
   * One run.
   *
   * @param version empty without Istio
   * @param policy where the sidecars pass what comes in; empty without any
   * @param setting what brings that about
   */
  record Entry(
      Optional<IstioVersion> version,
      String dataPlane,
      Optional<InboundPolicy> policy,
      String setting,
      Finding finding) {

    /** Whether the other one, under the next release, reads the same. */
    private boolean likeNext(Entry next) {
      return dataPlane.equals(next.dataPlane)
          && policy.equals(next.policy)
          && setting.equals(next.setting)
          && finding.sameAs(next.finding)
          && minor() + 1 == next.minor();
    }

    private int minor() {
      return version.map(IstioVersion::minor).orElse(0);
    }
  }

  static Atlas of(Experiment experiment, Scenario scenario) {
    List<Entry> entries = new ArrayList<>();
    entries.add(
        new Entry(
            Optional.empty(),
            NO_SIDECAR,
            Optional.empty(),
            "-",
            scenario.ask(experiment.under(MeshVersion.NONE, UnaryOperator.identity()))));
    for (InboundPolicy policy : InboundPolicy.values()) {
      for (int minor = IstioVersion.FIRST_MINOR; minor <= IstioVersion.LAST_MINOR; minor++) {
        IstioVersion version = new IstioVersion(minor, 0);
        if (policy.possible(version)) {
          entries.add(sidecar(experiment, scenario, version, policy));
        }
      }
    }
    return new Atlas(scenario, entries);
  }

  private static Entry sidecar(
      Experiment experiment, Scenario scenario, IstioVersion version, InboundPolicy policy) {
    MeshVersion mesh = new MeshVersion(Optional.of(version));
    return new Entry(
        Optional.of(version),
        SIDECAR,
        Optional.of(policy),
        policy.setting(version),
        scenario.ask(experiment.under(mesh, builder -> builder.inbound(policy))));
  }

  int exitCode() {
    if (entries.stream().anyMatch(entry -> entry.finding().unknown())) {
      return ExitCode.UNKNOWN;
    }
    Finding first = entries.get(0).finding();
    boolean same = entries.stream().allMatch(entry -> entry.finding().sameAs(first));
    return same ? ExitCode.FINE : ExitCode.FINDING;
  }

  /** A row for each span of releases that answer alike. */
  String text() {
    TextTable table = TextTable.of("ISTIO", "DATA PLANE", "POLICY", "BY", "ANSWER");
    int first = 0;
    for (int i = 0; i < entries.size(); i++) {
      Entry last = entries.get(i);
      if (i + 1 == entries.size() || !last.likeNext(entries.get(i + 1))) {
        table.row(
            span(entries.get(first), last),
            last.dataPlane(),
            last.policy().map(InboundPolicy::toString).orElse("-"),
            last.setting(),
            last.finding().text());
        first = i + 1;
      }
    }
    return scenario.text() + "\n\n" + table.print();
  }

  private static String span(Entry first, Entry last) {
    if (first.version().isEmpty()) {
      return "-";
    }
    String from = "1." + first.minor();
    return first.equals(last) ? from : from + "-1." + last.minor();
  }

  JsonObject json() {
    return Json.object()
        .put("scenario", scenario.text())
        .put("rows", Json.array(entries.stream().map(Atlas::json).toList()))
        .build();
  }

  private static Json json(Entry entry) {
    JsonObject.Builder row =
        Json.object()
            .put("istio", entry.version().map(IstioVersion::toString).orElse("none"))
            .put("dataPlane", entry.dataPlane())
            .put("policy", StoryJson.orNull(entry.policy().map(InboundPolicy::toString)))
            .put("setting", entry.setting());
    entry.finding().fields().members().forEach(row::put);
    return row.build();
  }
}
