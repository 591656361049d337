package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import org.jspecify.annotations.Nullable;

/** What rules ask of the host that they stand in. */
public interface HostView {

  /**
   * Where a route leads.
   *
   * @param local whether packets are delivered on this host
   */
  record Way(String device, boolean local) {}

  /** Which sockets are looked at. */
  enum Sockets {
    /** Connections alone. */
    CONNECTED,
    /** Those too that listen on one address. */
    BOUND,
    /** Those too that listen on all addresses. */
    ALL
  }

  /** The name of the pod or node, for steps and causes. */
  String name();

  /** What the routing table takes an address for. */
  AddressType addressType(IpAddress address);

  /** What the addresses of one interface alone make of an address ({@code --limit-iface}). */
  AddressType addressType(IpAddress address, String device);

  /** The first address of an interface, where REDIRECT sends packets; null if it has none. */
  @Nullable IpAddress firstAddress(String device, boolean v6);

  /**
   * The address with which MASQUERADE speaks to a next hop, or in IPv6 to a destination; null if
   * there is none.
   */
  @Nullable IpAddress addressTowards(String device, IpAddress nextHop);

  /** The way of a packet to one machine; null if the address is none or no route leads there. */
  @Nullable Way wayTo(IpAddress address, int mark);

  /** Whether a socket of this host would take the packet ({@code -m socket}, TPROXY). */
  boolean hasSocketFor(Packet packet, Sockets among);
}
