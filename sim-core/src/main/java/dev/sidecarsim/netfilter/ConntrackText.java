package dev.sidecarsim.netfilter;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;

/** One line for each tracked connection, as the tools of a real host print it. */
final class ConntrackText {

  private static final int TCP = 6;
  private static final int GRE = 47;
  private static final int SCTP = 132;

  private final long now;

  /**
   * @param now simulated time, from which what is left of a connection's time is counted
   */
  ConntrackText(long now) {
    this.now = now;
  }

  /** As {@code conntrack -L} prints it. */
  String listed(Connection connection) {
    return head(connection)
        + body(connection, false)
        + zone(connection, CtTarget.Side.BOTH, false)
        + "use=1\n";
  }

  /** As {@code /proc/net/nf_conntrack} shows it. */
  String shown(Connection connection) {
    String family = connection.original().src().v6() ? "ipv6     10 " : "ipv4     2 ";
    return family
        + head(connection)
        + (connection.original().protocol() == GRE ? "timeout=30, stream_timeout=180 " : "")
        + body(connection, true)
        + zone(connection, CtTarget.Side.BOTH, true)
        + "use=2\n";
  }

  private String head(Connection connection) {
    int protocol = connection.original().protocol();
    long seconds = Math.max(0, (connection.expires - now) / SECOND);
    String state =
        switch (protocol) {
          case TCP -> connection.tcp.state() + " ";
          case SCTP -> connection.isAssociated() ? "ESTABLISHED " : "CLOSED ";
          default -> "";
        };
    return "%-8s %d %d %s".formatted(name(protocol), protocol, seconds, state);
  }

  /** {@code l4proto_name()}: protocols that have a tracker of their own. */
  private static String name(int protocol) {
    return switch (protocol) {
      case 1 -> "icmp";
      case TCP -> "tcp";
      case 17 -> "udp";
      case 33 -> "dccp";
      case GRE -> "gre";
      case SCTP -> "sctp";
      case 136 -> "udplite";
      case 58 -> "icmpv6";
      default -> "unknown";
    };
  }

  private static String body(Connection connection, boolean whole) {
    Tuple original = connection.original();
    Tuple reply = connection.reply();
    return tuple(original, whole)
        + zone(connection, CtTarget.Side.ORIGINAL, whole)
        + (connection.has(Connection.SEEN_REPLY) ? "" : "[UNREPLIED] ")
        + tuple(reply, whole)
        + zone(connection, CtTarget.Side.REPLY, whole)
        + (connection.has(Connection.ASSURED) ? "[ASSURED] " : "")
        + "mark="
        + Integer.toUnsignedString(connection.mark)
        + " ";
  }

  /**
   * {@code ct_show_zone()} at its place in the line.
   *
   * @param whole whether zone 0 is shown, which {@code conntrack -L} leaves out
   */
  private static String zone(Connection connection, CtTarget.Side place, boolean whole) {
    boolean reply = place == CtTarget.Side.REPLY;
    int number = (reply ? connection.reply() : connection.original()).zone();
    if (connection.zoneSide != place || (number == 0 && !whole)) {
      return "";
    }
    String name =
        switch (place) {
          case BOTH -> "zone=";
          case ORIGINAL -> "zone-orig=";
          case REPLY -> "zone-reply=";
        };
    return name + number + " ";
  }

  /**
   * @param whole whether IPv6 addresses are written in full
   */
  private static String tuple(Tuple tuple, boolean whole) {
    String addresses =
        "src=" + address(tuple.src(), whole) + " dst=" + address(tuple.dst(), whole) + " ";
    if (tuple.isIcmp()) {
      String kind = "type=" + tuple.icmpType() + " code=" + (tuple.dport() & 0xff);
      return addresses + kind + " id=" + tuple.sport() + " ";
    }
    if (tuple.protocol() == GRE) {
      return addresses + "srckey=0x0 dstkey=0x0 ";
    }
    if (!new Protocol(tuple.protocol()).hasPorts()) {
      return addresses;
    }
    return addresses + "sport=" + tuple.sport() + " dport=" + tuple.dport() + " ";
  }

  private static String address(IpAddress address, boolean whole) {
    return whole && address.v6()
        ? "%016x%016x".formatted(address.high(), address.low()).replaceAll("(....)(?!$)", "$1:")
        : address.toString();
  }
}
