package dev.sidecarsim.kube;

import dev.sidecarsim.time.Durations;
import java.util.function.Consumer;

/**
 * One probe of one life of a container. It ticks every period from the container's start on; a tick
 * before {@code initialDelaySeconds} asks nothing, so a delay of 5 s with a period of 10 s means a
 * first question after 10 s, as with the real kubelet.
 */
final class Prober {

  private final ContainerSlot slot;
  private final LiveContainer life;
  private final Kubelet kubelet;
  private final Probe probe;
  private final boolean startup;
  private final Consumer<Boolean> decided;
  private final long bornAt;
  private int successes;
  private int failures;
  private boolean asking;

  private Prober(
      ContainerSlot slot,
      LiveContainer life,
      Kubelet kubelet,
      Probe probe,
      boolean startup,
      Consumer<Boolean> decided) {
    this.slot = slot;
    this.life = life;
    this.kubelet = kubelet;
    this.probe = probe;
    this.startup = startup;
    this.decided = decided;
    this.bornAt = kubelet.now();
  }

  /** Starts the probes that the container has. */
  static void startAll(ContainerSlot slot, LiveContainer life, Kubelet kubelet) {
    Consumer<Boolean> killer = alive -> killUnless(alive, slot);
    ContainerSpec spec = slot.spec();
    spec.startup()
        .map(probe -> new Prober(slot, life, kubelet, probe, true, ok -> startedUp(ok, slot)))
        .ifPresent(Prober::tick);
    spec.readiness()
        .map(probe -> new Prober(slot, life, kubelet, probe, false, slot::ready))
        .ifPresent(Prober::tick);
    spec.liveness()
        .map(probe -> new Prober(slot, life, kubelet, probe, false, killer))
        .ifPresent(Prober::tick);
  }

  private static void killUnless(boolean alive, ContainerSlot slot) {
    if (!alive) {
      slot.kill();
    }
  }

  private static void startedUp(boolean success, ContainerSlot slot) {
    if (success) {
      slot.startedUp();
    } else {
      slot.kill();
    }
  }

  private void tick() {
    if (startup && slot.started()) {
      return;
    }
    life.process().after(Durations.seconds(probe.period()), this::tick);
    boolean early = kubelet.now() - bornAt < Durations.seconds(probe.initialDelay());
    boolean held = !startup && !slot.started();
    if (!early && !held && !asking) {
      asking = true;
      kubelet.ask(probe.handler(), life, Durations.seconds(probe.timeout()), this::answered);
    }
  }

  private void answered(boolean success) {
    asking = false;
    if (!life.process().alive()) {
      return;
    }
    successes = success ? successes + 1 : 0;
    failures = success ? 0 : failures + 1;
    if (successes >= probe.successThreshold()) {
      decided.accept(true);
    } else if (failures >= probe.failureThreshold()) {
      decided.accept(false);
    }
  }
}
