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
      return skb.ctState == CtState.UNTRACKED ? UNTRACKED : INVALID;
    }
    return switch (skb.ctState) {
      case NEW -> NEW;
      case RELATED -> RELATED;
      default -> ESTABLISHED;
    };
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
