package dev.sidecarsim.kube;

import dev.sidecarsim.time.Scheduler;

/** Something that is done a fixed time after the first of many wishes for it. */
final class Debounce {

  private final Scheduler scheduler;
  private final long delayNanos;
  private final Runnable action;
  private boolean pending;

  Debounce(Scheduler scheduler, long delayNanos, Runnable action) {
    this.scheduler = scheduler;
    this.delayNanos = delayNanos;
    this.action = action;
  }

  void wish() {
    if (!pending) {
      pending = true;
      scheduler.after(delayNanos, this::run);
    }
  }

  private void run() {
    pending = false;
    action.run();
  }
}
