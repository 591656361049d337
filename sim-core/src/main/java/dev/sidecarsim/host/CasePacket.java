package dev.sidecarsim.host;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.netfilter.Skb;
import java.util.Locale;

/** One packet of a case: what is sent, and what is known of it before. */
record CasePacket(
    Packet packet,
    boolean out,
    String device,
    SocketOwner owner,
    int mark,
    Known known,
    int connectionMark,
    String mac) {

  /** What connection tracking knows of the packet's flow beforehand. */
  enum Known {
    NEW,
    ESTABLISHED,
    REPLY,
    RELATED,
    KEEP
  }

  private static final long MAX = 0xffff_ffffL;

  /** Ports of the datagram that an ICMP error quotes. */
  private static final int QUOTED_SOURCE = 40_000;

  private static final int QUOTED_DESTINATION = 53;

  /** Identifier of every echo request, so that a repeat and an answer belong to one flow. */
  private static final int ECHO_ID = 1;

  /** Length of the INIT chunk that opens an SCTP association (RFC 9260, 3.3.2). */
  private static final Bytes SCTP_INIT = Bytes.of(new byte[20]);

  /** What stands behind the IP header of protocols without ports: NAT touches that much of GRE. */
  private static final Bytes OTHER_HEADER = Bytes.of(new byte[8]);

  static CasePacket of(Json value) {
    if (!(value instanceof JsonObject json)) {
      throw new JsonException(value.location(), "a packet is an object, not " + value.type());
    }
    String direction = json.string("dir", "in");
    if (!direction.equals("in") && !direction.equals("out")) {
      throw new JsonException(json.location(), "dir is in or out, not '" + direction + "'");
    }
    try {
      return new CasePacket(
          packet(json),
          direction.equals("out"),
          json.string("iface", "eth0"),
          new SocketOwner(number(json, "uid"), number(json, "gid")),
          (int) number(json, "mark"),
          Known.valueOf(json.string("ct", "NEW").toUpperCase(Locale.ROOT)),
          (int) number(json, "connmark"),
          json.string("smac", Skb.DEFAULT_MAC).toLowerCase(Locale.ROOT));
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException(json.location(), "no packet: " + e.getMessage());
    }
  }

  private static long number(JsonObject json, String key) {
    long value = json.integer(key).orElse(0L);
    if (value < 0 || value > MAX) {
      throw new IllegalArgumentException(key + " is 0 to " + MAX + ", not " + value);
    }
    return value;
  }

  private static Packet packet(JsonObject json) {
    Protocol protocol = protocol(json);
    IpAddress src = IpAddress.of(json.requireString("src"));
    IpAddress dst = IpAddress.of(json.requireString("dst"));
    int sport = json.integer("sport", 0, 0, 65535);
    int dport = json.integer("dport", 0, 0, 65535);
    boolean tcp = protocol.equals(Protocol.TCP);
    Packet packet =
        new Packet(
            src,
            dst,
            protocol,
            protocol.hasPorts() ? sport : 0,
            protocol.hasPorts() ? dport : 0,
            tcp ? TcpFlags.of(json.string("flags", "S")) : TcpFlags.NONE,
            0,
            0,
            protocol.equals(src.v6() ? Protocol.ICMPV6 : Protocol.ICMP)
                ? icmp(json, src, dst)
                : null,
            json.integer("ttl", Packet.DEFAULT_TTL, 0, 255),
            json.integer("tos", 0, 0, 255),
            payload(protocol));
    int length = json.integer("len", 0, 0, 65535);
    return length <= packet.length() ? packet : pad(packet, length - packet.length());
  }

  private static Bytes payload(Protocol protocol) {
    return switch (protocol.number()) {
      case 1, 6, 17, 58 -> Bytes.EMPTY;
      case 132 -> SCTP_INIT;
      default -> OTHER_HEADER;
    };
  }

  private static Protocol protocol(JsonObject json) {
    return json.get("proto").orElse(Json.of("tcp")) instanceof JsonNumber number
        ? new Protocol((int) number.longValue())
        : Protocol.of(json.string("proto", "tcp"));
  }

  private static Packet pad(Packet packet, int bytes) {
    return packet.withPayload(packet.payload().plus(Bytes.of(new byte[bytes])));
  }

  private static Packet.Icmp icmp(JsonObject json, IpAddress src, IpAddress dst) {
    int type = json.integer("itype", src.v6() ? 128 : 8, 0, 255);
    Packet.Icmp message = new Packet.Icmp(type, json.integer("icode", 0, 0, 255), ECHO_ID, null);
    if (!Packet.icmp(src, dst, message).isIcmpError()) {
      return message;
    }
    Packet quoted =
        Packet.udp(
            new Endpoint(dst, QUOTED_SOURCE), new Endpoint(src, QUOTED_DESTINATION), Bytes.EMPTY);
    return new Packet.Icmp(type, message.code(), ECHO_ID, quoted);
  }
}
