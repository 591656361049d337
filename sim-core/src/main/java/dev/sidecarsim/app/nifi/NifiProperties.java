package dev.sidecarsim.app.nifi;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of a mounted {@code nifi.properties}, else of the Apache image's variables. */
final class NifiProperties {

  private static final Pattern SPAN = Pattern.compile("(\\d+)\\s*(ms|milli|sec|min|hour).*");

  private final Setup setup;
  private final Map<String, String> properties = new LinkedHashMap<>();

  NifiProperties(Setup setup) {
    this.setup = setup;
    setup
        .file(path -> path.endsWith("nifi.properties"))
        .ifPresent(text -> Splitter.on('\n').split(text).forEach(this::add));
  }

  private void add(String line) {
    int equals = line.indexOf('=');
    if (equals > 0 && !line.startsWith("#")) {
      properties.put(
          line.substring(0, equals).strip(), setup.expand(line.substring(equals + 1).strip()));
    }
  }

  /** Whether there is a file. */
  boolean mounted() {
    return !properties.isEmpty();
  }

  /** A setting that is not empty, by its name in the file, else by its variable. */
  Optional<String> text(String name, String... variables) {
    return Optional.ofNullable(properties.get(name))
        .filter(text -> !text.isEmpty())
        .or(() -> setup.env(variables));
  }

  /**
   * A number.
   *
   * @throws IllegalArgumentException if it is none
   */
  OptionalInt number(String name, String... variables) {
    Optional<String> text = text(name, variables);
    return text.isPresent() ? OptionalInt.of(digits(name, text.get())) : OptionalInt.empty();
  }

  /**
   * A time in milliseconds.
   *
   * @throws IllegalArgumentException if it is none
   */
  int millis(String name, String otherwise, String... variables) {
    String text = text(name, variables).orElse(otherwise);
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      throw new IllegalArgumentException(
          name + " '" + text + "' is no time; write it as 5 mins or 30 secs");
    }
    int count = digits(name, span.group(1));
    return switch (span.group(2)) {
      case "ms", "milli" -> count;
      case "sec" -> 1000 * count;
      case "min" -> 60_000 * count;
      default -> 3_600_000 * count;
    };
  }

  /** The values of all settings whose names begin so. */
  ImmutableList<String> withPrefix(String prefix) {
    return properties.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .filter(value -> !value.isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  private static int digits(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " '" + text + "' is no number; write digits only", e);
    }
  }
}
