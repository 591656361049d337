package dev.sidecarsim.app.failure;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The course of a run through failures, watched.
 *
 * @param firstFormed when a majority served first, in nanoseconds; empty if it never did
 * @param outages one for each failure whose time came, in the order in which they were given
 * @param report the state at the end
 */
public record Course(
    OptionalLong firstFormed, ImmutableList<Outage> outages, FormationReport report) {

  /**
   * Lets a run go on through failures, up to an instant in nanoseconds. Those that would come later
   * do not happen.
   *
   * @throws dev.sidecarsim.kube.ClusterException if the manifests have no such victim
   */
  public static Course of(
      Simulation<Cluster> run, ClusteredApp app, List<Failure> failures, long until) {
    return new Watch(run, app, failures).go(until);
  }

  /** A run under way. */
  private static final class Watch {

    /** How often the application is looked at until it serves again, in nanoseconds. */
    private static final long GLANCE = Durations.millis(10);

    /** And then, until the last member does. */
    private static final long LATER_GLANCE = Durations.millis(100);

    /** Something to do at an instant of the run. */
    private record Event(long at, Runnable deed) {}

    private final Simulation<Cluster> run;
    private final ClusteredApp app;
    private final List<Event> events = new ArrayList<>();
    private final Map<Integer, Outage> outages = new TreeMap<>();
    private OptionalLong firstFormed = OptionalLong.empty();

    Watch(Simulation<Cluster> run, ClusteredApp app, List<Failure> failures) {
      this.run = run;
      this.app = app;
      for (int i = 0; i < failures.size(); i++) {
        int index = i;
        Failure failure = failures.get(i);
        events.add(new Event(failure.from(), () -> strike(failure, index)));
      }
    }

    Course go(long until) {
      while (true) {
        Optional<Event> next = events.stream().min(Comparator.comparingLong(Event::at));
        watch(Math.min(until, next.map(Event::at).orElse(until)));
        if (next.isEmpty() || next.get().at() >= until) {
          break;
        }
        events.remove(next.get());
        next.get().deed().run();
      }
      return new Course(firstFormed, ImmutableList.copyOf(outages.values()), app.report());
    }

    private void strike(Failure failure, int index) {
      FormationReport before = app.report();
      ImmutableList<String> victims =
          failure.victims().stream()
              .flatMap(victim -> there(victim, before).stream())
              .collect(ImmutableList.toImmutableList());
      if (victims.size() < failure.victims().size()) {
        outages.put(index, new Outage(failure, ImmutableList.of(), before, run.now()));
        return;
      }
      outages.put(index, new Outage(failure, victims, before, run.now()));
      Consumer<Cluster> cure = failure.harm().strike(run, victims);
      failure.until().ifPresent(end -> events.add(new Event(end, () -> run.perform(cure))));
    }

    /** Whom a name means; nobody while none leads, or while a StatefulSet has yet to make a pod. */
    private Optional<String> there(String victim, FormationReport report) {
      if (victim.equals(Failure.LEADER)) {
        return report.leader();
      }
      String name = PodName.parse(victim).pod();
      boolean yetToCome =
          run.world().pods().stream().noneMatch(pod -> pod.name().equals(name))
              && run.world().manifests().statefulSets().stream()
                  .anyMatch(set -> set.ordinals().mapToObj(set::podName).anyMatch(name::equals));
      return yetToCome ? Optional.empty() : Optional.of(victim);
    }

    private void watch(long until) {
      while (run.now() < until) {
        run.runFor(Math.min(watching() ? GLANCE : LATER_GLANCE, until - run.now()));
        look(app.report());
      }
      run.runUntil(until);
    }

    private boolean watching() {
      return firstFormed.isEmpty() || !outages.values().stream().allMatch(Outage::over);
    }

    private void look(FormationReport report) {
      if (firstFormed.isEmpty() && report.formed()) {
        firstFormed = OptionalLong.of(run.now());
      }
      outages.values().forEach(outage -> outage.look(report, run.now()));
    }
  }
}
