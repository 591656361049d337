package dev.sidecarsim.host;

import dev.sidecarsim.net.Packet;

/** Tells whether a socket would take a packet. */
public interface SocketLookup {

  /** A host without sockets. */
  SocketLookup NONE = (packet, listening) -> false;

  /**
   * Whether a socket takes the packet as it is.
   *
   * @param listening true to ask for listening (or unconnected) sockets too
   */
  boolean hasSocketFor(Packet packet, boolean listening);
}
