package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.istio.proxyconfig.ProxyConfig;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** In which clusters and listeners the sidecars of two runs were told something else. */
final class ConfigDifference {

  private ConfigDifference() {}

  /**
   * One line for each cluster or listener that some pod has differently; of a connection, those
   * that it passed.
   */
  static ImmutableList<String> between(Finding was, Finding is) {
    Set<String> passed = new LinkedHashSet<>();
    was.story().ifPresent(story -> passed.addAll(passed(story)));
    is.story().ifPresent(story -> passed.addAll(passed(story)));
    Set<String> lines = new LinkedHashSet<>();
    was.configs()
        .forEach(
            (pod, before) -> {
              EnvoyConfig after = is.configs().get(pod);
              if (after != null) {
                lines.addAll(lines(before, after, passed));
              }
            });
    return ImmutableList.copyOf(lines);
  }

  /** The clusters and listeners of a connection. */
  private static Set<String> passed(Story story) {
    Set<String> names = new LinkedHashSet<>();
    for (Trace.Entry entry : story.steps()) {
      if (entry.step() instanceof EnvoyStep.HostChosen chosen) {
        names.add(chosen.cluster().name());
      } else if (entry.step() instanceof EnvoyStep.ListenerChosen chosen) {
        names.add(chosen.listener());
      }
    }
    return names;
  }

  private static ImmutableList<String> lines(
      EnvoyConfig before, EnvoyConfig after, Set<String> passed) {
    return ImmutableList.<String>builder()
        .addAll(lines("cluster ", clusters(before), clusters(after), passed))
        .addAll(lines("listener ", listeners(before), listeners(after), passed))
        .build();
  }

  private static Map<String, JsonObject> clusters(EnvoyConfig config) {
    return byName(ProxyConfig.clusterJson(config.clusters().values()));
  }

  private static Map<String, JsonObject> listeners(EnvoyConfig config) {
    return byName(ProxyConfig.listenerJson(config.listeners()));
  }

  private static Map<String, JsonObject> byName(JsonArray all) {
    Map<String, JsonObject> byName = new LinkedHashMap<>();
    for (Json each : all.items()) {
      JsonObject object = (JsonObject) each;
      byName.put(object.string("name", ""), object);
    }
    return byName;
  }

  private static ImmutableList<String> lines(
      String kind,
      Map<String, JsonObject> before,
      Map<String, JsonObject> after,
      Set<String> passed) {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      Optional<String> change =
          change(Optional.ofNullable(before.get(name)), Optional.ofNullable(after.get(name)));
      if (change.isPresent() && (passed.isEmpty() || passed.contains(name))) {
        lines.add(kind + name + change.get());
      }
    }
    return lines.build();
  }

  private static Optional<String> change(Optional<JsonObject> was, Optional<JsonObject> is) {
    if (was.isEmpty()) {
      return Optional.of(" is new");
    }
    if (is.isEmpty()) {
      return Optional.of(" is gone");
    }
    return was.equals(is) ? Optional.empty() : Optional.of(": " + fields(was.get(), is.get()));
  }

  /** The fields that differ: short values as they are, others by name. */
  private static String fields(JsonObject was, JsonObject is) {
    Set<String> names = new LinkedHashSet<>(was.members().keySet());
    names.addAll(is.members().keySet());
    Function<String, String> word = name -> name + " " + change(was, is, name);
    return String.join(
        ", ",
        names.stream().filter(name -> !was.get(name).equals(is.get(name))).map(word).toList());
  }

  private static String change(JsonObject was, JsonObject is, String name) {
    Json before = was.members().get(name);
    Json after = is.members().get(name);
    if (before instanceof JsonString from && after instanceof JsonString to) {
      return from.value() + " -> " + to.value();
    }
    return before == null ? "new" : after == null ? "gone" : "changed";
  }
}
