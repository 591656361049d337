package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.istio.version.IstioVersion;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A rolling restart: in one run each pod is deleted in its turn, its controller makes it anew, and
 * the webhook that is in charge by then gives it its sidecar.
 *
 * @param application its name
 * @param steps the time before the first restart, then one step for each
 * @param stuckAt the pod that was to be restarted next when the controller stopped to wait for
 *     others that do not become Ready; empty if it came through
 */
record Rollout(String application, long seed, ImmutableList<Step> steps, Optional<String> stuckAt) {

  /**
   * What came of one restart, by the end of its time.
   *
   * @param restarted the pod; empty for the step before the first restart, and where the pod in
   *     turn was not there, since its controller waits for another
   * @param sidecars of the members' pods that there are, none as an empty version
   * @param report the state at the end
   * @param span how long it took, in nanoseconds
   * @param outage how long no majority served, in nanoseconds
   * @param servedAgain from the start of the step until a majority served for the rest of it, in
   *     nanoseconds; 0 if one always did; empty if none does at the end
   * @param ready the members' pods that are Ready at the end
   * @param known whether everything that could decide is modelled
   */
  record Step(
      Optional<String> restarted,
      ImmutableMap<String, Optional<IstioVersion>> sidecars,
      FormationReport report,
      long span,
      long outage,
      OptionalLong servedAgain,
      ImmutableList<String> ready,
      boolean known) {}

  /** The code of the process: what the worst of the restarts came to. */
  int exitCode() {
    if (!steps.stream().allMatch(Step::known)) {
      return ExitCode.UNKNOWN;
    }
    boolean served = steps.stream().skip(1).allMatch(step -> step.report().formed());
    return served && stuckAt.isEmpty() ? ExitCode.FINE : ExitCode.FINDING;
  }
}
