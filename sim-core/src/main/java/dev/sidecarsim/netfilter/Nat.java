package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Address translation: binds a connection once, and rewrites its packets ever after. */
final class Nat {

  /** NF_NAT_MAX_ATTEMPTS of the kernel. */
  private static final int MAX_ATTEMPTS = 128;

  private static final int MIN_ATTEMPTS = 16;

  /** ICMP's message that another gateway is nearer (RFC 792). */
  private static final int REDIRECT = 5;

  private final ConnectionTable table;
  private final Random random;

  Nat(ConnectionTable table, Random random) {
    this.table = table;
    this.random = random;
  }

  /** Whether a hook rewrites sources; the others rewrite destinations. */
  static boolean isSource(Hook hook) {
    return hook == Hook.POSTROUTING || hook == Hook.INPUT;
  }

  static boolean isBound(Connection connection, boolean source) {
    return connection.has(source ? Connection.SRC_DONE : Connection.DST_DONE);
  }

  /** Chooses the connection's source or destination from a range, for good. */
  void bind(Connection connection, boolean source, NatRange range) {
    // nf_nat_setup_info(): rules that came later leave a connection as it is
    if (connection.has(Connection.CONFIRMED)) {
      return;
    }
    Tuple current = inverse(connection.reply(), connection.original().zone());
    Tuple chosen = unique(current, range, connection, source);
    if (!chosen.equals(current)) {
      connection.setReply(inverse(chosen, connection.reply().zone()));
      connection.set(source ? Connection.SRC_NAT : Connection.DST_NAT);
    }
    connection.set(source ? Connection.SRC_DONE : Connection.DST_DONE);
  }

  private static Tuple inverse(Tuple tuple, int zone) {
    Tuple inverse = tuple.inverse(zone);
    return inverse == null ? tuple.inZone(zone) : inverse;
  }

  /** {@code get_unique_tuple()} of the kernel. */
  private Tuple unique(Tuple current, NatRange range, Connection connection, boolean source) {
    if (source && !range.random()) {
      if (inRange(current, range)) {
        if (!clashes(current, connection)) {
          return current;
        }
      } else {
        Tuple known = sameSource(connection, current, range);
        if (known != null && !isTaken(known, connection)) {
          return known;
        }
      }
    }
    Tuple chosen = withAddress(current, range, connection.zone(), source);
    if (!range.random()) {
      if (range.hasPorts()) {
        boolean one = range.minPort() == range.maxPort();
        if (portInRange(chosen, range, source) && (one || !isTaken(chosen, connection))) {
          return chosen;
        }
      } else if (!isTaken(chosen, connection)) {
        return chosen;
      }
    }
    return withPort(chosen, range, connection, source);
  }

  private static boolean inRange(Tuple tuple, NatRange range) {
    return range.containsAddress(tuple.src()) && portInRange(tuple, range, true);
  }

  private static boolean portInRange(Tuple tuple, NatRange range, boolean source) {
    if (tuple.isIcmp()) {
      return range.containsPort(tuple.sport());
    }
    return !hasPorts(tuple) || range.containsPort(source ? tuple.sport() : tuple.dport());
  }

  private static boolean hasPorts(Tuple tuple) {
    return switch (tuple.protocol()) {
      case 6, 17, 33, 132, 136 -> true;
      default -> false;
    };
  }

  /**
   * The source that another connection of this source got, if the range allows it ({@code
   * find_appropriate_src()}).
   */
  private @Nullable Tuple sameSource(Connection connection, Tuple current, NatRange range) {
    Connection other = table.newestOf(connection.original());
    for (; other != null; other = table.older(other)) {
      Tuple got = other.reply();
      Tuple mapped = current.withSource(got.dst(), got.isIcmp() ? got.sport() : got.dport());
      if (inRange(mapped, range)) {
        return mapped;
      }
    }
    return null;
  }

  private static Tuple withAddress(Tuple tuple, NatRange range, int zone, boolean source) {
    IpAddress from = range.from();
    IpAddress to = range.to();
    if (from == null || to == null) {
      return tuple;
    }
    IpAddress address =
        from.equals(to) ? from : AddressChoice.of(range, from, to, tuple, zone, source);
    return source
        ? tuple.withSource(address, tuple.sport())
        : tuple.withDestination(address, tuple.dport());
  }

  /** {@code nf_nat_l4proto_unique_tuple()}: tries ports from a random one on. */
  private Tuple withPort(Tuple tuple, NatRange range, Connection connection, boolean source) {
    boolean icmp = tuple.isIcmp();
    if (!icmp && !hasPorts(tuple)) {
      return tuple;
    }
    int min = range.minPort();
    int size = range.maxPort() - min + 1;
    if (!range.hasPorts()) {
      if (!source && !icmp) {
        return tuple;
      }
      // a source port stays among those of its privilege
      int port = tuple.sport();
      min = icmp ? 0 : port < 512 ? 1 : port < 1024 ? 600 : 1024;
      size = icmp ? 65536 : port < 512 ? 511 : port < 1024 ? 424 : 64512;
    }
    int attempts = Math.min(size, MAX_ATTEMPTS);
    Tuple tried = tuple;
    // the ports of a destination are tried in their order
    int offset = source || range.random() ? random.nextInt(65536) : 0;
    while (true) {
      for (int i = 0; i < attempts; i++) {
        int port = min + (offset + i) % size;
        tried =
            source || icmp
                ? tuple.withSource(tuple.src(), port)
                : tuple.withDestination(tuple.dst(), port);
        if (!isTaken(tried, connection)) {
          return tried;
        }
      }
      if (attempts >= size || attempts < MIN_ATTEMPTS) {
        return tried;
      }
      attempts /= 2;
      offset = random.nextInt(65536);
    }
  }

  /**
   * {@code nf_nat_used_tuple_new()}: where nothing is changed, a datagram may take the tuple of a
   * connection of the opposite way, since both may have begun at once; what comes of it is seen
   * when the connection is confirmed.
   */
  private boolean clashes(Tuple unchanged, Connection connection) {
    if (!isTaken(unchanged, connection)) {
      return false;
    }
    boolean datagrams = unchanged.protocol() == 17 || unchanged.protocol() == 136;
    int original = connection.original().zone();
    int reply = connection.reply().zone();
    Connection other = table.find(unchanged, original, reply);
    if (other == null) {
      other = table.find(inverse(unchanged, reply), original, reply);
    }
    boolean translated =
        other != null && (other.has(Connection.SRC_NAT) || other.has(Connection.DST_NAT));
    return !datagrams
        || translated
        || (other != null && !other.original().inZone(0).equals(connection.reply().inZone(0)));
  }

  private boolean isTaken(Tuple tuple, Connection connection) {
    return table.isTaken(inverse(tuple, connection.reply().zone()), connection);
  }

  /** Rewrites a packet's source or destination as its connection was bound. */
  static void translate(Skb skb, Connection connection, boolean source) {
    if (!connection.has(bit(source, skb.reply))) {
      return;
    }
    Tuple target = inverse(connection.tuple(!skb.reply), 0);
    Packet packet = skb.packet;
    Packet.Icmp icmp = packet.icmp();
    if (icmp != null && icmp.quoted() == null && icmp.id() != target.sport()) {
      packet = packet.withIcmp(new Packet.Icmp(icmp.type(), icmp.code(), target.sport(), null));
    }
    boolean ports = packet.protocol().hasPorts();
    skb.packet =
        source
            ? packet.withSource(target.src(), ports ? target.sport() : packet.sport())
            : packet.withDestination(target.dst(), ports ? target.dport() : packet.dport());
  }

  private static int bit(boolean source, boolean reply) {
    return source != reply ? Connection.SRC_NAT : Connection.DST_NAT;
  }

  /**
   * Rewrites an ICMP error about a translated connection, and the packet that it quotes ({@code
   * nf_nat_icmp_reply_translation()}); false if that cannot be.
   */
  static boolean translateError(Skb skb, Connection connection, boolean source) {
    Packet.Icmp icmp = skb.packet.icmp();
    Packet quoted = icmp == null ? null : icmp.quoted();
    if (icmp == null || quoted == null) {
      return true;
    }
    boolean translated = connection.has(Connection.SRC_NAT) || connection.has(Connection.DST_NAT);
    if (quoted.src().v4() && icmp.type() == REDIRECT && (translated || !bothBound(connection))) {
      return false;
    }
    if (!connection.has(bit(source, skb.reply))) {
      return true;
    }
    Tuple other = connection.tuple(!skb.reply);
    boolean ports = quoted.protocol().hasPorts();
    Packet inner =
        source
            ? quoted.withDestination(other.dst(), ports ? other.dport() : quoted.dport())
            : quoted.withSource(other.src(), ports ? other.sport() : quoted.sport());
    Packet outer = skb.packet.withIcmp(new Packet.Icmp(icmp.type(), icmp.code(), icmp.id(), inner));
    skb.packet =
        source
            ? outer.withSource(other.dst(), outer.sport())
            : outer.withDestination(other.src(), outer.dport());
    return true;
  }

  private static boolean bothBound(Connection connection) {
    return isBound(connection, true) && isBound(connection, false);
  }
}
