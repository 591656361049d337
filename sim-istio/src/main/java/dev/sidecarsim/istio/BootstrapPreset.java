package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What the agent of one version writes into Envoy's bootstrap.
 *
 * @param xdsThroughAgent Envoy asks the agent for its configuration, and not istiod
 *     (PROXY_XDS_VIA_AGENT): from 1.9
 * @param workloadSocket certificates come from a socket that others may provide, too: from 1.14
 * @param zipkin an installation sends spans to Zipkin unless it is told otherwise: up to 1.21
 */
record BootstrapPreset(boolean xdsThroughAgent, boolean workloadSocket, boolean zipkin) {

  static BootstrapPreset of(IstioVersion version) {
    return new BootstrapPreset(
        /* xdsThroughAgent= */ version.since(9),
        /* workloadSocket= */ version.since(14),
        /* zipkin= */ version.until(21));
  }
}
