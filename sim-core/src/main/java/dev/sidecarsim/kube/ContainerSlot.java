package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A container of a pod through all its lives: started, probed, ended, started again. */
final class ContainerSlot {

  static final String CREATING = "ContainerCreating";

  private final RunningPod pod;
  private final ContainerSpec spec;
  private final Program program;
  private final Kubelet kubelet;
  private final Random random;
  private final BackOff backOff = new BackOff();
  private final boolean init;
  private Runnable whenThrough = () -> {};
  private @Nullable LiveContainer life;
  private @Nullable LiveContainer lastLife;
  private String reason = CREATING;
  private int restarts = -1;
  private boolean started;
  private boolean ready;
  private boolean finished;
  private boolean ending;
  private boolean held;
  private boolean initialised;

  ContainerSlot(
      RunningPod pod, ContainerSpec spec, boolean init, Program program, Kubelet kubelet) {
    this.pod = pod;
    this.spec = spec;
    this.init = init;
    this.program = program;
    this.kubelet = kubelet;
    this.random = kubelet.seed().stream("container " + pod + "/" + spec.name());
  }

  ContainerSpec spec() {
    return spec;
  }

  Optional<LiveContainer> life() {
    return Optional.ofNullable(life);
  }

  /** What the present life has written, or where there is none, the last one. */
  ImmutableList<String> output() {
    return lastLife == null ? ImmutableList.of() : lastLife.output();
  }

  int restarts() {
    return Math.max(restarts, 0);
  }

  /** Whether it runs, its startup probe has succeeded, and its readiness probe does. */
  boolean ready() {
    return ready;
  }

  /** Whether its startup probe, if any, has succeeded in this life. */
  boolean started() {
    return started;
  }

  /** Whether it has ended for good. */
  boolean finished() {
    return finished;
  }

  /** Of an init container: whether it no longer holds up what comes after it. */
  boolean initialised() {
    return initialised;
  }

  /** Why it does not run, in kubectl's word; empty if it runs. */
  String reason() {
    return reason;
  }

  /**
   * Starts it for the first time.
   *
   * @param through runs once the next container's turn has come: an init container has succeeded, a
   *     native sidecar has started up, the hook of any other has returned
   */
  void begin(Runnable through) {
    whenThrough = through;
    long delay =
        KubeTimings.drawn(KubeTimings.CONTAINER_START, KubeTimings.CONTAINER_START_JITTER, random);
    kubelet.after(delay, this::launch);
  }

  private void launch() {
    if (pod.terminating() || held || life != null) {
      return;
    }
    restarts++;
    PodSpec podSpec = pod.spec().spec();
    SocketOwner owner = new SocketOwner(podSpec.uidOf(spec), podSpec.gidOf(spec));
    Process process = pod.namespace().process(spec.name(), owner);
    LiveContainer born = kubelet.life(pod, spec, process, restarts, random);
    life = born;
    lastLife = born;
    reason = "";
    process.onExit(this::ended);
    program.start(born);
    if (process.alive()) {
      run(born);
    } else {
      hookReturned();
    }
  }

  private void run(LiveContainer born) {
    if (spec.startup().isEmpty()) {
      startedUp();
    }
    Prober.startAll(this, born, kubelet);
    hook(born);
    kubelet.changed(pod);
  }

  private void hook(LiveContainer born) {
    if (spec.postStart().isEmpty()) {
      hookReturned();
      return;
    }
    kubelet.ask(
        spec.postStart().get(),
        born,
        Long.MAX_VALUE / 2,
        success -> {
          if (!success) {
            born.process().kill();
          }
          hookReturned();
        });
  }

  private void hookReturned() {
    if (!init) {
      through();
    }
  }

  /** The startup probe has succeeded, or there is none. */
  void startedUp() {
    started = true;
    ready = spec.readiness().isEmpty();
    if (spec.restartAlways()) {
      through();
    }
    kubelet.changed(pod);
  }

  void ready(boolean nowReady) {
    if (ready != nowReady) {
      ready = nowReady;
      kubelet.changed(pod);
    }
  }

  private void through() {
    initialised = true;
    Runnable next = whenThrough;
    whenThrough = () -> {};
    next.run();
  }

  /** Ends it as the kubelet does when a probe has failed. */
  void kill() {
    if (life != null) {
      life.process().kill();
    }
  }

  /** SIGKILL; it stays dead until it is {@link #revive released}. */
  void killForGood() {
    held = true;
    kill();
  }

  /** Starts it again, if it was killed for good. */
  void revive() {
    if (held) {
      held = false;
      kubelet.after(
          KubeTimings.drawn(
              KubeTimings.CONTAINER_START, KubeTimings.CONTAINER_START_JITTER, random),
          this::launch);
    }
  }

  /** Lets it not start again once its present life is over. */
  void startNoMore() {
    ending = true;
  }

  private void ended(int code) {
    life = null;
    ready = false;
    started = false;
    reason = code == 0 ? "Completed" : "Error";
    if (init && !spec.restartAlways() && code == 0) {
      finished = true;
      through();
    } else if (held) {
      reason = "Error";
    } else if (!ending && restartsAfter(code)) {
      long delay = backOff.next(kubelet.now(), random);
      reason = delay >= KubeTimings.FIRST_BACK_OFF ? "CrashLoopBackOff" : reason;
      kubelet.after(delay, this::launch);
    } else {
      finished = true;
    }
    kubelet.changed(pod);
  }

  private boolean restartsAfter(int code) {
    return switch (pod.spec().spec().restartPolicy()) {
      case "Never" -> spec.restartAlways();
      case "OnFailure" -> spec.restartAlways() || code != 0;
      default -> true;
    };
  }
}
