package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.Locale;

/** Connection states as bits, in the order in which iptables-save prints them. */
final class CtStates {

  private static final ImmutableList<String> NAMES =
      ImmutableList.of("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT");

  private static final int INVALID = 1;
  private static final int NEW = 2;
  private static final int RELATED = 4;
  private static final int ESTABLISHED = 8;
  private static final int UNTRACKED = 16;
  static final int SNAT = 32;
  static final int DNAT = 64;

  private CtStates() {}

  /** Reads names or beginnings of names, in any case. */
  static int parse(String names, boolean nat) {
    int bits = 0;
    for (String name : Splitter.on(',').split(names)) {
      int bit = bit(name.toUpperCase(Locale.ROOT), nat ? NAMES.size() : 5);
      if (bit == 0) {
        throw new BadRule("bad ctstate \"" + name + "\"; states are " + NAMES);
      }
      bits |= bit;
    }
    return bits;
  }

  private static int bit(String name, int known) {
    for (int i = 0; i < known && !name.isEmpty(); i++) {
      if (NAMES.get(i).startsWith(name)) {
        return 1 << i;
      }
    }
    return 0;
  }

  /** The state of a packet; INVALID is one that no connection was found for. */
  static int bit(Skb skb) {
    if (skb.connection == null) {
      if (skb.template != null) {
        return NEW;
      }
      return skb.ctState == CtState.UNTRACKED ? UNTRACKED : INVALID;
    }
    return switch (skb.ctState) {
      case NEW -> NEW;
      case RELATED -> RELATED;
      default -> ESTABLISHED;
    };
  }

  /** How many states there are for rules to tell apart, by {@link #code}. */
  static final int CODES = 14;

  /** A packet's state, and whether its connection is translated, as a number below CODES. */
  static int code(Skb skb) {
    Connection connection = skb.connection;
    if (connection == null) {
      return skb.ctState == CtState.UNTRACKED ? 1 : 0;
    }
    int nat =
        (connection.has(Connection.SRC_NAT) ? 1 : 0) + (connection.has(Connection.DST_NAT) ? 2 : 0);
    return switch (skb.ctState) {
      case NEW -> 2 + nat;
      case RELATED -> 6 + nat;
      default -> 10 + nat;
    };
  }

  /** The bits that a code stands for. */
  static int bits(int code) {
    if (code < 2) {
      return code == 0 ? INVALID : UNTRACKED;
    }
    int nat = (code - 2) % 4;
    int state = code < 6 ? NEW : code < 10 ? RELATED : ESTABLISHED;
    return state | ((nat & 1) != 0 ? SNAT : 0) | ((nat & 2) != 0 ? DNAT : 0);
  }

  /** Gives a packet the state of a code, and a connection of its own where that tells of one. */
  static void decode(int code, int mark, Skb skb) {
    if (code < 2) {
      skb.ctState = code == 0 ? CtState.INVALID : CtState.UNTRACKED;
      return;
    }
    int bits = bits(code);
    Tuple tuple = Tuple.of(skb.packet, 0);
    Connection connection = new Connection(tuple, tuple, 0);
    connection.mark = mark;
    connection.set((bits & SNAT) != 0 ? Connection.SRC_NAT : 0);
    connection.set((bits & DNAT) != 0 ? Connection.DST_NAT : 0);
    skb.connection = connection;
    skb.ctState =
        (bits & NEW) != 0
            ? CtState.NEW
            : (bits & RELATED) != 0 ? CtState.RELATED : CtState.ESTABLISHED;
  }

  static String names(int bits) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < NAMES.size(); i++) {
      if ((bits & 1 << i) != 0) {
        out.append(out.isEmpty() ? "" : ",").append(NAMES.get(i));
      }
    }
    return out.toString();
  }
}
