package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.kube.ConfigMap;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.YamlText;
import java.util.Optional;

/**
 * What an installation's values tell its injectors: ConfigMap {@code istio-sidecar-injector} of the
 * root namespace, key {@code values}.
 *
 * @param cni whether the CNI plugin sets the rules up, not istio-init
 * @param nativeNftables whether rules are made with nft, not iptables; looked at from 1.27 on
 * @param traffic what holds where a pod lacks an annotation, by the annotation's name
 */
public record InjectorValues(
    boolean cni, boolean nativeNftables, ImmutableMap<String, String> traffic) {

  /** An installation with nothing set. */
  public static final InjectorValues DEFAULT = new InjectorValues(false, false, ImmutableMap.of());

  /**
   * The keys of {@code global.proxy} that stand for annotations (files/injection-template.yaml).
   */
  private static final ImmutableMap<String, String> PROXY_KEYS =
      ImmutableMap.<String, String>builder()
          .put("includeIPRanges", SidecarAnnotations.INCLUDE_RANGES)
          .put("excludeIPRanges", SidecarAnnotations.EXCLUDE_RANGES)
          .put("includeInboundPorts", SidecarAnnotations.INCLUDE_INBOUND)
          .put("excludeInboundPorts", SidecarAnnotations.EXCLUDE_INBOUND)
          .put("includeOutboundPorts", SidecarAnnotations.INCLUDE_OUTBOUND)
          .put("excludeOutboundPorts", SidecarAnnotations.EXCLUDE_OUTBOUND)
          .put("statusPort", SidecarAnnotations.STATUS_PORT)
          .buildOrThrow();

  static InjectorValues of(Manifests manifests, String rootNamespace) {
    Optional<String> values =
        manifests
            .configMap(rootNamespace, "istio-sidecar-injector")
            .map(ConfigMap::data)
            .map(ImmutableMap::copyOf)
            .map(data -> data.getOrDefault("values", ""));
    if (values.isPresent()) {
      String name = "ConfigMap istio-sidecar-injector, key values";
      for (Json document : YamlText.read(values.get(), name)) {
        if (document instanceof JsonObject tree) {
          return of(tree);
        }
      }
    }
    return DEFAULT;
  }

  private static InjectorValues of(JsonObject tree) {
    JsonObject global = tree.objectOrEmpty("global");
    ImmutableMap.Builder<String, String> traffic = ImmutableMap.builder();
    PROXY_KEYS.forEach(
        (key, annotation) ->
            global
                .objectOrEmpty("proxy")
                .get(key)
                .map(InjectorValues::scalar)
                .ifPresent(value -> traffic.put(annotation, value)));
    return new InjectorValues(
        tree.objectOrEmpty("istio_cni").bool("enabled", false)
            || tree.objectOrEmpty("pilot").objectOrEmpty("cni").bool("enabled", false),
        global.bool("nativeNftables", false),
        traffic.buildOrThrow());
  }

  /** A value as a template prints it; a list of one port is a number. */
  private static String scalar(Json value) {
    return value instanceof JsonString text ? text.value() : value.compact();
  }
}
