package dev.sidecarsim.istio;

import java.util.Map;
import java.util.Optional;

/**
 * Everything in which one version of Istio differs from another, as far as it is modelled: the only
 * place, with {@link RulePreset}, that looks at a version.
 *
 * @param version the version that this describes
 * @param rules what its istio-iptables writes
 * @param targetChoice what decides where an inbound connection to a declared port goes
 * @param clusterNaming how inbound clusters are named
 * @param onePassthroughCluster whether undeclared ports share {@code InboundPassthroughCluster}
 *     (from 1.23); before there is one for each IP family
 * @param cleanupInterval what inbound ORIGINAL_DST clusters set (1.10 to 1.15: 60s, from 1.23: the
 *     longest duration there is); empty for Envoy's default
 * @param passesForeignTls whether undeclared ports take TLS that is not Istio's under PERMISSIVE
 *     (from 1.10)
 * @param tracksRemaining whether circuit breakers count what is left (from 1.10)
 * @param typedProtocolOptions whether clusters name HTTP options as an extension (from 1.10)
 * @param headlessFlag whether listeners per headless pod can be switched off (up to 1.21)
 * @param checksEndpointPolicies whether a client heeds the server's own PeerAuthentication (from
 *     1.12)
 * @param probesPodAddress whether the agent probes the pod's address, from 127.0.0.6 (from 1.10)
 * @param rewritesTcpProbes whether TCP probes go through the agent (from 1.12)
 * @param labelInjects whether a pod's label asks for injection without a labelled namespace (from
 *     1.10)
 * @param nativeSidecars whether the sidecar is an init container that keeps running (from 1.27)
 */
record IstioPreset(
    IstioVersion version,
    RulePreset rules,
    TargetChoice targetChoice,
    ClusterNaming clusterNaming,
    boolean onePassthroughCluster,
    Optional<String> cleanupInterval,
    boolean passesForeignTls,
    boolean tracksRemaining,
    boolean typedProtocolOptions,
    boolean headlessFlag,
    boolean checksEndpointPolicies,
    boolean probesPodAddress,
    boolean rewritesTcpProbes,
    boolean labelInjects,
    boolean nativeSidecars) {

  /** What decides where an inbound connection to a declared port goes. */
  enum TargetChoice {
    /** Always 127.0.0.1 (up to 1.9). */
    LOOPBACK,
    /** istiod's {@code PILOT_ENABLE_INBOUND_PASSTHROUGH}, true by default (1.10 to 1.20). */
    ENVIRONMENT,
    /** Always the pod's address (1.21). */
    POD_ADDRESS,
    /** The mesh config's {@code inboundTrafficPolicy.mode}, PASSTHROUGH by default (from 1.22). */
    MESH_CONFIG
  }

  /** Where an inbound connection to a declared port goes. */
  enum InboundTarget {
    /** 127.0.0.1 and the target port. */
    LOOPBACK,
    /** The address that was called, with source 127.0.0.6. */
    POD_ADDRESS
  }

  /** How inbound clusters are named. */
  enum ClusterNaming {
    /** {@code inbound|SERVICE_PORT|PORT_NAME|HOST} (up to 1.7). */
    SERVICE,
    /** {@code inbound|SERVICE_PORT||} (1.8.0). */
    SERVICE_PORT,
    /** {@code inbound|TARGET_PORT||} (from 1.8.1). */
    TARGET_PORT
  }

  static final String PASSTHROUGH_FLAG = "PILOT_ENABLE_INBOUND_PASSTHROUGH";

  static IstioPreset of(IstioVersion version) {
    return new IstioPreset(
        version,
        RulePreset.of(version),
        targetChoice(version),
        clusterNaming(version),
        version.atLeast(23, 0),
        cleanupInterval(version),
        version.atLeast(10, 0),
        version.atLeast(10, 0),
        version.atLeast(10, 0),
        !version.atLeast(22, 0),
        version.atLeast(12, 0),
        version.atLeast(10, 0),
        version.atLeast(12, 0),
        version.atLeast(10, 0),
        version.atLeast(27, 0));
  }

  private static TargetChoice targetChoice(IstioVersion version) {
    if (version.atLeast(22, 0)) {
      return TargetChoice.MESH_CONFIG;
    }
    if (version.atLeast(21, 0)) {
      return TargetChoice.POD_ADDRESS;
    }
    return version.atLeast(10, 0) ? TargetChoice.ENVIRONMENT : TargetChoice.LOOPBACK;
  }

  private static ClusterNaming clusterNaming(IstioVersion version) {
    if (version.atLeast(8, 1)) {
      return ClusterNaming.TARGET_PORT;
    }
    return version.atLeast(8, 0) ? ClusterNaming.SERVICE_PORT : ClusterNaming.SERVICE;
  }

  private static Optional<String> cleanupInterval(IstioVersion version) {
    if (version.atLeast(23, 0)) {
      return Optional.of("9223372035s");
    }
    return version.atLeast(16, 0) ? Optional.empty() : Optional.of("60s");
  }

  /**
   * Where this version's istiod sends inbound connections to declared ports.
   *
   * @param environment istiod's own
   * @param inboundTrafficPolicy the mesh config's {@code inboundTrafficPolicy.mode}, if set
   */
  InboundTarget inboundTarget(
      Map<String, String> environment, Optional<String> inboundTrafficPolicy) {
    boolean loopback =
        switch (targetChoice) {
          case LOOPBACK -> true;
          case POD_ADDRESS -> false;
          case ENVIRONMENT -> "false".equals(environment.get(PASSTHROUGH_FLAG));
          case MESH_CONFIG -> inboundTrafficPolicy.filter("LOCALHOST"::equals).isPresent();
        };
    return loopback ? InboundTarget.LOOPBACK : InboundTarget.POD_ADDRESS;
  }
}
