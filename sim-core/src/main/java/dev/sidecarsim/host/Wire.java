package dev.sidecarsim.host;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Tracer;

/** What an interface is plugged into. */
public interface Wire {

  /** A cable that ends nowhere. */
  Wire UNPLUGGED = (packet, nextHop, tracer) -> {};

  /**
   * A packet leaves.
   *
   * @param nextHop the gateway, or the destination itself where it is on the link
   */
  void transmit(Packet packet, IpAddress nextHop, Tracer tracer);
}
