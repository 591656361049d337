package dev.sidecarsim.kube;

import dev.sidecarsim.time.Durations;
import java.util.Random;

/**
 * How long a cluster takes, in nanoseconds. Where Kubernetes has a constant it stands here; the
 * others are what a small idle cluster shows, and only their order decides anything.
 */
final class KubeTimings {

  /** From a pod's creation to its address being known: scheduling, sandbox, network plugin. */
  static final long POD_START = Durations.millis(500);

  /** Up to this much more for each pod, drawn from the seed. */
  static final long POD_START_JITTER = Durations.millis(100);

  /** From the order to start a container to its process; the kubelet starts one at a time. */
  static final long CONTAINER_START = Durations.millis(20);

  /** Up to this much more for each container, drawn from the seed. */
  static final long CONTAINER_START_JITTER = Durations.millis(20);

  /** From a change of pods to the endpoints, and with them to DNS and to who watches them. */
  static final long ENDPOINTS = Durations.millis(50);

  /** From a change of endpoints to the rules on the nodes. */
  static final long PROXY = Durations.millis(50);

  /** From a change of pods to what their controller does about it. */
  static final long CONTROLLER = Durations.millis(20);

  /** The kubelet looks once a second for containers that have ended (its relist period). */
  static final long RELIST = Durations.seconds(1);

  /** The kubelet's first back-off between two starts; the very first restart has none. */
  static final long FIRST_BACK_OFF = Durations.seconds(10);

  /** Each back-off is twice the one before, up to this. */
  static final long LONGEST_BACK_OFF = Durations.seconds(300);

  /** A container that ran for this long starts over with no back-off: twice the longest. */
  static final long BACK_OFF_FORGOTTEN = 2 * LONGEST_BACK_OFF;

  /** From the end of a deleted pod's last program to the pod being gone: its sandbox goes. */
  static final long TEARDOWN = Durations.seconds(1);

  /** However little is left of the grace period (minimumGracePeriodInSeconds of the kubelet). */
  static final long LEAST_GRACE = Durations.seconds(2);

  /**
   * How long the node controller waits for word from a node (node-monitor-grace-period of the
   * kube-controller-manager before 1.32, where it is 50 s).
   */
  static final long NODE_GRACE = Durations.seconds(40);

  /** A kubelet renews its lease as often: a quarter of nodeLeaseDurationSeconds, 40 s. */
  static final long NODE_LEASE = Durations.seconds(10);

  /** How often the node controller looks (node-monitor-period). */
  static final long NODE_MONITOR = Durations.seconds(5);

  /** How long pods tolerate an unreachable node (DefaultTolerationSeconds). */
  static final long TOLERATION = Durations.seconds(300);

  /** A packet's way between two nodes. */
  static final long NODE_LINK = Durations.micros(100);

  /** A packet's way between a pod and its node. */
  static final long POD_LINK = Durations.micros(20);

  private KubeTimings() {}

  /** A time that some more, at most {@code jitter}, is drawn for. */
  static long drawn(long least, long jitter, Random random) {
    return least + (long) (random.nextDouble() * jitter);
  }
}
