package dev.sidecarsim.trace;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.time.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tracer that keeps everything, with the simulated time at which it happened. */
public final class Trace implements Tracer {

  /**
   * A step and its time.
   *
   * @param nanos simulated time since the start of the run
   */
  public record Entry(long nanos, Step step) {}

  private final Scheduler scheduler;
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable Cause cause;

  public Trace(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public void step(Step step) {
    entries.add(new Entry(scheduler.now(), step));
  }

  @Override
  public void cause(Cause first) {
    if (cause == null) {
      cause = first;
    }
  }

  public ImmutableList<Entry> entries() {
    return ImmutableList.copyOf(entries);
  }

  /** The root cause of a failure; empty while nothing has failed. */
  public Optional<Cause> cause() {
    return Optional.ofNullable(cause);
  }
}
