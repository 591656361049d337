package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.istio.rules.GoBool;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.kube.ConfigMap;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Manifests;
import java.util.Optional;

/**
 * What the CNI plugin and the node agent of an installation are told: ConfigMap {@code
 * istio-cni-config}, in whichever namespace the chart was installed.
 *
 * @param excluded the namespaces that they leave alone; empty for the release's own
 * @param dnsCapture whether the DNS of ambient pods is captured; empty for the release's own choice
 * @param ipv6 whether ambient pods have rules for IPv6; empty for the release's own choice
 */
public record CniSettings(
    Optional<ImmutableSet<String>> excluded, Optional<Boolean> dnsCapture, Optional<Boolean> ipv6) {

  /** An installation with nothing set. */
  public static final CniSettings DEFAULT =
      new CniSettings(Optional.empty(), Optional.empty(), Optional.empty());

  private static final String NAME = "istio-cni-config";

  /** The plugin's configuration, in charts up to 1.22. */
  private static final String PLUGIN = "cni_network_config";

  /** Variables of the agent, in later charts. */
  private static final String EXCLUDED = "EXCLUDE_NAMESPACES";

  private static final Splitter COMMA = Splitter.on(',').trimResults().omitEmptyStrings();

  static CniSettings of(Manifests manifests) {
    return manifests.configMaps().stream()
        .filter(map -> map.meta().name().equals(NAME))
        .findFirst()
        .map(CniSettings::of)
        .orElse(DEFAULT);
  }

  private static CniSettings of(ConfigMap map) {
    Optional<ImmutableSet<String>> listed =
        value(map, EXCLUDED).map(list -> ImmutableSet.copyOf(COMMA.split(list)));
    return new CniSettings(
        listed.or(() -> value(map, PLUGIN).map(CniSettings::excludedByPlugin)),
        value(map, "AMBIENT_DNS_CAPTURE").flatMap(GoBool::parse),
        value(map, "AMBIENT_IPV6").flatMap(GoBool::parse));
  }

  private static Optional<String> value(ConfigMap map, String key) {
    return Optional.ofNullable(map.data().get(key));
  }

  private static ImmutableSet<String> excludedByPlugin(String text) {
    try {
      Location here = new Location("ConfigMap " + NAME + ", key " + PLUGIN, 1);
      return JsonReader.read(text, here) instanceof JsonObject plugin
          ? ImmutableSet.<String>builder()
              .addAll(plugin.strings("exclude_namespaces"))
              .addAll(plugin.objectOrEmpty("kubernetes").strings("exclude_namespaces"))
              .build()
          : ImmutableSet.of();
    } catch (InputException e) {
      throw new ManifestException(e.location(), e.what());
    }
  }

  /** Whether a namespace is left alone under a release. */
  boolean excludes(String namespace, InjectionPreset preset) {
    return excluded.orElse(preset.cniExcludes()).contains(namespace);
  }
}
