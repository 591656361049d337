package dev.sidecarsim.sim;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Step;
import dev.sidecarsim.trace.Trace;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows a probe's connection to the program that it ends at. */
final class ProbeWitness implements Tracer {

  private final Scheduler scheduler;
  private final Trace trace;
  private HostStep.@Nullable Accepted accepted;
  private Bytes read = Bytes.EMPTY;
  private Bytes wrote = Bytes.EMPTY;
  private int proxies;
  private long lastStepAt;

  ProbeWitness(Scheduler scheduler) {
    this.scheduler = scheduler;
    this.trace = new Trace(scheduler);
  }

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public void step(Step step) {
    lastStepAt = scheduler.now();
    trace.step(step);
    if (step instanceof HostStep.Accepted accept) {
      follow(accept);
    } else if (step instanceof HostStep.Read reading && ours(reading.local(), reading.remote())) {
      read = read.plus(reading.data());
    } else if (step instanceof HostStep.Wrote writing && ours(writing.local(), writing.remote())) {
      wrote = wrote.plus(writing.data());
    }
  }

  @Override
  public void cause(Cause cause) {
    trace.cause(cause);
  }

  private void follow(HostStep.Accepted accept) {
    if (accept.proxy()) {
      proxies++;
    } else {
      accepted = accept;
      read = Bytes.EMPTY;
      wrote = Bytes.EMPTY;
    }
  }

  private boolean ours(Object local, Object remote) {
    return accepted != null && accepted.local().equals(local) && accepted.peer().equals(remote);
  }

  /** Where the connection ended: the program that is no proxy. */
  Optional<HostStep.Accepted> accepted() {
    return Optional.ofNullable(accepted);
  }

  Bytes read() {
    return read;
  }

  Bytes wrote() {
    return wrote;
  }

  int proxies() {
    return proxies;
  }

  long lastStepAt() {
    return lastStepAt;
  }

  Optional<Cause> cause() {
    return trace.cause();
  }

  ImmutableList<Trace.Entry> entries() {
    return trace.entries();
  }
}
