package dev.sidecarsim.sim;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Outcome;
import dev.sidecarsim.trace.Story;
import java.util.Optional;

/**
 * One traced connection: a program connects, sends bytes, and waits for what comes of it.
 *
 * <p>The bytes count as delivered when a program that is no proxy has read all of them unchanged
 * and, if it wrote an answer, the answer came back. With no bytes to send, accepting is enough.
 */
public final class ConnectionProbe {

  /** Longer than a kernel sends SYNs (127 s) and than any proxy waits for its upstream (10 s). */
  public static final long PATIENCE = seconds(150);

  /** How long nothing may happen before a program that has read everything counts as silent. */
  private static final long QUIET = seconds(1);

  /** How often the probe looks. */
  private static final long GLANCE = millis(1);

  /** No path passes more proxies than this; a connection that does runs in a circle. */
  private static final int MOST_PROXIES = 16;

  private final Scheduler scheduler;
  private final Bytes request;
  private final ProbeCaller caller;
  private final ProbeWitness witness;

  private ConnectionProbe(Scheduler scheduler, Bytes request) {
    this.scheduler = scheduler;
    this.request = request;
    this.caller = new ProbeCaller(request);
    this.witness = new ProbeWitness(scheduler);
  }

  /**
   * Runs the network until the connection's fate is known, at most {@link #PATIENCE}.
   *
   * @param from the calling program
   * @param request what it sends once it is connected; may be empty
   */
  public static Story run(Network network, Process from, Endpoint to, Bytes request) {
    return run(network, from, Dial.to(to), request);
  }

  /**
   * Runs the network until the connection's fate is known, at most {@link #PATIENCE}.
   *
   * @param dial how the program connects, such as from which address; its tracer is replaced
   * @param request what it sends once it is connected; may be empty
   */
  public static Story run(Network network, Process from, Dial dial, Bytes request) {
    ConnectionProbe probe = new ConnectionProbe(network.scheduler(), request);
    Connection call = from.connect(dial.traced(probe.witness), probe.caller);
    Outcome outcome = probe.await();
    call.close();
    return probe.story(outcome);
  }

  private Outcome await() {
    long deadline = scheduler.now() + PATIENCE;
    while (scheduler.now() < deadline) {
      scheduler.runUntil(scheduler.now() + GLANCE);
      Optional<Outcome> outcome = outcome();
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    return new Outcome.Hangs();
  }

  private Optional<Outcome> outcome() {
    if (witness.cause().filter(Cause::unknown).isPresent()) {
      return Optional.of(new Outcome.Unknown());
    }
    if (witness.proxies() > MOST_PROXIES) {
      return Optional.of(new Outcome.Looped());
    }
    return delivered() ? Optional.of(new Outcome.Delivered()) : caller.verdict();
  }

  private boolean delivered() {
    if (witness.accepted().isEmpty() || !witness.read().equals(request)) {
      return false;
    }
    Bytes answer = witness.wrote();
    return answer.isEmpty()
        ? caller.over() || scheduler.now() - witness.lastStepAt() >= QUIET
        : caller.got().equals(answer);
  }

  private Story story(Outcome outcome) {
    Optional<HostStep.Accepted> by = witness.accepted();
    return new Story(
        outcome,
        outcome instanceof Outcome.Delivered ? Optional.empty() : witness.cause(),
        by.map(step -> step.subject() + " " + step.program()),
        by.map(HostStep.Accepted::peer),
        by.map(HostStep.Accepted::local),
        witness.entries());
  }
}
