package dev.sidecarsim.render;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import java.nio.ByteBuffer;

/** A packet as it stands on the wire: RFC 791, 8200, 9293, 768, 792 and 4443, without options. */
final class PacketBytes {

  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int TCP_HEADER = 20;
  private static final int SHORT_HEADER = 8;

  /** The model has no flow control: the window is as wide as a header without scaling can say. */
  private static final short WINDOW = (short) 65535;

  private PacketBytes() {}

  static byte[] of(Packet packet) {
    byte[] transport = transport(packet);
    return packet.src().v6() ? ipv6(packet, transport) : ipv4(packet, transport);
  }

  private static byte[] ipv4(Packet packet, byte[] transport) {
    ByteBuffer out = ByteBuffer.allocate(IPV4_HEADER + transport.length);
    out.put((byte) 0x45).put((byte) packet.tos()).putShort((short) out.capacity());
    // No identification, "don't fragment".
    out.putShort((short) 0).putShort((short) 0x4000);
    out.put((byte) packet.ttl()).put((byte) packet.protocol().number()).putShort((short) 0);
    put(out, packet.src());
    put(out, packet.dst());
    out.putShort(10, fold(sum(out.array(), 0, IPV4_HEADER)));
    return out.put(transport).array();
  }

  private static byte[] ipv6(Packet packet, byte[] transport) {
    ByteBuffer out = ByteBuffer.allocate(IPV6_HEADER + transport.length);
    out.putInt((6 << 28) | (packet.tos() << 20)).putShort((short) transport.length);
    out.put((byte) packet.protocol().number()).put((byte) packet.ttl());
    put(out, packet.src());
    put(out, packet.dst());
    return out.put(transport).array();
  }

  private static byte[] transport(Packet packet) {
    if (packet.protocol().equals(Protocol.TCP)) {
      return tcp(packet);
    }
    if (packet.protocol().equals(Protocol.UDP)) {
      return udp(packet);
    }
    return packet.icmp() == null ? packet.payload().toByteArray() : icmp(packet, packet.icmp());
  }

  private static byte[] tcp(Packet packet) {
    ByteBuffer out = ByteBuffer.allocate(TCP_HEADER + packet.payload().size());
    out.putShort((short) packet.sport()).putShort((short) packet.dport());
    out.putInt((int) packet.seq()).putInt((int) packet.ack());
    out.put((byte) ((TCP_HEADER / 4) << 4)).put((byte) packet.flags().bits());
    out.putShort(WINDOW).putInt(0).put(packet.payload().toByteArray());
    return out.putShort(16, checksum(packet, out.array())).array();
  }

  private static byte[] udp(Packet packet) {
    ByteBuffer out = ByteBuffer.allocate(SHORT_HEADER + packet.payload().size());
    out.putShort((short) packet.sport()).putShort((short) packet.dport());
    out.putShort((short) out.capacity()).putShort((short) 0);
    out.put(packet.payload().toByteArray());
    return out.putShort(6, checksum(packet, out.array())).array();
  }

  private static byte[] icmp(Packet packet, Packet.Icmp icmp) {
    Packet about = icmp.quoted();
    byte[] data = about == null ? packet.payload().toByteArray() : of(about);
    ByteBuffer out = ByteBuffer.allocate(SHORT_HEADER + data.length);
    out.put((byte) icmp.type()).put((byte) icmp.code()).putShort((short) 0);
    out.putShort((short) icmp.id()).putShort((short) 0).put(data);
    boolean pseudo = packet.protocol().equals(Protocol.ICMPV6);
    short sum = pseudo ? checksum(packet, out.array()) : fold(sum(out.array(), 0, out.capacity()));
    return out.putShort(2, sum).array();
  }

  /** Over the pseudo header and the segment. */
  private static short checksum(Packet packet, byte[] segment) {
    ByteBuffer pseudo = ByteBuffer.allocate(packet.src().v6() ? 40 : 12);
    put(pseudo, packet.src());
    put(pseudo, packet.dst());
    pseudo.putShort(pseudo.capacity() - 2, (short) packet.protocol().number());
    long sum = sum(pseudo.array(), 0, pseudo.capacity()) + segment.length;
    return fold(sum + sum(segment, 0, segment.length));
  }

  private static long sum(byte[] data, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += (long) (data[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
    }
    return sum;
  }

  private static short fold(long sum) {
    long folded = sum;
    while (folded > 0xffff) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (short) ~folded;
  }

  private static void put(ByteBuffer out, IpAddress address) {
    if (address.v6()) {
      out.putLong(address.high()).putLong(address.low());
    } else {
      out.putInt(address.v4Bits());
    }
  }
}
