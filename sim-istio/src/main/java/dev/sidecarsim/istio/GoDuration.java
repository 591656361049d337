package dev.sidecarsim.istio;

import dev.sidecarsim.time.Durations;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, such as 5s, 1.5h or 1m30s. */
final class GoDuration {

  private static final String PART = "(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)";

  /** What {@code time.ParseDuration} takes. */
  static final Pattern SYNTAX = Pattern.compile("[-+]?(0|(" + PART + ")+)");

  private static final Pattern NEXT = Pattern.compile(PART);

  private GoDuration() {}

  /** The nanoseconds of a text of this syntax. */
  static long nanos(String text) {
    double sum = 0;
    Matcher parts = NEXT.matcher(text);
    while (parts.find()) {
      sum += Double.parseDouble(parts.group(1)) * unit(parts.group(2));
    }
    return (long) (text.startsWith("-") ? -sum : sum);
  }

  private static long unit(String name) {
    return switch (name) {
      case "ns" -> 1;
      case "us", "µs" -> Durations.micros(1);
      case "ms" -> Durations.MILLISECOND;
      case "s" -> Durations.seconds(1);
      case "m" -> Durations.seconds(60);
      default -> Durations.seconds(3600);
    };
  }
}
