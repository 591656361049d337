package dev.sidecarsim.time;

import com.google.common.math.LongMath;

/**
 * The event queue of one run and its clock. It belongs to the thread that made it.
 *
 * <p>Two events of the same instant run in the order in which they were scheduled, so a run never
 * depends on how the queue is built.
 */
public final class Scheduler {

  /**
   * Events that were more than this away when they were scheduled wait by themselves: the many that
   * end a TIME_WAIT or retransmit would make the few on the wire, which come and go all the time,
   * travel through all of them.
   */
  private static final long FAR = Durations.millis(100);

  private final EventHeap<Event> near = new EventHeap<>();
  private final EventHeap<Event> far = new EventHeap<>();
  private final Thread owner = Thread.currentThread();
  private long now;
  private long scheduled;
  private long executed;

  /** The present, in nanoseconds since the start of the run. */
  public long now() {
    return now;
  }

  /** How many events have run so far. */
  public long executed() {
    return executed;
  }

  /** Runs an action {@code delayNanos} from now; the answer can call it off. */
  public Timer after(long delayNanos, Runnable action) {
    checkThread();
    if (delayNanos < 0) {
      throw new IllegalArgumentException(
          "an event cannot be scheduled "
              + -delayNanos
              + " ns in the past; give a delay of 0 or more");
    }
    Event event = new Event(action);
    // A delay of centuries is one for ever.
    (delayNanos < FAR ? near : far).add(LongMath.saturatedAdd(now, delayNanos), scheduled++, event);
    return event;
  }

  /** Runs all events up to and including the given instant and moves the clock there. */
  public void runUntil(long timeNanos) {
    checkThread();
    if (timeNanos < now) {
      throw new IllegalArgumentException(
          "the run is at " + now + " ns already and cannot go back to " + timeNanos + " ns");
    }
    while (runNext(timeNanos)) {
      // each call runs one event
    }
    now = timeNanos;
  }

  private boolean runNext(long limit) {
    EventHeap<Event> queue = near.isBefore(far) ? near : far;
    if (queue.isEmpty() || queue.firstTime() > limit) {
      return false;
    }
    long time = queue.firstTime();
    Event next = queue.removeFirst();
    if (!next.cancelled) {
      now = time;
      next.cancelled = true;
      executed++;
      next.action.run();
    }
    return true;
  }

  private void checkThread() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "this run belongs to thread '"
              + owner.getName()
              + "' and was called from '"
              + Thread.currentThread().getName()
              + "'; fork it or start another run for each thread");
    }
  }

  private static final class Event implements Timer {
    private final Runnable action;
    private boolean cancelled;

    Event(Runnable action) {
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public boolean pending() {
      return !cancelled;
    }
  }
}
