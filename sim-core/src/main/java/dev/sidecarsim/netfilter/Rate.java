package dev.sidecarsim.netfilter;

import java.util.Locale;

/**
 * A rate such as {@code 3/min}.
 *
 * @param period time between two matches, in ten-thousandths of a second (XT_LIMIT_SCALE)
 */
record Rate(long period) {

  private static final long SCALE = 10_000;
  private static final long SECOND = SCALE;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  static Rate parse(String text) {
    int slash = text.indexOf('/');
    String unit = slash < 0 ? "second" : text.substring(slash + 1).toLowerCase(Locale.ROOT);
    long count;
    try {
      count = Long.parseLong(slash < 0 ? text : text.substring(0, slash));
    } catch (NumberFormatException e) {
      throw bad(text);
    }
    long scale = scale(unit);
    if (scale == 0 || count <= 0 || count / (scale / SECOND) > SCALE || scale / count == 0) {
      throw bad(text);
    }
    return new Rate(scale / count);
  }

  private static long scale(String unit) {
    if (unit.isEmpty()) {
      return 0;
    }
    if ("second".startsWith(unit)) {
      return SECOND;
    }
    if ("minute".startsWith(unit)) {
      return MINUTE;
    }
    if ("hour".startsWith(unit)) {
      return HOUR;
    }
    return "day".startsWith(unit) ? DAY : 0;
  }

  private static BadRule bad(String text) {
    return new BadRule("bad rate \"" + text + "\"; write one like 3/minute, at most 10000/second");
  }

  long nanos() {
    return period * (1_000_000_000 / SCALE);
  }

  /** In the largest unit that holds it as a whole number, as print_rate() chooses it. */
  @Override
  public String toString() {
    long[] units = {DAY, HOUR, MINUTE, SECOND};
    String[] names = {"day", "hour", "min", "sec"};
    int i = 1;
    while (i < units.length && period <= units[i] && units[i] / period >= units[i] % period) {
      i++;
    }
    return units[i - 1] / period + "/" + names[i - 1];
  }
}
