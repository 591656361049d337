package dev.sidecarsim.app.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The keys: only strings. */
final class Keyspace {

  private final Map<String, String> values = new LinkedHashMap<>();

  Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  void set(String key, String value) {
    values.put(key, value);
  }

  /** Everything as one text, for a full synchronisation. */
  String dump() {
    StringBuilder out = new StringBuilder();
    values.forEach((key, value) -> out.append(key).append('\t').append(value).append('\n'));
    return out.toString();
  }

  void load(String dump) {
    values.clear();
    dump.lines()
        .forEach(
            line -> {
              int tab = line.indexOf('\t');
              values.put(line.substring(0, tab), line.substring(tab + 1));
            });
  }
}
