package dev.sidecarsim.host;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;

/**
 * What a program asks of connect(2).
 *
 * @param to the address called
 * @param source the address to bind to first; empty: the kernel's choice
 * @param timeoutNanos when the program gives up, in nanoseconds; 0: when the kernel does
 * @param tracer where the steps go
 */
public record Dial(Endpoint to, Optional<IpAddress> source, long timeoutNanos, Tracer tracer) {

  public static Dial to(Endpoint to) {
    return new Dial(to, Optional.empty(), 0, Tracer.OFF);
  }

  public Dial from(IpAddress address) {
    return new Dial(to, Optional.of(address), timeoutNanos, tracer);
  }

  public Dial within(long nanos) {
    return new Dial(to, source, nanos, tracer);
  }

  public Dial traced(Tracer by) {
    return new Dial(to, source, timeoutNanos, by);
  }
}
