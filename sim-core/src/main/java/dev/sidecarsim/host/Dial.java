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
 * @param transparent whether the source may be an address of another host (IP_TRANSPARENT)
 * @param mark the socket's mark (SO_MARK), which its packets carry
 * @param timeoutNanos when the program gives up, in nanoseconds; 0: when the kernel does
 * @param tracer where the steps go
 */
public record Dial(
    Endpoint to,
    Optional<IpAddress> source,
    boolean transparent,
    int mark,
    long timeoutNanos,
    Tracer tracer) {

  public static Dial to(Endpoint to) {
    return new Dial(to, Optional.empty(), false, 0, 0, Tracer.OFF);
  }

  public Dial from(IpAddress address) {
    return new Dial(to, Optional.of(address), transparent, mark, timeoutNanos, tracer);
  }

  /** From an address that may be another host's, with a mark by which answers find back. */
  public Dial transparentlyFrom(IpAddress address, int socketMark) {
    return new Dial(to, Optional.of(address), true, socketMark, timeoutNanos, tracer);
  }

  /** From an address that may be another host's. */
  public Dial transparentlyFrom(IpAddress address) {
    return transparentlyFrom(address, mark);
  }

  public Dial within(long nanos) {
    return new Dial(to, source, transparent, mark, nanos, tracer);
  }

  public Dial traced(Tracer by) {
    return new Dial(to, source, transparent, mark, timeoutNanos, by);
  }

  /**
   * With the destination that the kernel puts for a wildcard: the bound source for IPv4 ({@code
   * ip_route_output_key()}), loopback for IPv6 ({@code tcp_v6_connect()}) and without a source.
   */
  Dial withoutWildcard() {
    if (!to.isWildcard()) {
      return this;
    }
    IpAddress loopback = to.address().loopback();
    IpAddress host = to.address().v6() ? loopback : source.orElse(loopback);
    return new Dial(new Endpoint(host, to.port()), source, transparent, mark, timeoutNanos, tracer);
  }
}
