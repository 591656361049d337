package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.istio.Release;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Between which releases the answer to a scenario changed, and which choice of the later release
 * changed it: found by giving the earlier one that choice alone, and asking again.
 *
 * @param asked the answers by release, in order
 */
record Bisection(Scenario scenario, Map<IstioVersion, Finding> asked, List<Change> changes) {

  /** Patches are looked for up to here; no minor of Istio 1 has had as many. */
  private static final int LAST_PATCH = 20;

  /**
   * A change between two releases that follow each other.
   *
   * @param causes the choices that change the answer alone; if none does, all that differ
   * @param alone whether each cause does so alone
   * @param config what the first cause changes in the sidecars' configurations
   * @param step where the story goes another way through the first cause
   */
  record Change(
      IstioVersion before,
      IstioVersion after,
      Finding was,
      Finding is,
      ImmutableList<Release.Choice> causes,
      boolean alone,
      ImmutableList<String> config,
      Optional<Divergence> step) {}

  static Bisection of(
      Experiment experiment, Scenario scenario, IstioVersion from, IstioVersion to) {
    Map<IstioVersion, Finding> asked = new LinkedHashMap<>();
    List<Change> changes = new ArrayList<>();
    IstioVersion last = from;
    for (IstioVersion version : releases(from, to)) {
      Finding finding = scenario.ask(experiment.under(mesh(version), UnaryOperator.identity()));
      Finding before = asked.get(last);
      if (before != null && !before.sameAs(finding)) {
        changes.add(change(experiment, scenario, last, version, before, finding));
      }
      asked.put(version, finding);
      last = version;
    }
    Finding.checkName(asked.values());
    return new Bisection(scenario, asked, changes);
  }

  private static MeshVersion mesh(IstioVersion version) {
    return new MeshVersion(Optional.of(version));
  }

  /** The ends, every minor between them, and the patches that do anything otherwise. */
  private static List<IstioVersion> releases(IstioVersion from, IstioVersion to) {
    List<IstioVersion> all = new ArrayList<>();
    all.add(from);
    for (int minor = from.minor(); minor <= to.minor(); minor++) {
      for (int patch = 0; patch <= LAST_PATCH; patch++) {
        IstioVersion version = new IstioVersion(minor, patch);
        boolean told =
            patch == 0
                || !Release.of(new IstioVersion(minor, patch - 1))
                    .unlike(Release.of(version))
                    .isEmpty();
        if (told && version.compareTo(from) > 0 && version.compareTo(to) < 0) {
          all.add(version);
        }
      }
    }
    if (!to.equals(from)) {
      all.add(to);
    }
    return all;
  }

  private static Change change(
      Experiment experiment,
      Scenario scenario,
      IstioVersion before,
      IstioVersion after,
      Finding was,
      Finding is) {
    ImmutableList<Release.Choice> unlike = Release.of(before).unlike(Release.of(after));
    List<Trial> enough =
        unlike.stream()
            .map(
                choice ->
                    new Trial(choice, scenario.ask(withOne(experiment, before, after, choice))))
            .filter(trial -> trial.finding().sameAs(is))
            .toList();
    Finding changed = enough.isEmpty() ? is : enough.get(0).finding();
    return new Change(
        before,
        after,
        was,
        is,
        enough.isEmpty()
            ? unlike
            : enough.stream().map(Trial::choice).collect(ImmutableList.toImmutableList()),
        !enough.isEmpty(),
        ConfigDifference.between(was, changed),
        was.story().flatMap(story -> changed.story().flatMap(s -> Divergence.of(story, s))));
  }

  /** The answer of the earlier release with one choice of the later one. */
  private record Trial(Release.Choice choice, Finding finding) {}

  /** The earlier release with one choice of the later one. */
  private static Experiment withOne(
      Experiment experiment, IstioVersion before, IstioVersion after, Release.Choice choice) {
    Release mixed = Release.of(before).with(choice, Release.of(after));
    return experiment.under(
        mesh(before),
        mesh -> mesh.releases(version -> version.equals(before) ? mixed : Release.of(version)));
  }

  int exitCode() {
    if (asked.values().stream().anyMatch(Finding::unknown)) {
      return ExitCode.UNKNOWN;
    }
    return changes.isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
  }

  JsonObject json() {
    return Json.object()
        .put("scenario", scenario.text())
        .put("releases", Json.strings(asked.keySet().stream().map(Object::toString).toList()))
        .put("changes", Json.array(changes.stream().map(Bisection::json).toList()))
        .build();
  }

  private static Json json(Change change) {
    return Json.object()
        .put("before", change.before().toString())
        .put("after", change.after().toString())
        .put("was", change.was().fields())
        .put("is", change.is().fields())
        .put("causes", Json.array(change.causes().stream().map(Bisection::json).toList()))
        .put("alone", change.alone())
        .put("config", Json.strings(change.config()))
        .put("firstDifference", FormationText.orNull(change.step().map(Divergence::json)))
        .build();
  }

  private static Json json(Release.Choice choice) {
    return Json.object()
        .put("choice", choice.name())
        .put("before", choice.before())
        .put("after", choice.after())
        .build();
  }
}
