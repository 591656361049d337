package dev.sidecarsim.host;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Tracer;

/** Takes the packets that the IP layer delivers to this host. */
public interface TransportLayer {

  /** Drops everything. */
  TransportLayer NONE = (packet, tracer) -> {};

  /** A packet has passed INPUT. */
  void deliver(Packet packet, Tracer tracer);
}
