package dev.sidecarsim.kernel;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import java.nio.ByteBuffer;

/** Packets of the case format as bytes: RFC 791, 8200, 9293, 768, 792 and 4443. */
final class Frames {

  private Frames() {}

  static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case 6, 17, 33, 132, 136 -> true;
      default -> false;
    };
  }

  static int protocol(JsonObject packet) {
    return Protocol.of(packet.string("proto", "tcp")).number();
  }

  static IpAddress address(JsonObject packet, String key) {
    return IpAddress.of(packet.requireString(key));
  }

  /** The packet from its IP header on. */
  static byte[] packet(JsonObject packet) {
    IpAddress src = address(packet, "src");
    IpAddress dst = address(packet, "dst");
    int protocol = protocol(packet);
    int header = src.v6() ? 40 : 20;
    byte[] transport = transport(packet, src, dst, protocol);
    int length = Math.max(packet.integer("len", 0, 0, 1500), header + transport.length);
    byte[] padded = java.util.Arrays.copyOf(transport, length - header);
    seal(padded, src, dst, protocol);
    return ip(packet, src, dst, protocol, padded);
  }

  private static byte[] ip(
      JsonObject packet, IpAddress src, IpAddress dst, int protocol, byte[] transport) {
    int ttl = packet.integer("ttl", 64, 0, 255);
    int tos = packet.integer("tos", 0, 0, 255);
    ByteBuffer out = ByteBuffer.allocate((src.v6() ? 40 : 20) + transport.length);
    if (src.v6()) {
      out.putInt(6 << 28 | tos << 20).putShort((short) transport.length);
      out.put((byte) protocol).put((byte) ttl);
    } else {
      out.put((byte) 0x45).put((byte) tos).putShort((short) out.capacity()).putInt(0);
      out.put((byte) ttl).put((byte) protocol).putShort((short) 0);
    }
    out.put(bytes(src)).put(bytes(dst));
    if (src.v4()) {
      out.putShort(10, fold(sum(out.array(), 20)));
    }
    return out.put(transport).array();
  }

  private static byte[] transport(JsonObject packet, IpAddress src, IpAddress dst, int protocol) {
    return switch (protocol) {
      case 6 -> {
        int flags = TcpFlags.of(packet.string("flags", "S")).bits();
        ByteBuffer tcp = ports(packet, 20).putLong(0);
        yield bytes(tcp.put((byte) 0x50).put((byte) flags).putShort((short) -1).putInt(0));
      }
      case 17, 136 -> bytes(ports(packet, 8));
      case 132 -> sctpInit(packet);
      case 1, 58 -> icmp(packet, src, dst);
      default -> new byte[8];
    };
  }

  /** The chunk that opens an association, with tag and numbers of 1 (RFC 9260, 3.3.2). */
  private static byte[] sctpInit(JsonObject packet) {
    ByteBuffer out = ports(packet, 32).putLong(0);
    out.putInt(1 << 24 | 20).putInt(1).putInt(65535).putInt(1 << 16 | 1);
    return bytes(out.putInt(1));
  }

  private static ByteBuffer ports(JsonObject packet, int length) {
    return ByteBuffer.allocate(length)
        .putShort((short) packet.integer("sport", 0, 0, 65535))
        .putShort((short) packet.integer("dport", 0, 0, 65535));
  }

  /** Errors quote a datagram that went the other way; all else has the identifier 1. */
  private static byte[] icmp(JsonObject packet, IpAddress src, IpAddress dst) {
    int type = packet.integer("itype", 8, 0, 255);
    byte[] quoted = isError(type, src.v6()) ? quoted(src, dst) : new byte[0];
    ByteBuffer out = ByteBuffer.allocate(8 + quoted.length);
    out.put((byte) type).put((byte) packet.integer("icode", 0, 0, 255)).putShort((short) 0);
    return out.putShort((short) (quoted.length == 0 ? 1 : 0))
        .putShort((short) 0)
        .put(quoted)
        .array();
  }

  static boolean isError(int type, boolean v6) {
    return v6 ? type < 128 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
  }

  static JsonObject quotedPacket(IpAddress src, IpAddress dst) {
    return dev.sidecarsim.json.Json.object()
        .put("proto", "udp")
        .put("src", dst.toString())
        .put("sport", 40_000)
        .put("dst", src.toString())
        .put("dport", 53)
        .build();
  }

  private static byte[] quoted(IpAddress src, IpAddress dst) {
    return packet(quotedPacket(src, dst));
  }

  /** Writes length and checksum. */
  private static void seal(byte[] segment, IpAddress src, IpAddress dst, int protocol) {
    ByteBuffer out = ByteBuffer.wrap(segment);
    int at =
        switch (protocol) {
          case 6 -> 16;
          case 17, 136 -> 6;
          case 1, 58 -> 2;
          default -> -1;
        };
    if (at < 0) {
      return;
    }
    if (protocol == 17 || protocol == 136) {
      out.putShort(4, (short) segment.length);
    }
    long pseudo = protocol == 1 ? 0 : pseudo(src, dst, protocol, segment.length);
    out.putShort(at, fold(pseudo + sum(segment, segment.length)));
  }

  private static long pseudo(IpAddress src, IpAddress dst, int protocol, int length) {
    return sum(bytes(src), bytes(src).length)
        + sum(bytes(dst), bytes(dst).length)
        + protocol
        + length;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] all = new byte[buffer.capacity()];
    buffer.get(0, all);
    return all;
  }

  static byte[] bytes(IpAddress address) {
    return address.v6()
        ? ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low()).array()
        : ByteBuffer.allocate(4).putInt(address.v4Bits()).array();
  }

  private static long sum(byte[] data, int length) {
    long sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (long) (data[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
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

  /** An Ethernet frame around a packet. */
  static byte[] frame(byte[] packet, byte[] to, byte[] from) {
    boolean v6 = (packet[0] & 0xf0) == 0x60;
    return ByteBuffer.allocate(14 + packet.length)
        .put(to)
        .put(from)
        .putShort((short) (v6 ? 0x86dd : 0x0800))
        .put(packet)
        .array();
  }
}
