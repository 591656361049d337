package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.YamlText;
import java.util.List;

/**
 * What Istio's ProxyConfig says that decides about connections: the mesh's {@code defaultConfig},
 * with a pod's annotation {@code proxy.istio.io/config} over it.
 *
 * @param holdApplication whether the application's containers wait for the proxy
 * @param mode how connections are captured
 * @param statusPort the agent's port for the kubelet
 * @param metadata variables of the proxy's and istio-init's environment
 */
public record PodProxyConfig(
    boolean holdApplication,
    InterceptionMode mode,
    int statusPort,
    ImmutableMap<String, String> metadata) {

  static final String ANNOTATION = "proxy.istio.io/config";

  /** {@code DefaultProxyConfig} of istio/istio. */
  public static final PodProxyConfig DEFAULT =
      new PodProxyConfig(false, InterceptionMode.REDIRECT, 15020, ImmutableMap.of());

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
  PodProxyConfig with(JsonObject tree) {
    ImmutableMap<String, String> more = tree.stringMap("proxyMetadata");
    return new PodProxyConfig(
        tree.bool("holdApplicationUntilProxyStarts", holdApplication),
        InterceptionMode.valueOf(
            Choices.of(tree, "interceptionMode", mode.name(), "REDIRECT", "TPROXY", "NONE")),
        tree.integer("statusPort", statusPort, 0, 65535),
        ImmutableMap.<String, String>builder().putAll(metadata).putAll(more).buildKeepingLast());
  }

  /**
   * This configuration with an annotation's YAML over it.
   *
   * @throws IllegalArgumentException if the text is no ProxyConfig
   */
  PodProxyConfig withYaml(String text) {
    try {
      List<Json> documents = YamlText.read(text, ANNOTATION);
      if (documents.isEmpty()) {
        return this;
      }
      if (documents.get(0) instanceof JsonObject tree) {
        return with(tree);
      }
      throw new IllegalArgumentException(
          "'" + text.strip() + "' is no ProxyConfig; write one like {statusPort: 15020}");
    } catch (InputException e) {
      throw new IllegalArgumentException(e.what(), e);
    }
  }
}
