package dev.sidecarsim.netfilter;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Fractions as {@code strtod()} of C reads them. */
final class CDouble {

  private static final Pattern DECIMAL =
      Pattern.compile("\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");
  private static final Pattern HEX =
      Pattern.compile(
          "\\s*[-+]?0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)([pP][-+]?[0-9]+)?");

  private static final Pattern NAN =
      Pattern.compile("\\s*[-+]?nan(\\([0-9a-z_]*\\))?", Pattern.CASE_INSENSITIVE);

  private CDouble() {}

  /** The number that the whole text is; {@code nan} is one, {@code inf} is not needed. */
  static OptionalDouble parse(String text) {
    if (NAN.matcher(text).matches()) {
      return OptionalDouble.of(Double.NaN);
    }
    double number = finite(text);
    return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
  }

  private static double finite(String text) {
    if (DECIMAL.matcher(text).matches()) {
      return Double.parseDouble(text.strip());
    }
    if (HEX.matcher(text).matches()) {
      boolean exponent = text.indexOf('p') >= 0 || text.indexOf('P') >= 0;
      return Double.parseDouble(text.strip() + (exponent ? "" : "p0"));
    }
    return Double.NaN;
  }
}
