package dev.sidecarsim.host;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Cause;

/** Why the IP layer did not pass a packet on. */
public sealed interface IpCause extends Cause {

  /** No route covers the destination, or the one that does says unreachable. */
  record NoRoute(String subject, Packet packet, String errno) implements IpCause {
    @Override
    public String code() {
      return "NO_ROUTE";
    }

    @Override
    public String text() {
      return "no route from " + packet.src() + " to " + packet.dst() + " (" + errno + ")";
    }
  }

  /** Source or destination cannot be true for where the packet came from. */
  record Martian(String subject, Packet packet, String reason) implements IpCause {
    @Override
    public String code() {
      return "MARTIAN";
    }

    @Override
    public String text() {
      return packet + " was dropped: " + reason;
    }
  }

  /** The packet has crossed too many hosts. */
  record TtlExpired(String subject, Packet packet) implements IpCause {
    @Override
    public String code() {
      return "TTL_EXPIRED";
    }

    @Override
    public String text() {
      return packet + " was dropped: its TTL of " + packet.ttl() + " is used up";
    }
  }
}
