package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.Locale;

/**
 * A rate such as {@code 3/min}.
 *
 * @param period time between two matches, in parts of a second
 * @param scale how many parts a second has
 * @param unit the seconds of the unit that the rate was given in
 */
record Rate(long period, long scale, long unit) {

  /** XT_LIMIT_SCALE of the kernel. */
  static final long LIMIT_SCALE = 10_000;

  /** XT_HASHLIMIT_SCALE_v2 of the kernel. */
  static final long HASHLIMIT_SCALE = 1_000_000;

  /** HZ * CREDITS_PER_JIFFY of xt_limit.c, and of xt_hashlimit.c in parts of its scale. */
  private static final long LIMIT_CREDITS = 32_000;

  private static final long HASHLIMIT_CREDITS = 137_438_953;

  private static final ImmutableList<String> NAMES =
      ImmutableList.of("day", "hour", "minute", "second");
  private static final ImmutableList<String> PRINTED =
      ImmutableList.of("day", "hour", "min", "sec");
  private static final ImmutableList<Long> SECONDS = ImmutableList.of(86_400L, 3_600L, 60L, 1L);

  static Rate parse(String text, long scale) {
    int slash = text.indexOf('/');
    long unit = slash < 0 ? 1 : seconds(text.substring(slash + 1).toLowerCase(Locale.ROOT));
    long count = Numbers.leading(text);
    if (unit == 0 || count <= 0 || count / unit > scale || unit * scale / count == 0) {
      throw new BadRule(
          "bad rate \"" + text + "\"; write one like 3/minute, at most " + scale + "/second");
    }
    return new Rate(unit * scale / count, scale, unit);
  }

  private static long seconds(String unit) {
    for (int i = NAMES.size() - 1; i >= 0 && !unit.isEmpty(); i--) {
      if (NAMES.get(i).startsWith(unit)) {
        return SECONDS.get(i);
      }
    }
    return 0;
  }

  /**
   * Whether limit_mt_check() of the kernel finds that its counters, of 32 bits or for hashlimit of
   * 64, do not hold a burst. Its unit is the same for 250 and 1,000 timer interrupts a second.
   */
  boolean overflows(long burst) {
    return scale == LIMIT_SCALE
        ? credits(period * burst & Numbers.U32) < credits(period)
        : Long.compareUnsigned(period * burst * HASHLIMIT_CREDITS, period * HASHLIMIT_CREDITS) < 0;
  }

  private static long credits(long user) {
    boolean large = user > Numbers.U32 / LIMIT_CREDITS;
    return (large ? user / LIMIT_SCALE * LIMIT_CREDITS : user * LIMIT_CREDITS / LIMIT_SCALE)
        & Numbers.U32;
  }

  long nanos() {
    return period * (1_000_000_000 / scale);
  }

  /** The seconds of the unit that the rate is printed in. */
  long printedUnit() {
    return SECONDS.get(printedIndex());
  }

  /** The largest unit that holds it as a whole number, as print_rate() chooses it. */
  private int printedIndex() {
    int i = 1;
    while (i < SECONDS.size()) {
      long parts = SECONDS.get(i) * scale;
      if (period > parts || parts / period < parts % period) {
        break;
      }
      i++;
    }
    return i - 1;
  }

  @Override
  public String toString() {
    return printedUnit() * scale / period + "/" + PRINTED.get(printedIndex());
  }
}
