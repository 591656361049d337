package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.istio.IstioVersion;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A rolling restart: in one run each pod is deleted in its turn, its controller makes it anew, and
 * the webhook that is in charge by then gives it its sidecar.
 *
 * @param application its name
 * @param steps the time before the first restart, then one step for each
 */
record Rollout(String application, ImmutableList<Step> steps) {

  /** How often the application is looked at, in nanoseconds: outages are true to this. */
  private static final long GLANCE = Durations.millis(10);

  /**
   * What came of one restart, by the end of its time.
   *
   * @param restarted the pod; empty for the step before the first restart, and where the pod in
   *     turn was not there, since its controller waits for another
   * @param sidecars of the members' pods that there are, none as an empty version
   * @param report the state at the end
   * @param outage how long no majority served, in nanoseconds
   * @param servedAgain from the start of the step until a majority served for the rest of it, in
   *     nanoseconds; 0 if one always did; empty if none does at the end
   * @param known whether everything that could decide is modelled
   */
  record Step(
      Optional<String> restarted,
      ImmutableMap<String, Optional<IstioVersion>> sidecars,
      FormationReport report,
      long outage,
      OptionalLong servedAgain,
      boolean known) {}

  /**
   * Runs it.
   *
   * @param wait seconds before the first restart and after each
   * @throws BadInput if the order does not fit the members
   */
  static Rollout run(
      Experiment experiment, World world, ClusteredApp app, RestartOrder order, int wait) {
    List<String> members = app.report().members().stream().map(MemberStatus::pod).toList();
    ImmutableList<String> pods = order.of(members);
    Watch watch = new Watch(experiment, world, app, Durations.seconds(wait));
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    steps.add(watch.step(Optional.empty()));
    for (String pod : pods) {
      Optional<String> there = world.podOf(pod).map(RunningPod::name);
      there.ifPresent(world::delete);
      steps.add(watch.step(there));
    }
    return new Rollout(app.name(), steps.build());
  }

  /** The code of the process: what the worst of the restarts came to. */
  int exitCode() {
    if (!steps.stream().allMatch(Step::known)) {
      return ExitCode.UNKNOWN;
    }
    boolean served = steps.stream().skip(1).allMatch(step -> step.report().formed());
    return served ? ExitCode.FINE : ExitCode.FINDING;
  }

  /** Looks at an application for so many nanoseconds after each restart. */
  private record Watch(Experiment experiment, World world, ClusteredApp app, long span) {

    Step step(Optional<String> restarted) {
      long start = world.now();
      long outage = 0;
      long lastOut = start;
      while (world.now() < start + span) {
        world.runFor(GLANCE);
        if (!app.report().formed()) {
          outage += GLANCE;
          lastOut = world.now();
        }
      }
      FormationReport report = app.report();
      OptionalLong back = report.formed() ? OptionalLong.of(lastOut - start) : OptionalLong.empty();
      boolean known = !QuorumCommand.undecided(experiment, world, report);
      return new Step(restarted, sidecars(report), report, outage, back, known);
    }

    private ImmutableMap<String, Optional<IstioVersion>> sidecars(FormationReport report) {
      ImmutableMap.Builder<String, Optional<IstioVersion>> sidecars = ImmutableMap.builder();
      for (MemberStatus member : report.members()) {
        world
            .podOf(member.pod())
            .ifPresent(pod -> sidecars.put(member.pod(), Mesh.sidecarOf(pod.spec())));
      }
      return sidecars.buildOrThrow();
    }
  }
}
