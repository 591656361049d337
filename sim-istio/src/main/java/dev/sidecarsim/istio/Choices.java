package dev.sidecarsim.istio;

import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the values that Istio's resources share: words of a closed list, and durations. */
final class Choices {

  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");

  private Choices() {}

  /** One of some words; the default if the key is missing. */
  static String of(JsonObject tree, String key, String otherwise, String... words) {
    String word = tree.string(key, otherwise);
    if (!List.of(words).contains(word)) {
      throw new JsonException(
          tree.locationOf(key),
          key + ": '" + word + "' is not known; it is one of " + String.join(", ", words));
    }
    return word;
  }

  /** A duration such as {@code 5s} in nanoseconds. */
  static long duration(JsonObject tree, String key, String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw new JsonException(
          tree.locationOf(key),
          key + ": '" + text + "' is no duration; write one like 5s or 100ms");
    }
    long unit =
        switch (parts.group(2)) {
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          default -> 3_600_000_000_000L;
        };
    return new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
  }
}
