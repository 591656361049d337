package dev.sidecarsim.examples;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.sim.Fault;
import java.util.List;
import java.util.function.Consumer;

/** Faults of cables, kept by the cables' names, so that a replayed run finds its own. */
final class Breaks {

  private Breaks() {}

  /** A fault of one cable. */
  record Break(String segment, Fault fault) {}

  /**
   * The fault on the cable of a pod.
   *
   * @throws BadInput if the pod has no cable of its own
   */
  static List<Break> on(World world, RunningPod pod, Fault fault) {
    if (pod.spec().spec().hostNetwork()) {
      throw new BadInput(
          "pod "
              + pod.name()
              + " shares its node's network and has no cable to break; choose a pod without"
              + " hostNetwork");
    }
    return world.cluster().network().segmentsOf(pod.namespace()).stream()
        .map(segment -> new Break(segment.name(), fault))
        .toList();
  }

  /** Breaks the cables now; what it returns mends them. */
  static Consumer<Cluster> make(World world, List<Break> breaks) {
    world.perform(
        cluster ->
            breaks.forEach(
                one ->
                    cluster
                        .network()
                        .findSegment(one.segment())
                        .ifPresent(segment -> segment.inject(one.fault()))));
    return cluster ->
        breaks.forEach(
            one ->
                cluster
                    .network()
                    .findSegment(one.segment())
                    .ifPresent(segment -> segment.heal(one.fault())));
  }
}
