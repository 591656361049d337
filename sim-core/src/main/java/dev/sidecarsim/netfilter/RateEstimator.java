package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableMap;
import java.util.Locale;

/** {@code -j RATEEST}: measures how fast packets come, for {@code -m rateest} to compare. */
final class RateEstimator {

  private static final double SECOND = 1_000_000;

  private static final ImmutableMap<String, Double> UNITS =
      ImmutableMap.<String, Double>builder()
          .put("", 1.0)
          .put("s", SECOND)
          .put("sec", SECOND)
          .put("secs", SECOND)
          .put("ms", 1000.0)
          .put("msec", 1000.0)
          .put("msecs", 1000.0)
          .put("us", 1.0)
          .put("usec", 1.0)
          .put("usecs", 1.0)
          .buildOrThrow();

  static final Extension<Target> EXTENSION =
      Extension.of(
          "RATEEST",
          options -> new LogTarget("-j RATEEST" + text(options), Unmodelled.ANYWHERE),
          OptionSpec.value("--rateest-name"),
          OptionSpec.value("--rateest-interval"),
          OptionSpec.value("--rateest-ewmalog"));

  private RateEstimator() {}

  /** libxt_RATEEST.c keeps both times as powers of two. */
  private static String text(Options options) {
    String name = Forms.cut(options.need("--rateest-name").word(), 16);
    long interval = micros(options.need("--rateest-interval").word());
    long average = micros(options.need("--rateest-ewmalog").word());
    int power = 0;
    while (power <= 5 && interval > (1L << power) * 250_000) {
      power++;
    }
    if (power > 5) {
      throw new BadRule("RATEEST: the interval is at most 8 s");
    }
    int log = 1;
    while (log < 32 && interval / -Math.log(1 - 1.0 / (1L << log)) <= average) {
      log++;
    }
    log--;
    if (log == 0 || log >= 31) {
      throw new BadRule("RATEEST: --rateest-ewmalog is out of range");
    }
    long kept = 250_000L << power;
    return " --rateest-name "
        + name
        + " --rateest-interval "
        + shown(kept)
        + " --rateest-ewmalog "
        + shown(kept << log & Numbers.U32);
  }

  private static long micros(String text) {
    int end = text.length();
    while (end > 0 && Character.isLetter(text.charAt(end - 1)) && !isNumber(text, end)) {
      end--;
    }
    Double unit = UNITS.get(text.substring(end).toLowerCase(Locale.ROOT));
    if (unit == null || !isNumber(text, end)) {
      throw new BadRule("RATEEST: bad time \"" + text + "\"; write one such as 250ms");
    }
    double micros = CDouble.parse(text.substring(0, end)).orElse(0) * unit;
    // what does not fit into 64 bits is 0 to a processor of x86
    return Math.abs(micros) < 0x1p63 ? (long) micros & Numbers.U32 : 0;
  }

  private static boolean isNumber(String text, int end) {
    return CDouble.parse(text.substring(0, end)).isPresent();
  }

  private static String shown(long micros) {
    return micros >= SECOND
        ? String.format(Locale.ROOT, "%.1fs", micros / SECOND)
        : micros >= 1000 ? String.format(Locale.ROOT, "%.1fms", micros / 1000.0) : micros + "us";
  }
}
