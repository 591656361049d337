package dev.sidecarsim.kube;

import java.util.Random;

/**
 * What the cluster makes of a pod whose kubelet is not heard any more: it is shown as it last was,
 * then no longer Ready, and in the end deleted. It stays as long as its kubelet does not say that
 * it is gone, so that a StatefulSet makes no other.
 */
final class NodeMonitor {

  private final Kubelet kubelet;

  NodeMonitor(Kubelet kubelet) {
    this.kubelet = kubelet;
  }

  /** A pod's machine loses power now. */
  void lost(RunningPod pod) {
    pod.losePower();
    kubelet.after(silence(pod), () -> unreachable(pod));
  }

  /** The lease was renewed a while before, and its end is seen at the next look. */
  private long silence(RunningPod pod) {
    Random random = kubelet.seed().stream("lease of " + pod);
    return KubeTimings.drawn(
        KubeTimings.NODE_GRACE - KubeTimings.NODE_LEASE,
        KubeTimings.NODE_LEASE + KubeTimings.NODE_MONITOR,
        random);
  }

  private void unreachable(RunningPod pod) {
    pod.notReady();
    kubelet.changed(pod);
    if (!toleratesForEver(pod)) {
      kubelet.after(KubeTimings.TOLERATION, () -> evict(pod));
    }
  }

  private static boolean toleratesForEver(RunningPod pod) {
    return pod.spec().owner().filter(owner -> owner.kind().equals("DaemonSet")).isPresent();
  }

  private void evict(RunningPod pod) {
    pod.terminate();
    kubelet.changed(pod);
  }
}
