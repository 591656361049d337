package dev.sidecarsim.netfilter;

/** To whom the link layer addressed a packet, as {@code -m pkttype} sees it. */
public enum PacketType {
  UNICAST,
  BROADCAST,
  MULTICAST,
  /** For another host; no packet here is. */
  OTHERHOST
}
