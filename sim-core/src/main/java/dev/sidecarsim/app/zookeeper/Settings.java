package dev.sidecarsim.app.zookeeper;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The lines of a {@code zoo.cfg} or its dynamic file, as key and value, whoever wrote them. */
final class Settings {

  private final Map<String, String> values = new TreeMap<>();

  /** Where a value came from, for messages: {@code ZOO_TICK_TIME} or {@code zoo.cfg: tickTime}. */
  private final Map<String, String> origins = new TreeMap<>();

  void put(String key, String value, String origin) {
    values.put(key, value);
    origins.put(key, origin);
  }

  /** Reads a properties file, as the server does. */
  void readFile(String name, String text) {
    Properties lines = new Properties();
    try {
      lines.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines.stringPropertyNames().forEach(key -> put(key, lines.getProperty(key), name + ": " + key));
  }

  /** Puts another host in a server line, if there is such a line. */
  void ownHost(String key, String host) {
    values.computeIfPresent(key, (same, line) -> line.replaceFirst("^(?:\\[[^]]*]|[^:]*)", host));
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  Set<String> keys() {
    return values.keySet();
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Where a key comes from, for messages. */
  String origin(String key) {
    return origins.getOrDefault(key, key);
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(String::strip);
  }

  /** As it is written: server lines keep their spaces. */
  String raw(String key) {
    return values.getOrDefault(key, "");
  }

  int number(String key, int otherwise) {
    return text(key).map(value -> checked(key, value, Settings::number)).orElse(otherwise);
  }

  /** As Boolean.getBoolean and Boolean.parseBoolean have it. */
  boolean flag(String key, boolean otherwise) {
    return text(key).map(Boolean::parseBoolean).orElse(otherwise);
  }

  /** One of the two words, and no other. */
  boolean strictFlag(String key, String named, boolean otherwise) {
    String value = text(key).orElse(Boolean.toString(otherwise));
    if (!value.toLowerCase(Locale.ROOT).matches("true|false")) {
      throw Refusal.config(
          origin(key) + " '" + value + "' is neither true nor false",
          "Invalid option " + value + " for " + named + ". Choose 'true' or 'false.'");
    }
    return Boolean.parseBoolean(value);
  }

  /** Applies a parser, whose complaint gets the place before it. */
  <T> T checked(String key, String value, Function<String, T> parser) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(origin(key) + " " + e.getMessage(), e);
    }
  }

  static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw Refusal.number("'" + text + "' is no number", text);
    }
  }

  static long longNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Refusal.number("'" + text + "' is no number", text);
    }
  }
}
