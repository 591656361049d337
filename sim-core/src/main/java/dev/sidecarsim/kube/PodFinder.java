package dev.sidecarsim.kube;

import java.util.List;
import java.util.Optional;

/** Finds the pod and the container that a person names. */
final class PodFinder {

  private final PodTable pods;
  private final String defaultNamespace;

  PodFinder(PodTable pods, String defaultNamespace) {
    this.pods = pods;
    this.defaultNamespace = defaultNamespace;
  }

  /** See {@link Cluster#find}. */
  RunningPod find(PodName wanted) {
    RunningPod pod = named(wanted.pod()).orElseThrow(() -> noPod(wanted.pod()));
    wanted.container().ifPresent(container -> slot(pod, container));
    return pod;
  }

  /**
   * The place of a container in a pod, whether it runs or not.
   *
   * @throws ClusterException if the pod has none of that name, naming those that it has
   */
  static ContainerSlot slot(RunningPod pod, String container) {
    return pod.slot(container).orElseThrow(() -> noContainer(pod, container));
  }

  private Optional<RunningPod> named(String text) {
    Optional<RunningPod> here = inNamespace(defaultNamespace, text);
    for (int dot = text.lastIndexOf('.');
        here.isEmpty() && dot > 0;
        dot = text.lastIndexOf('.', dot - 1)) {
      here = inNamespace(text.substring(dot + 1), text.substring(0, dot));
    }
    return here;
  }

  private Optional<RunningPod> inNamespace(String namespace, String name) {
    return pods.get(namespace, name)
        .or(
            () ->
                pods.all().stream()
                    .filter(pod -> pod.spec().namespace().equals(namespace))
                    .filter(pod -> ownedBy(pod, name))
                    .findFirst());
  }

  private static boolean ownedBy(RunningPod pod, String workload) {
    return pod.spec().owner().map(owner -> owner.name().equals(workload)).orElse(false);
  }

  private ClusterException noPod(String name) {
    return new ClusterException(
        refusal(name)
            + "there is no pod '"
            + name
            + "'; there are "
            + String.join(", ", pods.names()));
  }

  /** Why there is no pod of a name that the manifests have. */
  private String refusal(String name) {
    return pods.denials().stream()
        .filter(text -> text.startsWith("pod " + name + " "))
        .findFirst()
        .map(text -> text + "; ")
        .orElse("");
  }

  private static ClusterException noContainer(RunningPod pod, String container) {
    List<String> names = pod.slots().map(slot -> slot.spec().name()).toList();
    return new ClusterException(
        "pod "
            + pod.name()
            + " has no container '"
            + container
            + "'; it has "
            + String.join(", ", names));
  }
}
