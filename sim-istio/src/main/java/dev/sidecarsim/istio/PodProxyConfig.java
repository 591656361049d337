package dev.sidecarsim.istio;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Longs;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.kube.YamlText;
import java.util.List;
import java.util.Optional;

/**
 * What Istio's ProxyConfig says that decides about connections: the mesh's {@code defaultConfig},
 * with a pod's annotation {@code proxy.istio.io/config} over it.
 *
 * @param holdApplication whether the application's containers wait for the proxy
 * @param mode how connections are captured
 * @param statusPort the agent's port for the kubelet
 * @param terminationDrain how long the agent lets Envoy go on after SIGTERM, as Go writes it
 * @param metadata variables of the proxy's and istio-init's environment
 */
public record PodProxyConfig(
    boolean holdApplication,
    InterceptionMode mode,
    int statusPort,
    String terminationDrain,
    ImmutableMap<String, String> metadata) {

  static final String ANNOTATION = "proxy.istio.io/config";

  /** {@code DefaultProxyConfig} of istio/istio. */
  public static final PodProxyConfig DEFAULT =
      new PodProxyConfig(false, InterceptionMode.REDIRECT, 15020, "5s", ImmutableMap.of());

  /** How connections come to the proxy. */
  public enum InterceptionMode {
    REDIRECT,
    TPROXY,
    /** Not at all. */
    NONE
  }

  /**
   * This configuration with a tree laid over it: single values replace, metadata are joined.
   *
   * @throws dev.sidecarsim.json.JsonException for a value of a wrong type
   */
  PodProxyConfig with(JsonObject asWritten) {
    JsonObject tree = named(asWritten);
    ImmutableMap<String, String> more = tree.stringMap("proxyMetadata");
    return new PodProxyConfig(
        tree.bool("holdApplicationUntilProxyStarts", holdApplication),
        InterceptionMode.valueOf(
            Choices.of(tree, "interceptionMode", mode.name(), "REDIRECT", "TPROXY", "NONE")),
        number(tree, "statusPort", 0, 65535).orElse(statusPort),
        tree.string("terminationDrainDuration")
            .filter(text -> GoDuration.SYNTAX.matcher(text).matches())
            .orElse(terminationDrain),
        ImmutableMap.<String, String>builder().putAll(metadata).putAll(more).buildKeepingLast());
  }

  /** A tree with the JSON names of its fields; protobuf's own, with underscores, serve as well. */
  private static JsonObject named(JsonObject tree) {
    ImmutableMap.Builder<String, Json> members = ImmutableMap.builder();
    tree.members().forEach((name, value) -> members.put(jsonName(name), value));
    return new JsonObject(members.buildKeepingLast(), tree.location());
  }

  private static String jsonName(String name) {
    return name.contains("_") ? CaseFormat.LOWER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, name) : name;
  }

  /** A whole number within bounds, which protobuf's JSON takes as a text, too. */
  static Optional<Integer> number(JsonObject tree, String field, int from, int to) {
    Optional<Long> quoted =
        tree.get(field)
            .filter(JsonString.class::isInstance)
            .map(text -> Longs.tryParse(((JsonString) text).value()));
    Optional<Long> number = quoted.isPresent() ? quoted : tree.integer(field);
    if (number.isPresent() && (number.get() < from || number.get() > to)) {
      throw new JsonException(
          tree.locationOf(field),
          field + ": " + number.get() + " is out of range; it is from " + from + " to " + to);
    }
    return number.map(Long::intValue);
  }

  /**
   * This configuration with an annotation's YAML over it.
   *
   * @throws IllegalArgumentException if the text is no ProxyConfig that the injector takes
   */
  PodProxyConfig withYaml(String text) {
    try {
      List<Json> documents = YamlText.read(text, ANNOTATION);
      if (documents.isEmpty()) {
        return this;
      }
      if (documents.get(0) instanceof JsonObject tree) {
        ProxyConfigChecks.check(named(tree));
        return with(tree);
      }
      throw new IllegalArgumentException(
          "'" + text.strip() + "' is no ProxyConfig; write one like {statusPort: 15020}");
    } catch (InputException e) {
      throw new IllegalArgumentException(e.what(), e);
    }
  }
}
