package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/** The run of a rolling restart: an application that is looked at after the restart of each pod. */
final class RolloutRun {

  /** How often the application is looked at, in nanoseconds: outages are true to this. */
  private static final long GLANCE = Durations.millis(10);

  /**
   * How long a controller is watched that waits for a pod: a container's longest back-off, twice.
   */
  private static final long PATIENCE = Durations.seconds(600);

  /**
   * How it is done.
   *
   * @param app the application's name, if it needs one
   * @param order of the pods
   * @param pause seconds before the first restart and after each, at least
   */
  record Plan(Optional<String> app, RestartOrder order, int pause) {}

  private final Plan plan;
  private final long seed;
  private final Experiment experiment;
  private final World world;
  private final ClusteredApp app;
  private final ImmutableList<String> pods;
  private final RolloutGate gate;
  private final Rollout rollout;

  private RolloutRun(Plan plan, Experiment experiment, long seed) {
    this.plan = plan;
    this.seed = seed;
    this.experiment = experiment;
    this.world = experiment.start(seed);
    this.app = world.application(plan.app());
    this.pods = plan.order().of(app.report().members().stream().map(MemberStatus::pod).toList());
    this.gate = plan.order().byHand() ? RolloutGate.OPEN : RolloutGate.of(world);
    this.rollout = run();
  }

  /** What came of it. */
  Rollout rollout() {
    return rollout;
  }

  /** Tells on stderr what was taken for granted, refused, or is not modelled. */
  void tell() {
    experiment.tell(world);
  }

  /**
   * Runs it, up to the first restart twice: when that comes is when the other revision injects.
   *
   * @param upgraded the experiment in which that is at an instant in nanoseconds
   * @throws BadInput if the order does not fit the members
   */
  static RolloutRun of(Plan plan, LongFunction<Experiment> upgraded, long seed) {
    long first = Durations.seconds(plan.pause());
    RolloutRun rehearsal = new RolloutRun(plan, upgraded.apply(first), seed);
    long began = rehearsal.rollout.steps().get(0).span();
    return began == first ? rehearsal : new RolloutRun(plan, upgraded.apply(began), seed);
  }

  private Rollout run() {
    ImmutableList.Builder<Rollout.Step> steps = ImmutableList.builder();
    steps.add(step(Optional.empty(), 0));
    for (int i = 0; i < pods.size(); i++) {
      if (!gate.lets(pods.get(i), pods.subList(0, i))) {
        return rollout(steps.build(), Optional.of(pods.get(i)));
      }
      Optional<String> there = world.podOf(pods.get(i)).map(RunningPod::name);
      there.ifPresent(world::delete);
      steps.add(step(there, i + 1));
    }
    return rollout(steps.build(), Optional.empty());
  }

  private Rollout rollout(ImmutableList<Rollout.Step> steps, Optional<String> stuckAt) {
    return new Rollout(app.name(), seed, steps, stuckAt);
  }

  /** Looks on until the controller goes on, and for the pause at least. */
  private Rollout.Step step(Optional<String> restarted, int done) {
    long start = world.now();
    long least = start + Durations.seconds(plan.pause());
    long outage = 0;
    long lastOut = start;
    while (world.now() < least || waits(least, done)) {
      world.runFor(GLANCE);
      if (!app.report().formed()) {
        outage += GLANCE;
        lastOut = world.now();
      }
    }
    FormationReport report = app.report();
    return new Rollout.Step(
        restarted,
        sidecars(report),
        report,
        world.now() - start,
        outage,
        report.formed() ? OptionalLong.of(lastOut - start) : OptionalLong.empty(),
        ready(report),
        !QuorumCommand.undecided(experiment, world, report));
  }

  private boolean waits(long since, int done) {
    List<String> anew = pods.subList(0, done);
    return world.now() < since + PATIENCE
        && !gate.lets(pods.get(Math.min(done, pods.size() - 1)), anew);
  }

  private ImmutableList<String> ready(FormationReport report) {
    return report.members().stream()
        .map(MemberStatus::pod)
        .filter(pod -> world.podOf(pod).map(RunningPod::ready).orElse(false))
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableMap<String, Optional<IstioVersion>> sidecars(FormationReport report) {
    ImmutableMap.Builder<String, Optional<IstioVersion>> sidecars = ImmutableMap.builder();
    for (MemberStatus member : report.members()) {
      world.podOf(member.pod()).ifPresent(pod -> sidecars.put(member.pod(), Mesh.versionOf(pod)));
    }
    return sidecars.buildOrThrow();
  }
}
