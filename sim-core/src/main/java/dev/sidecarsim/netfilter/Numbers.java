package dev.sidecarsim.netfilter;

import java.util.Locale;

/** Numbers as iptables reads and prints them. */
final class Numbers {

  static final long U32 = 0xffff_ffffL;

  private Numbers() {}

  /** Reads a decimal, 0x or octal number within limits. */
  static long parse(String owner, String option, String text, long min, long max) {
    try {
      if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
        long value = Long.decode(text);
        if (value >= min && value <= max) {
          return value;
        }
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new BadRule(
        owner
            + ": bad value for option \""
            + option
            + "\", or out of range ("
            + min
            + "-"
            + max
            + "): \""
            + text
            + "\"");
  }

  /** Reads the number that a text begins with; 0 if it begins with none. */
  static long lenient(String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static String hex(int bits) {
    return "0x" + Integer.toHexString(bits);
  }

  static String hex8(int bits) {
    return String.format(Locale.ROOT, "0x%02x", bits);
  }
}
