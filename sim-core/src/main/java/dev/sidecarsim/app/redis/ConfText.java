package dev.sidecarsim.app.redis;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Directives of {@code redis.conf} or {@code sentinel.conf}; of the same one the last holds. */
final class ConfText {

  private final Map<String, ImmutableList<String>> directives = new LinkedHashMap<>();

  /** All directives of a kind that may repeat, such as {@code sentinel}. */
  private final List<ImmutableList<String>> sentinel = new ArrayList<>();

  /** Reads lines such as {@code replicaof 10.0.0.1 6379}. */
  void read(String text) {
    for (String line : Splitter.on('\n').split(text)) {
      String stripped = line.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        put(Splitter.onPattern("\\s+").splitToStream(stripped).map(ConfText::unquoted).toList());
      }
    }
  }

  /** Reads options of a command line such as {@code --port 6379 --replicaof host 6379}. */
  void readOptions(List<String> words) {
    List<String> current = new ArrayList<>();
    for (String word : words) {
      if (word.startsWith("--")) {
        put(current);
        current.clear();
        current.add(word.substring(2));
      } else if (!current.isEmpty()) {
        Splitter.on(' ').omitEmptyStrings().split(unquoted(word)).forEach(current::add);
      }
    }
    put(current);
  }

  void put(List<String> words) {
    if (words.size() > 1) {
      String name = words.get(0).toLowerCase(Locale.ROOT);
      ImmutableList<String> arguments = ImmutableList.copyOf(words.subList(1, words.size()));
      directives.put(name.equals("slaveof") ? "replicaof" : name, arguments);
      if (name.equals("sentinel")) {
        sentinel.add(arguments);
      }
    }
  }

  private static String unquoted(String word) {
    return word.replaceAll("^[\"']|[\"']$", "");
  }

  Optional<ImmutableList<String>> all(String name) {
    return Optional.ofNullable(directives.get(name));
  }

  Optional<String> first(String name) {
    return all(name).map(arguments -> arguments.get(0));
  }

  Optional<Integer> number(String name) {
    Optional<String> text = first(name);
    try {
      return text.map(Integer::parseInt);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " '" + text.orElse("") + "' is no number; write digits only", e);
    }
  }

  boolean yes(String name, boolean otherwise) {
    return first(name).map(value -> value.equalsIgnoreCase("yes")).orElse(otherwise);
  }

  /** The arguments of each {@code sentinel …} directive. */
  ImmutableList<ImmutableList<String>> sentinel() {
    return ImmutableList.copyOf(sentinel);
  }
}
