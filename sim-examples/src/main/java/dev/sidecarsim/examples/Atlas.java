package dev.sidecarsim.examples;

import dev.sidecarsim.istio.Ambient;
import dev.sidecarsim.istio.DataPlane;
import dev.sidecarsim.istio.InboundPolicy;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * One scenario under every minor release: with sidecars that pass what comes in to loopback or to
 * the pod's address, in ambient mode, and without a mesh.
 */
record Atlas(Scenario scenario, List<Entry> entries) {

  private static final String NO_SIDECAR = "none";
  private static final String SIDECAR = "sidecar";
  private static final String AMBIENT = "ambient";

  /**
   * One run.
   *
   * @param version empty without Istio
   * @param policy where sidecars pass what comes in; empty without any
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
    for (int minor = IstioVersion.FIRST_MINOR; minor <= IstioVersion.LAST_MINOR; minor++) {
      IstioVersion version = new IstioVersion(minor, 0);
      if (Ambient.in(version)) {
        entries.add(ambient(experiment, scenario, version));
      }
    }
    Finding.checkName(entries.stream().map(Entry::finding).toList());
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
        scenario.ask(
            experiment.under(
                mesh, builder -> builder.dataPlane(DataPlane.SIDECAR).inbound(policy))));
  }

  /** ztunnel passes everything to the address that was called, whatever is set. */
  private static Entry ambient(Experiment experiment, Scenario scenario, IstioVersion version) {
    MeshVersion mesh = new MeshVersion(Optional.of(version));
    return new Entry(
        Optional.of(version),
        AMBIENT,
        Optional.empty(),
        Ambient.MODE + "=ambient",
        scenario.ask(experiment.under(mesh, builder -> builder.dataPlane(DataPlane.AMBIENT))));
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
    rows(table, entries.stream().filter(entry -> !entry.dataPlane().equals(AMBIENT)).toList());
    withoutAmbient().ifPresent(span -> table.row(span, AMBIENT, "-", "-", "-"));
    rows(table, entries.stream().filter(entry -> entry.dataPlane().equals(AMBIENT)).toList());
    return scenario.text() + "\n\n" + table.print();
  }

  private static void rows(TextTable table, List<Entry> entries) {
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
  }

  private static String span(Entry first, Entry last) {
    return first.version().isEmpty() ? "-" : span(first.minor(), last.minor());
  }

  private static String span(int first, int last) {
    return "1." + first + (first == last ? "" : "-1." + last);
  }

  /** The releases before the first with ambient mode. */
  private static Optional<String> withoutAmbient() {
    return IntStream.rangeClosed(IstioVersion.FIRST_MINOR, IstioVersion.LAST_MINOR)
        .filter(minor -> !Ambient.in(new IstioVersion(minor, 0)))
        .boxed()
        .reduce((before, after) -> after)
        .map(last -> span(IstioVersion.FIRST_MINOR, last));
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
