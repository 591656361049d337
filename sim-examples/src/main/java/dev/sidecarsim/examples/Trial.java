package dev.sidecarsim.examples;

import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The run of one seed through some failures.
 *
 * @param firstFormed when a majority served first, in nanoseconds; empty if it never did
 * @param outages one for each failure, in the order they were given
 * @param report the state at the end
 */
record Trial(
    long seed,
    World world,
    OptionalLong firstFormed,
    List<Outage> outages,
    FormationReport report) {

  /** How often the application is looked at until it serves again, in nanoseconds. */
  private static final long GLANCE = Durations.millis(10);

  /** And then, until the last member does. */
  private static final long LATER_GLANCE = Durations.millis(100);

  /** The runs of all these seeds. */
  static List<Trial> all(
      Experiment experiment,
      Optional<String> app,
      List<FaultSpec> faults,
      int until,
      SeedRange seeds) {
    return seeds
        .seeds()
        .mapToObj(
            seed -> {
              World world = experiment.start(seed);
              return new Course(world, world.application(app), faults, seed).run(until);
            })
        .toList();
  }

  /** A run under way. */
  private static final class Course {

    /** Something to do at a second of the run. */
    private record Event(int second, Runnable deed) {}

    private final World world;
    private final ClusteredApp app;
    private final long seed;
    private final List<Event> events = new ArrayList<>();
    private final Outage[] outages;
    private OptionalLong firstFormed = OptionalLong.empty();

    Course(World world, ClusteredApp app, List<FaultSpec> faults, long seed) {
      this.world = world;
      this.app = app;
      this.seed = seed;
      this.outages = new Outage[faults.size()];
      for (int i = 0; i < faults.size(); i++) {
        int index = i;
        FaultSpec fault = faults.get(i);
        events.add(new Event(fault.from(), () -> strike(fault, index)));
      }
    }

    Trial run(int until) {
      while (true) {
        Optional<Event> next = events.stream().min(Comparator.comparingInt(Event::second));
        watchUntil(Math.min(until, next.map(Event::second).orElse(until)));
        if (next.isEmpty() || next.get().second() >= until) {
          break;
        }
        events.remove(next.get());
        next.get().deed().run();
      }
      return new Trial(seed, world, firstFormed, List.of(outages), app.report());
    }

    private void strike(FaultSpec fault, int index) {
      FormationReport before = app.report();
      List<String> victims =
          fault.victims().stream().map(victim -> podOf(victim, fault, before)).toList();
      outages[index] = new Outage(fault, String.join("+", victims), before, world.now());
      Consumer<Cluster> cure = fault.harm().strike(world, victims);
      OptionalInt end = fault.to();
      if (end.isPresent()) {
        events.add(new Event(end.getAsInt(), () -> world.perform(cure)));
      }
    }

    private String podOf(String victim, FaultSpec fault, FormationReport report) {
      if (!victim.equals(FaultSpec.LEADER)) {
        return victim;
      }
      return report
          .leader()
          .orElseThrow(
              () ->
                  new BadInput(
                      fault
                          + ": nobody leads "
                          + app.name()
                          + " then, with seed "
                          + seed
                          + "; let it happen later, or name a pod"));
    }

    private void watchUntil(int second) {
      long end = Durations.seconds(second);
      while (world.now() < end) {
        world.runFor(Math.min(watching() ? GLANCE : LATER_GLANCE, end - world.now()));
        look(app.report());
      }
      world.runUntil(second);
    }

    private boolean watching() {
      boolean open = firstFormed.isEmpty();
      for (Outage outage : outages) {
        open |= outage != null && !outage.over();
      }
      return open;
    }

    private void look(FormationReport report) {
      if (firstFormed.isEmpty() && report.formed()) {
        firstFormed = OptionalLong.of(world.now());
      }
      for (Outage outage : outages) {
        if (outage != null) {
          outage.look(report, world.now());
        }
      }
    }
  }
}
