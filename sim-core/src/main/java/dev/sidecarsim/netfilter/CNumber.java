package dev.sidecarsim.netfilter;

/**
 * A number that a text begins with, as {@code strtoul()} of C reads it: behind blanks and a sign,
 * in decimals, as {@code 0x10} or as {@code 010}.
 *
 * @param value its 64 bits, without a sign
 * @param negative whether a minus stood before it
 * @param overflow whether it has more than 64 bits; then the value says nothing
 * @param end the place behind it; -1 if there is no number
 */
record CNumber(long value, boolean negative, boolean overflow, int end) {

  /** Reads from a place; base 0 means that the number's beginning tells its base. */
  static CNumber read(String text, int from, int base) {
    int i = from;
    while (i < text.length() && isBlank(text.charAt(i))) {
      i++;
    }
    boolean negative = i < text.length() && text.charAt(i) == '-';
    if (negative || (i < text.length() && text.charAt(i) == '+')) {
      i++;
    }
    int radix = base == 0 ? radix(text, i) : base;
    return digits(text, radix == 16 && isHex(text, i) ? i + 2 : i, radix, negative);
  }

  private static CNumber digits(String text, int start, int radix, boolean negative) {
    long value = 0;
    boolean overflow = false;
    int i = start;
    int digit = digit(text, i, radix);
    while (digit >= 0) {
      overflow |= Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, radix)) > 0;
      value = value * radix + digit;
      digit = digit(text, ++i, radix);
    }
    return new CNumber(value, negative, overflow, i == start ? -1 : i);
  }

  private static int radix(String text, int start) {
    return isHex(text, start) ? 16 : text.startsWith("0", start) ? 8 : 10;
  }

  private static boolean isHex(String text, int start) {
    return text.regionMatches(true, start, "0x", 0, 2) && digit(text, start + 2, 16) >= 0;
  }

  private static int digit(String text, int place, int radix) {
    return place < text.length() && text.charAt(place) < 128
        ? Character.digit(text.charAt(place), radix)
        : -1;
  }

  static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /**
   * Whether {@code xtables_strtoul()} takes it: a number, not negative, within limits (both
   * included, without signs).
   */
  boolean isWithin(long min, long max) {
    return end >= 0
        && !negative
        && !overflow
        && Long.compareUnsigned(value, min) >= 0
        && Long.compareUnsigned(value, max) <= 0;
  }
}
