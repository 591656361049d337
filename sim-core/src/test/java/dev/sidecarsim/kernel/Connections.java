package dev.sidecarsim.kernel;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.IpAddress;

/** Asks for connections that have seen both directions. */
final class Connections {

  /** IPS_SEEN_REPLY, IPS_ASSURED and IPS_CONFIRMED. */
  private static final int STATUS = 2 | 4 | 8;

  private static final int TIMEOUT_SECONDS = 432_000;
  private static final int TCP_ESTABLISHED = 3;
  private static final int SCTP_ESTABLISHED = 4;

  private Connections() {}

  /**
   * A request for the connection of a packet.
   *
   * @param reply whether the packet goes the answering way
   */
  static String established(JsonObject packet, boolean reply, int mark) {
    IpAddress src = Frames.address(packet, "src");
    IpAddress dst = Frames.address(packet, "dst");
    Netlink request = Netlink.newConnection(src.v6() ? 10 : 2);
    tuple(request, 1, packet, src, dst, reply);
    tuple(request, 2, packet, src, dst, !reply);
    request.number(3, STATUS).number(7, TIMEOUT_SECONDS).number(8, mark);
    state(request, Frames.protocol(packet));
    // bound to the addresses that it has, as a connection is that packets opened
    bind(request, 6, reply ? dst : src);
    bind(request, 13, reply ? src : dst);
    return request.hex();
  }

  private static void tuple(
      Netlink request, int type, JsonObject packet, IpAddress src, IpAddress dst, boolean turned) {
    int whole = request.begin(type);
    int addresses = request.begin(1);
    request.bytes(src.v6() ? 3 : 1, Frames.bytes(turned ? dst : src));
    request.bytes(src.v6() ? 4 : 2, Frames.bytes(turned ? src : dst));
    request.end(addresses);
    int ports = request.begin(2);
    int protocol = Frames.protocol(packet);
    request.octet(1, protocol);
    if (protocol == 1 || protocol == 58) {
      icmp(request, packet, protocol, turned);
    } else if (Frames.hasPorts(protocol) || protocol == 47) {
      int sport = packet.integer("sport", 0, 0, 65535);
      int dport = packet.integer("dport", 0, 0, 65535);
      boolean keys = protocol == 47;
      request.port(2, keys ? 0 : turned ? dport : sport);
      request.port(3, keys ? 0 : turned ? sport : dport);
    }
    request.end(ports);
    request.end(whole);
  }

  private static void bind(Netlink request, int type, IpAddress address) {
    int range = request.begin(type);
    request.bytes(address.v6() ? 4 : 1, Frames.bytes(address));
    request.end(range);
  }

  private static void icmp(Netlink request, JsonObject packet, int protocol, boolean turned) {
    int type = packet.integer("itype", 8, 0, 255);
    int first = protocol == 1 ? 4 : 7;
    request.port(first, 1);
    request.octet(first + 1, turned ? answer(type) : type);
    request.octet(first + 2, packet.integer("icode", 0, 0, 255));
  }

  private static int answer(int type) {
    return switch (type) {
      case 8 -> 0;
      case 0 -> 8;
      case 13, 15, 17, 139 -> type + 1;
      case 14, 16, 18, 140 -> type - 1;
      case 128 -> 129;
      case 129 -> 128;
      default -> type;
    };
  }

  private static void state(Netlink request, int protocol) {
    if (protocol == 6 || protocol == 132) {
      int info = request.begin(4);
      int own = request.begin(protocol == 6 ? 1 : 3);
      request.octet(1, protocol == 6 ? TCP_ESTABLISHED : SCTP_ESTABLISHED);
      if (protocol == 132) {
        request.number(2, 1).number(3, 1);
      }
      request.end(own);
      request.end(info);
    }
  }
}
