package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection as connection tracking tells it from others.
 *
 * @param zone the zone in which it is unique
 * @param sport source port; an ICMP message's id
 * @param dport destination port; type and code of an ICMP message, type in the upper byte
 */
record Tuple(int zone, int protocol, IpAddress src, int sport, IpAddress dst, int dport) {

  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  static Tuple of(Packet packet, int zone) {
    Packet.Icmp icmp = packet.icmp();
    int sport = icmp == null ? packet.sport() : icmp.id();
    int dport = icmp == null ? packet.dport() : (icmp.type() << 8) | icmp.code();
    return new Tuple(zone, packet.protocol().number(), packet.src(), sport, packet.dst(), dport);
  }

  boolean isIcmp() {
    return protocol == ICMP || protocol == ICMPV6;
  }

  int icmpType() {
    return dport >>> 8;
  }

  /** The answer's tuple, or null for an ICMP type that has no answer. */
  @Nullable Tuple inverse(int replyZone) {
    if (!isIcmp()) {
      return new Tuple(replyZone, protocol, dst, dport, src, sport);
    }
    int answer = protocol == ICMP ? answerV4(icmpType()) : answerV6(icmpType());
    return answer < 0
        ? null
        : new Tuple(replyZone, protocol, dst, sport, src, (answer << 8) | (dport & 0xff));
  }

  private static int answerV4(int type) {
    return switch (type) {
      case 8 -> 0;
      case 0 -> 8;
      case 13 -> 14;
      case 14 -> 13;
      case 15 -> 16;
      case 16 -> 15;
      case 17 -> 18;
      case 18 -> 17;
      default -> -1;
    };
  }

  private static int answerV6(int type) {
    return switch (type) {
      case 128 -> 129;
      case 129 -> 128;
      case 139 -> 140;
      case 140 -> 139;
      default -> -1;
    };
  }

  Tuple withSource(IpAddress address, int port) {
    return new Tuple(zone, protocol, address, port, dst, dport);
  }

  Tuple withDestination(IpAddress address, int port) {
    return new Tuple(zone, protocol, src, sport, address, port);
  }

  Tuple inZone(int other) {
    return other == zone ? this : new Tuple(other, protocol, src, sport, dst, dport);
  }

  /** Written out, as connections are looked up by it several times a packet. */
  @Override
  public int hashCode() {
    int addresses = 31 * src.hashCode() + dst.hashCode();
    return 31 * addresses + (sport << 16 | dport) * 0x9e3779b1 + 31 * zone + protocol;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tuple that
        && sport == that.sport
        && dport == that.dport
        && src.equals(that.src)
        && dst.equals(that.dst)
        && protocol == that.protocol
        && zone == that.zone;
  }

  Endpoint from() {
    return new Endpoint(src, sport);
  }

  Endpoint to() {
    return new Endpoint(dst, dport);
  }
}
