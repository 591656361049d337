package dev.sidecarsim.kube;

/** A webhook that sees each pod before it is made: a pure function from pod to pod. */
public interface PodAdmission {

  /**
   * Changes a pod or refuses it.
   *
   * @param pod the pod with its final name, labels and annotations
   * @param namespace the pod's namespace, documented or not
   */
  Admission admit(Pod pod, Namespace namespace);

  /** A webhook's answer. */
  sealed interface Admission {}

  /** The pod is made in this, perhaps changed, form. */
  record Admitted(Pod pod) implements Admission {}

  /**
   * The pod is not made.
   *
   * @param reason in one line
   */
  record Denied(String reason) implements Admission {}
}
