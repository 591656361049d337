package dev.sidecarsim.host;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.HostView;

/** Tells whether a socket would take a packet. */
public interface SocketLookup {

  /** A host without sockets. */
  SocketLookup NONE = (packet, among) -> false;

  /** Whether a socket takes the packet as it is. */
  boolean hasSocketFor(Packet packet, HostView.Sockets among);
}
