package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import dev.sidecarsim.kube.Pod;
import java.util.Map;

/**
 * Who takes HBONE, and who sends it: pods in ambient mode both, sidecars as the profile {@code
 * ambient} lets them (pilot/pkg/features/ambient.go, pilot/pkg/xds/endpoints/endpoint_builder.go).
 */
final class Hbone {

  /** Where tunnels end ({@code HBoneInboundListenPort}). */
  static final int PORT = 15008;

  /** Says of a pod, by the injector's hand too, that it ends tunnels by itself. */
  static final String LABEL = "networking.istio.io/tunnel";

  /** The value of that label, and what endpoints are told by that are called through a tunnel. */
  static final String HTTP = "http";

  /** Lets a sidecar take HBONE; set by {@code meshConfig.defaultConfig.proxyMetadata}. */
  static final String TAKES = "ISTIO_META_ENABLE_HBONE";

  /** Keeps a proxy from sending it. */
  private static final String SENDS_NOT = "ISTIO_META_DISABLE_HBONE_SEND";

  private Hbone() {}

  /** Whether a proxy's metadata has a variable set. */
  private static boolean set(Pod pod, String variable) {
    return pod.spec()
        .container(SidecarContainers.PROXY)
        .flatMap(proxy -> proxy.literalEnv(variable))
        .filter("true"::equals)
        .isPresent();
  }

  /** Whether a sidecar's metadata lets it take HBONE. */
  static boolean takenBySidecar(Pod pod) {
    return set(pod, TAKES);
  }

  /** Whether a pod's label says that it takes HBONE. */
  static boolean labelled(Map<String, String> labels) {
    return Splitter.on(',')
        .trimResults()
        .splitToList(labels.getOrDefault(LABEL, ""))
        .contains(HTTP);
  }

  /** Whether HBONE reaches a pod: its node's ztunnel takes it, or it says that it does itself. */
  static boolean takenBy(Pod pod) {
    return Ambient.enrolled(pod) || labelled(pod.meta().labels());
  }

  /** Whether a sidecar is to listen for HBONE. */
  static boolean listens(IstiodContext context, ProxyNode node) {
    return on(context, "PILOT_ENABLE_SIDECAR_LISTENING_HBONE") && takenBySidecar(node.pod());
  }

  /** Whether a proxy calls those through tunnels who take nothing else of the mesh's. */
  static boolean sends(IstiodContext context, ProxyNode node) {
    return on(context, "PILOT_ENABLE_SENDING_HBONE") && !set(node.pod(), SENDS_NOT);
  }

  /** Whether tunnels are preferred to the mTLS of sidecars. */
  static boolean preferred(IstiodContext context) {
    return ambient(context) && context.flag("PILOT_PREFER_SENDING_HBONE", false);
  }

  /** These variables are looked at in ambient mode only. */
  private static boolean on(IstiodContext context, String variable) {
    return ambient(context) && context.flag(variable, true);
  }

  /** Without this variable no pod would be in ambient mode, so where one is, it is set. */
  private static boolean ambient(IstiodContext context) {
    return context.preset().outbound().sendsHbone()
        && context.flag(
            "PILOT_ENABLE_AMBIENT",
            context.view().pods().values().stream().anyMatch(Ambient::enrolled));
  }
}
