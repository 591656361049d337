package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.kube.YamlText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Settings by their full names: those of a mounted {@code elasticsearch.yml}, nested or with dots,
 * then those that the official image takes from variables with dots.
 */
final class ElasticsearchSettings {

  private final Setup setup;
  private final Map<String, String> values = new LinkedHashMap<>();

  ElasticsearchSettings(Setup setup) {
    this.setup = setup;
    setup
        .file(path -> path.endsWith("elasticsearch.yml"))
        .ifPresent(
            text ->
                YamlText.read(setup.expand(text), "elasticsearch.yml")
                    .forEach(document -> add("", document)));
    setup.env().keySet().stream()
        .filter(name -> name.contains("."))
        .forEach(name -> values.put(name, setup.env(name).orElse("")));
  }

  private void add(String name, Json value) {
    if (value instanceof JsonObject object) {
      object
          .members()
          .forEach((key, member) -> add(name.isEmpty() ? key : name + "." + key, member));
    } else {
      values.put(name, text(value));
    }
  }

  private static String text(Json value) {
    if (value instanceof JsonArray array) {
      return array.items().stream()
          .map(ElasticsearchSettings::text)
          .collect(Collectors.joining(","));
    }
    return value instanceof JsonString string ? string.value() : value.compact();
  }

  /** The first of these settings that is there and not empty. */
  Optional<String> first(String... names) {
    for (String name : names) {
      String value = values.get(name);
      if (value != null && !value.isEmpty()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Whether a setting is there, be it empty. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Bitnami's variable where the setting is missing. */
  Optional<String> or(String variable, String... names) {
    return first(names).or(() -> setup.env(variable));
  }

  static ImmutableList<String> list(String value) {
    return ImmutableList.copyOf(
        Splitter.onPattern("[,\\s\\[\\]\"]+").omitEmptyStrings().splitToList(value));
  }
}
