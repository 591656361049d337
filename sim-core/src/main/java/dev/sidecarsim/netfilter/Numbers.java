package dev.sidecarsim.netfilter;

import java.util.Locale;
import java.util.OptionalLong;

/** Numbers as iptables reads and prints them. */
final class Numbers {

  static final long U32 = 0xffff_ffffL;

  /** The greatest number of 64 bits without a sign. */
  static final long U64 = -1L;

  private Numbers() {}

  /** Reads a decimal, 0x or octal number within limits, which have no sign. */
  static long parse(String owner, String option, String text, long min, long max) {
    return whole(text, min, max).orElseThrow(() -> bad(owner, option, text, min, max));
  }

  static BadRule bad(String owner, String option, String text, long min, long max) {
    return new BadRule(
        String.format(
            Locale.ROOT,
            "%s: bad value for option \"%s\", or out of range (%s-%s): \"%s\"",
            owner,
            option,
            Long.toUnsignedString(min),
            Long.toUnsignedString(max),
            text));
  }

  /** The number that a text is and that lies within limits. */
  static OptionalLong whole(String text, long min, long max) {
    CNumber number = CNumber.read(text, 0, 0);
    return number.isWithin(min, max) && number.end() == text.length()
        ? OptionalLong.of(number.value())
        : OptionalLong.empty();
  }

  /**
   * The decimal number that a text begins with, as {@code atoll()} reads it; 0 if there is none.
   */
  static long leading(String text) {
    CNumber number = CNumber.read(text, 0, 10);
    long value = number.overflow() || number.value() < 0 ? Long.MAX_VALUE : number.value();
    return number.end() < 0 ? 0 : number.negative() ? -value : value;
  }

  static String hex(int bits) {
    return "0x" + Integer.toHexString(bits);
  }

  static String hex8(int bits) {
    return String.format(Locale.ROOT, "0x%02x", bits);
  }
}
