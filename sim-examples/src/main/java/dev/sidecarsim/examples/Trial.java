package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.failure.Course;
import dev.sidecarsim.app.failure.Failure;
import dev.sidecarsim.app.failure.Outage;
import dev.sidecarsim.kube.ClusterException;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The run of one seed through some failures.
 *
 * @param faults in the order they were given
 * @param course what came of them, an outage for each
 */
record Trial(long seed, World world, ImmutableList<FaultSpec> faults, Course course) {

  /** One failure and what it did. */
  record Effect(FaultSpec fault, Outage outage) {}

  /**
   * The runs of all these seeds.
   *
   * @throws BadInput if a victim is not there when it is to be struck
   */
  static List<Trial> all(
      Experiment experiment,
      Optional<String> app,
      List<FaultSpec> faults,
      int until,
      SeedRange seeds) {
    return seeds
        .seeds()
        .mapToObj(
            seed -> run(seed, experiment.start(seed), app, ImmutableList.copyOf(faults), until))
        .toList();
  }

  private static Trial run(
      long seed, World world, Optional<String> app, ImmutableList<FaultSpec> faults, int until) {
    List<Failure> failures = faults.stream().map(FaultSpec::failure).toList();
    try {
      Course course =
          Course.of(world.run(), world.application(app), failures, Durations.seconds(until));
      return new Trial(seed, world, faults, course);
    } catch (ClusterException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  /** Whether each failure had its victims. */
  boolean happened() {
    return course.outages().stream().allMatch(Outage::happened);
  }

  /** What each failure did, in the order in which they were given. */
  List<Effect> effects() {
    return IntStream.range(0, faults.size())
        .mapToObj(i -> new Effect(faults.get(i), course.outages().get(i)))
        .toList();
  }
}
