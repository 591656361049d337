package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * Numbers from {@code min} to {@code max}, both included and without signs; none if reversed.
 *
 * @param single whether it was written as one number
 */
record NumberRange(long min, long max, boolean single) {

  /** Reads {@code 5}, {@code 5:9}, {@code 5:} or {@code :9} as libxtables reads XTTYPE_UINT32RC. */
  static NumberRange parse(String owner, String option, String text, long greatest) {
    List<String> ends = Splitter.on(':').splitToList(text);
    if (ends.size() > 2) {
      throw new BadRule(owner + ": too many components for option \"" + option + "\": " + text);
    }
    long min = end(owner, option, ends.get(0), 0, greatest);
    return ends.size() == 1
        ? new NumberRange(min, min, true)
        : new NumberRange(min, end(owner, option, ends.get(1), greatest, greatest), false);
  }

  private static long end(String owner, String option, String text, long otherwise, long greatest) {
    return text.isEmpty() ? otherwise : Numbers.parse(owner, option, text, 0, greatest);
  }

  boolean isReversed() {
    return Long.compareUnsigned(min, max) > 0;
  }

  boolean contains(long number) {
    return Long.compareUnsigned(number, min) >= 0 && Long.compareUnsigned(number, max) <= 0;
  }

  @Override
  public String toString() {
    String first = Long.toUnsignedString(min);
    return min == max ? first : first + ":" + Long.toUnsignedString(max);
  }
}
