package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;

/** The word in kubectl's STATUS column. */
final class PodStatus {

  private PodStatus() {}

  static String of(RunningPod pod) {
    if (pod.terminating()) {
      return "Terminating";
    }
    ImmutableList<ContainerSlot> init = pod.init();
    for (int i = 0; i < init.size(); i++) {
      ContainerSlot slot = init.get(i);
      if (!slot.initialised()) {
        String reason = slot.reason();
        boolean plain = reason.isEmpty() || reason.equals(ContainerSlot.CREATING);
        return "Init:" + (plain ? i + "/" + init.size() : reason);
      }
    }
    return ofContainers(pod, !init.isEmpty());
  }

  private static String ofContainers(RunningPod pod, boolean hadInit) {
    String status = "Running";
    for (ContainerSlot slot : pod.main().reverse()) {
      String reason = slot.reason();
      if (!reason.isEmpty()) {
        status = reason;
      }
    }
    boolean someRun = pod.main().stream().anyMatch(slot -> slot.life().isPresent());
    if (status.equals("Completed") && someRun) {
      return pod.ready() ? "Running" : "NotReady";
    }
    return status.equals(ContainerSlot.CREATING) && hadInit ? "PodInitializing" : status;
  }
}
