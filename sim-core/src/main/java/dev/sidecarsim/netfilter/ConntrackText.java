package dev.sidecarsim.netfilter;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.net.Protocol;

/** One line for each tracked connection, as the tools of a real host print it. */
final class ConntrackText {

  private static final int TCP = 6;

  private final long now;

  /**
   * @param now simulated time, from which what is left of a connection's time is counted
   */
  ConntrackText(long now) {
    this.now = now;
  }

  /** As {@code conntrack -L} prints it. */
  String listed(Connection connection) {
    return head(connection) + body(connection, zones(connection)) + "use=1\n";
  }

  /** As {@code /proc/net/nf_conntrack} shows it. */
  String shown(Connection connection) {
    boolean v6 = connection.original().src().v6();
    String zone = "zone=" + connection.original().zone() + " ";
    String family = v6 ? "ipv6     10 " : "ipv4     2 ";
    return family + head(connection) + body(connection, zone) + "use=2\n";
  }

  private String head(Connection connection) {
    Protocol protocol = new Protocol(connection.original().protocol());
    long seconds = Math.max(0, (connection.expires - now) / SECOND);
    String state = protocol.number() == TCP ? connection.tcp.state() + " " : "";
    return "%-8s %d %d %s".formatted(name(protocol), protocol.number(), seconds, state);
  }

  private static String name(Protocol protocol) {
    String name = protocol.equals(Protocol.ICMPV6) ? "icmpv6" : protocol.toString();
    return Character.isDigit(name.charAt(0)) ? "unknown" : name;
  }

  private static String body(Connection connection, String zone) {
    return tuple(connection.original())
        + (connection.has(Connection.SEEN_REPLY) ? "" : "[UNREPLIED] ")
        + tuple(connection.reply())
        + (connection.has(Connection.ASSURED) ? "[ASSURED] " : "")
        + "mark="
        + Integer.toUnsignedString(connection.mark)
        + " "
        + zone;
  }

  private static String tuple(Tuple tuple) {
    String addresses = "src=" + tuple.src() + " dst=" + tuple.dst() + " ";
    if (tuple.isIcmp()) {
      String kind = "type=" + tuple.icmpType() + " code=" + (tuple.dport() & 0xff);
      return addresses + kind + " id=" + tuple.sport() + " ";
    }
    if (!new Protocol(tuple.protocol()).hasPorts()) {
      return addresses;
    }
    return addresses + "sport=" + tuple.sport() + " dport=" + tuple.dport() + " ";
  }

  /** A zone of both directions, or of each; nothing for the default zone. */
  private static String zones(Connection connection) {
    int original = connection.original().zone();
    int reply = connection.reply().zone();
    if (original == reply) {
      return original == 0 ? "" : "zone=" + original + " ";
    }
    return (original == 0 ? "" : "zone-orig=" + original + " ")
        + (reply == 0 ? "" : "zone-reply=" + reply + " ");
  }
}
