package dev.sidecarsim.kernel;

import dev.sidecarsim.net.IpAddress;
import java.nio.ByteBuffer;

/** What a packet's headers say; ports and ICMP fields are 0 where there are none. */
record Headers(
    IpAddress src,
    IpAddress dst,
    int protocol,
    int sport,
    int dport,
    int flags,
    int icmpType,
    int icmpCode,
    int ttl,
    int tos) {

  private static final int IPV6_HEADER = 40;

  static Headers of(byte[] packet) {
    ByteBuffer in = ByteBuffer.wrap(packet);
    if ((packet[0] & 0xf0) == 0x60) {
      IpAddress src = v6(in, 8);
      IpAddress dst = v6(in, 24);
      int tos = in.getInt(0) >>> 20 & 0xff;
      return transport(in, IPV6_HEADER, src, dst, packet[6] & 0xff, packet[7] & 0xff, tos);
    }
    IpAddress src = IpAddress.v4(in.getInt(12));
    IpAddress dst = IpAddress.v4(in.getInt(16));
    int header = (packet[0] & 0xf) * 4;
    return transport(in, header, src, dst, packet[9] & 0xff, packet[8] & 0xff, packet[1] & 0xff);
  }

  private static IpAddress v6(ByteBuffer in, int at) {
    return IpAddress.v6(in.getLong(at), in.getLong(at + 8));
  }

  private static Headers transport(
      ByteBuffer in, int at, IpAddress src, IpAddress dst, int protocol, int ttl, int tos) {
    boolean ports = Frames.hasPorts(protocol);
    boolean icmp = protocol == 1 || protocol == 58;
    return new Headers(
        src,
        dst,
        protocol,
        ports ? in.getShort(at) & 0xffff : 0,
        ports ? in.getShort(at + 2) & 0xffff : 0,
        protocol == 6 ? in.get(at + 13) : 0,
        icmp ? in.get(at) & 0xff : 0,
        icmp ? in.get(at + 1) & 0xff : 0,
        ttl,
        tos);
  }

  /** The same packet, of which a raw IPv6 socket tells only the sender and what follows IPv6. */
  Headers heard(IpAddress from, byte[] segment) {
    return transport(ByteBuffer.wrap(segment), 0, from, dst, protocol, ttl, tos);
  }

  boolean isIcmp() {
    return protocol == 1 || protocol == 58;
  }

  boolean isReset() {
    return protocol == 6 && (flags & 4) != 0;
  }
}
