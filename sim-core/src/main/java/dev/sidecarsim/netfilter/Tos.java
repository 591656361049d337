package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableMap;
import java.util.Locale;

/** Type of service values with their names, and DSCP classes. */
final class Tos {

  private static final ImmutableMap<String, Integer> NAMES =
      ImmutableMap.of(
          "minimize-delay", 0x10,
          "maximize-throughput", 0x08,
          "maximize-reliability", 0x04,
          "minimize-cost", 0x02,
          "normal-service", 0x00);

  private Tos() {}

  /** Value and mask; a name comes with its own mask, a bare number with 0xff. */
  static int[] parse(String owner, String option, String text, int nameMask) {
    Integer named = NAMES.get(text.toLowerCase(Locale.ROOT));
    if (named != null) {
      return new int[] {named, nameMask};
    }
    int slash = text.indexOf('/');
    String value = slash < 0 ? text : text.substring(0, slash);
    int mask =
        slash < 0 ? 0xff : (int) Numbers.parse(owner, option, text.substring(slash + 1), 0, 255);
    return new int[] {(int) Numbers.parse(owner, option, value, 0, 255), mask};
  }

  /** A DSCP class (RFC 2474, 2597, 3246) such as {@code AF31}. */
  static int dscpClass(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.equals("BE")) {
      return 0;
    }
    if (name.equals("EF")) {
      return 0x2e;
    }
    if (name.matches("CS[0-7]")) {
      return (name.charAt(2) - '0') << 3;
    }
    if (name.matches("AF[1-4][1-3]")) {
      return ((name.charAt(2) - '0') << 3) | ((name.charAt(3) - '0') << 1);
    }
    throw new BadRule("dscp: invalid class `" + text + "'; classes are BE, EF, CS0-7, AF11-43");
  }
}
