package dev.sidecarsim.examples;

import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.kube.StatefulSet;
import java.util.List;
import java.util.Optional;

/** When a controller goes on to the next pod of a rolling update. */
interface RolloutGate {

  /** Nobody waits: the pods are deleted by hand. */
  RolloutGate OPEN = (next, done) -> true;

  /**
   * Whether the next pod is deleted now.
   *
   * @param done the pods that have been made anew
   */
  boolean lets(String next, List<String> done);

  /**
   * What the controllers of a cluster do: each goes on once the pods that it has updated are Ready.
   * With {@code podManagementPolicy: OrderedReady} it does not even begin before all are
   * (updateStatefulSet of Kubernetes' stateful_set_control.go).
   */
  static RolloutGate of(World world) {
    return (next, done) -> setOf(world, next).map(set -> ready(world, set, done)).orElse(true);
  }

  private static boolean ready(World world, StatefulSet set, List<String> done) {
    return set.ordinals()
        .mapToObj(set::podName)
        .filter(pod -> !set.parallel() || done.contains(pod))
        .map(pod -> world.cluster().pod(set.meta().namespace(), pod))
        .allMatch(pod -> pod.map(RunningPod::ready).orElse(false));
  }

  private static Optional<StatefulSet> setOf(World world, String pod) {
    return world.cluster().manifests().statefulSets().stream()
        .filter(set -> set.ordinals().anyMatch(ordinal -> set.podName(ordinal).equals(pod)))
        .findFirst();
  }
}
