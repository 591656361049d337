package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.time.Durations;

/**
 * How the kubelet ends a pod: in all containers at once it runs the hook {@code preStop} and sends
 * SIGTERM, and after the pod's grace period SIGKILL. Native sidecars get SIGTERM once the
 * containers have ended, the last one first (killContainer of kuberuntime_container.go, KEP-753).
 */
final class Termination {

  private final RunningPod pod;
  private final Kubelet kubelet;
  private final Runnable gone;
  private final ImmutableList<Ending> endings;
  private final long deadline;
  private boolean over;

  /** The end of one container that ran when the pod was deleted. */
  private static final class Ending {
    private final ContainerSlot slot;
    private final LiveContainer life;
    private boolean hookReturned;
    private boolean signalled;

    Ending(ContainerSlot slot, LiveContainer life) {
      this.slot = slot;
      this.life = life;
    }

    boolean over() {
      return !life.process().alive();
    }
  }

  /**
   * @param gone runs when the pod's programs have ended and its sandbox is gone
   */
  Termination(RunningPod pod, Kubelet kubelet, Runnable gone) {
    this.pod = pod;
    this.kubelet = kubelet;
    this.gone = gone;
    this.endings =
        pod.slots()
            .flatMap(slot -> slot.life().stream().map(life -> new Ending(slot, life)))
            .collect(ImmutableList.toImmutableList());
    this.deadline = kubelet.now() + Durations.seconds(pod.spec().spec().terminationGracePeriod());
  }

  void begin() {
    for (Ending ending : endings) {
      ending.life.process().onExit(code -> goOn());
      runHook(ending);
    }
    kubelet.after(deadline - kubelet.now(), () -> endings.forEach(this::signal));
    goOn();
  }

  private void runHook(Ending ending) {
    Runnable returned =
        () -> {
          ending.hookReturned = true;
          goOn();
        };
    ending
        .slot
        .spec()
        .preStop()
        .filter(hook -> deadline > kubelet.now())
        .ifPresentOrElse(
            hook ->
                kubelet.ask(hook, ending.life, deadline - kubelet.now(), done -> returned.run()),
            returned);
  }

  private void goOn() {
    endings.stream().filter(ending -> ending.hookReturned && itsTurn(ending)).forEach(this::signal);
    if (!over && endings.stream().allMatch(Ending::over)) {
      over = true;
      kubelet.after(KubeTimings.TEARDOWN, this::sandboxGone);
    }
  }

  /** Whether all that it serves have ended: of a native sidecar, all that started after it. */
  private boolean itsTurn(Ending ending) {
    return !ending.slot.spec().restartAlways()
        || endings.stream().skip(endings.indexOf(ending) + 1L).allMatch(Ending::over);
  }

  private void signal(Ending ending) {
    if (!ending.signalled) {
      ending.signalled = true;
      long left = Math.max(deadline - kubelet.now(), KubeTimings.LEAST_GRACE);
      kubelet.after(left, ending.life.process()::kill);
      ending.life.terminate();
    }
  }

  /** A machine that lost its power meanwhile cannot say so. */
  private void sandboxGone() {
    if (!pod.lost()) {
      gone.run();
    }
  }
}
