package dev.sidecarsim.kube;

import java.util.Random;

/** The kubelet's pause before it starts a container again. */
final class BackOff {

  private long pause;
  private long lastEnd = Long.MIN_VALUE / 2;

  /** The pause after an end at this time: at first none, then 10 s, 20 s, … up to 5 min. */
  long next(long now, Random random) {
    if (now - lastEnd > KubeTimings.BACK_OFF_FORGOTTEN) {
      pause = 0;
    }
    lastEnd = now;
    long seen = (long) (random.nextDouble() * KubeTimings.RELIST);
    long delay = pause + seen;
    pause =
        pause == 0 ? KubeTimings.FIRST_BACK_OFF : Math.min(2 * pause, KubeTimings.LONGEST_BACK_OFF);
    return delay;
  }
}
