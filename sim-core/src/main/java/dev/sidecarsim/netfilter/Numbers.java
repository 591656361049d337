package dev.sidecarsim.netfilter;

import java.util.Locale;

/** Numbers as iptables reads and prints them. */
final class Numbers {

  static final long U32 = 0xffff_ffffL;

  private Numbers() {}

  /** Reads a number within limits, of which the lower one is not negative. */
  static long parse(String owner, String option, String text, long min, long max) {
    long value = read(text);
    if (value >= min && value <= max) {
      return value;
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

  /**
   * Reads a whole text as {@code xtables_strtoul()} does: decimal, 0x or octal, behind blanks and a
   * plus; -1 if it is no such number.
   */
  static long read(String text) {
    String blanksGone = text.stripLeading();
    String digits = blanksGone.startsWith("+") ? blanksGone.substring(1) : blanksGone;
    if (digits.isEmpty() || !Character.isDigit(digits.charAt(0))) {
      return -1;
    }
    try {
      return Long.decode(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
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
