package dev.sidecarsim.host;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Tracer;

/** Takes the packets that the IP layer delivers to this host. */
public interface TransportLayer {

  /** Drops everything. */
  TransportLayer NONE = (packet, tracer) -> {};

  /** A packet has passed INPUT. */
  void deliver(Packet packet, Tracer tracer);

  /**
   * A packet has passed INPUT that TPROXY gave to a socket which does not have its destination.
   *
   * @param socket the address of that socket
   */
  default void deliverTo(Endpoint socket, Packet packet, Tracer tracer) {
    deliver(packet, tracer);
  }
}
