package dev.sidecarsim.app.failure;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ClusterException;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.sim.Fault;
import dev.sidecarsim.sim.Segment;
import dev.sidecarsim.sim.Simulation;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Faults of cables, kept by the cables' names, so that a replayed run finds its own. */
final class Breaks {

  private Breaks() {}

  /** A fault of one cable. */
  record Break(String segment, Fault fault) {}

  /**
   * The fault on the cable of a pod.
   *
   * @throws ClusterException if the pod has no cable of its own
   */
  static List<Break> on(Simulation<Cluster> run, RunningPod pod, Fault fault) {
    if (pod.spec().spec().hostNetwork()) {
      throw new ClusterException(
          "pod "
              + pod.name()
              + " shares its node's network and has no cable to break; choose a pod without"
              + " hostNetwork");
    }
    return run.network().segmentsOf(pod.namespace()).stream()
        .map(segment -> new Break(segment.name(), fault))
        .toList();
  }

  /** Breaks the cables now; what it returns mends them. */
  static Consumer<Cluster> make(Simulation<Cluster> run, List<Break> breaks) {
    run.perform(cluster -> each(cluster, breaks, Segment::inject));
    return cluster -> each(cluster, breaks, Segment::heal);
  }

  private static void each(Cluster cluster, List<Break> breaks, BiConsumer<Segment, Fault> deed) {
    for (Break one : breaks) {
      cluster
          .network()
          .findSegment(one.segment())
          .ifPresent(segment -> deed.accept(segment, one.fault()));
    }
  }
}
