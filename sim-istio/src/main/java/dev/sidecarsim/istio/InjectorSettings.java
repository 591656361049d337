package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.ConfigMap;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.YamlText;
import java.util.Optional;

/**
 * What a mesh's injectors are set to.
 *
 * @param proxy the mesh's ProxyConfig
 * @param cni whether a node agent sets the rules before any container starts
 * @param nativeSidecars istiod's variable ENABLE_NATIVE_SIDECARS; empty if it is not set
 */
public record InjectorSettings(PodProxyConfig proxy, boolean cni, Optional<String> nativeSidecars) {

  /** An installation with nothing set. */
  public static final InjectorSettings DEFAULT =
      new InjectorSettings(PodProxyConfig.DEFAULT, false, Optional.empty());

  static InjectorSettings of(IstioManifests manifests) {
    return new InjectorSettings(
        manifests.mesh().proxy(),
        manifests.cni(),
        Optional.ofNullable(manifests.istiodEnv().get("ENABLE_NATIVE_SIDECARS")));
  }

  /**
   * Whether the values of ConfigMap {@code istio-sidecar-injector} say that the CNI plugin runs.
   */
  static boolean cni(Manifests manifests, String rootNamespace) {
    Optional<String> values =
        manifests
            .configMap(rootNamespace, "istio-sidecar-injector")
            .map(ConfigMap::data)
            .map(ImmutableMap::copyOf)
            .map(data -> data.getOrDefault("values", ""));
    return values.isPresent()
        && YamlText.read(values.get(), "ConfigMap istio-sidecar-injector, key values").stream()
            .anyMatch(InjectorSettings::enablesCni);
  }

  private static boolean enablesCni(Json values) {
    return values instanceof JsonObject tree
        && (tree.objectOrEmpty("istio_cni").bool("enabled", false)
            || tree.objectOrEmpty("pilot").objectOrEmpty("cni").bool("enabled", false));
  }
}
