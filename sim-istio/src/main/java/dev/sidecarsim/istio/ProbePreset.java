package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What becomes of the kubelet's probes: what the injector rewrites, and how the agent asks.
 *
 * @param tcpProbesRewritten kubelet's TCP probes go to the agent: from 1.12
 * @param grpcProbesRewritten so do its gRPC probes: from 1.13
 * @param probesPodAddress the agent probes the pod's address from 127.0.0.6: from 1.10
 * @param startupProbe the proxy has a startup probe: from 1.20
 */
record ProbePreset(
    boolean tcpProbesRewritten,
    boolean grpcProbesRewritten,
    boolean probesPodAddress,
    boolean startupProbe) {

  static ProbePreset of(IstioVersion version) {
    return new ProbePreset(
        /* tcpProbesRewritten= */ version.since(12),
        /* grpcProbesRewritten= */ version.since(13),
        /* probesPodAddress= */ version.since(10),
        /* startupProbe= */ version.since(20));
  }
}
