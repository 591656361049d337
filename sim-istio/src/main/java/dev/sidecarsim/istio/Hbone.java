package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * Sidecars that speak HBONE, as the profile {@code ambient} lets them: they would reach pods in
 * ambient mode, and be reached by them, through a tunnel. Their part of it is not modelled, and is
 * named where it decides. Other sidecars and ambient pods speak plaintext to each other.
 */
final class Hbone {

  /** The variable of the proxy, set by {@code meshConfig.defaultConfig.proxyMetadata}. */
  private static final String VARIABLE = "ISTIO_META_ENABLE_HBONE";

  private Hbone() {}

  /** Whether a pod has a sidecar that speaks HBONE. */
  static boolean spokenBy(Pod pod) {
    Optional<String> value =
        pod.spec().container(SidecarContainers.PROXY).flatMap(proxy -> proxy.literalEnv(VARIABLE));
    return value.filter("true"::equals).isPresent();
  }

  /** What stands in the way to and from such a sidecar. */
  static String unmodelled(Pod sidecar) {
    return "the HBONE of " + sidecar.name() + "'s sidecar (" + VARIABLE + ")";
  }

  /** A sidecar's configuration with the hosts marked that it would reach through a tunnel. */
  static EnvoyConfig mark(EnvoyConfig config, ProxyNode node, MeshView view) {
    if (!spokenBy(node.pod())) {
      return config;
    }
    ImmutableSet<String> tunnelled =
        view.pods().values().stream()
            .filter(Ambient::enrolled)
            .flatMap(pod -> pod.ips().stream())
            .map(IpAddress::toString)
            .collect(ImmutableSet.toImmutableSet());
    ImmutableListMultimap.Builder<String, LbEndpoint> endpoints = ImmutableListMultimap.builder();
    config
        .endpoints()
        .forEach(
            (name, host) ->
                endpoints.put(
                    name, tunnelled.contains(host.host()) ? marked(host, node.pod()) : host));
    return new EnvoyConfig(
        config.listeners(), config.clusters(), endpoints.build(), config.routes());
  }

  private static LbEndpoint marked(LbEndpoint host, Pod sidecar) {
    return new LbEndpoint(host.host(), host.port(), host.transportMatch(), unmodelled(sidecar));
  }
}
