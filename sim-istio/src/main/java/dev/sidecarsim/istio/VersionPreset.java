package dev.sidecarsim.istio;

import java.util.OptionalLong;

/**
 * What one version of Istio does where versions differ: rules apart, which are {@link
 * RulePreset}'s. Nothing else compares versions. The fields of probes and injection hold for the
 * sidecar's version, all others for istiod's.
 *
 * @param inboundTarget where declared ports are dialled, and what says so
 * @param singlePassthroughCluster one InboundPassthroughCluster for both families: from 1.23
 * @param loopBlocker virtualInbound and virtualOutbound guard their own ports: from 1.8
 * @param loopBlockerFlag PILOT_ENABLE_LOOP_BLOCKER is known: 1.8 and 1.9
 * @param inboundCleanupSeconds cleanup_interval of inbound original-destination clusters: 60 in
 *     1.10 to 1.15, none in 1.16 to 1.22, for ever from 1.23
 * @param passthroughTakesForeignTls the permissive passthrough chains take TLS that is not the
 *     mesh's: from 1.10
 * @param clusterNamePort what inbound clusters are named by
 * @param headlessListenerFlag PILOT_ENABLE_HEADLESS_SERVICE_POD_LISTENERS is known: up to 1.21
 * @param autoMtlsChecksPolicies an endpoint whose own policy is DISABLE counts as plaintext: from
 *     1.12
 * @param podAddressEndpoint a Sidecar's default endpoint may be empty, and {@code :PORT} means the
 *     original destination: from 1.10
 * @param tcpProbesRewritten kubelet's TCP probes go to the agent: from 1.12
 * @param probesPodAddress the agent probes the pod's address from 127.0.0.6: from 1.10
 * @param injectLabel the pod label {@code sidecar.istio.io/inject} is enough: from 1.10
 * @param nativeSidecars whether the proxy is a sidecar in Kubernetes' sense
 * @param startupProbe the proxy has a startup probe: from 1.20
 * @param sniffsHttp10 HTTP/1.0 is told from TCP though proxies do not take it: up to 1.13
 * @param externalNameAlias an ExternalName Service is another name of its target: from 1.21
 * @param retriesAfter503 clients' proxies try again after an upstream's 503: up to 1.23
 * @param mergesIngress PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE is known: from 1.16
 * @param dualStack ISTIO_DUAL_STACK is known: from 1.17
 * @param dryRunPolicies the annotation {@code istio.io/dry-run} is looked at: from 1.10
 * @param tracksRemaining circuit breakers count what is left: from 1.10
 */
public record VersionPreset(
    InboundTarget inboundTarget,
    boolean singlePassthroughCluster,
    boolean loopBlocker,
    boolean loopBlockerFlag,
    OptionalLong inboundCleanupSeconds,
    boolean passthroughTakesForeignTls,
    ClusterNamePort clusterNamePort,
    boolean headlessListenerFlag,
    boolean autoMtlsChecksPolicies,
    boolean podAddressEndpoint,
    boolean tcpProbesRewritten,
    boolean probesPodAddress,
    boolean injectLabel,
    NativeSidecars nativeSidecars,
    boolean startupProbe,
    boolean sniffsHttp10,
    boolean externalNameAlias,
    boolean retriesAfter503,
    boolean mergesIngress,
    boolean dualStack,
    boolean dryRunPolicies,
    boolean tracksRemaining) {

  /** What inbound clusters are named by. */
  enum ClusterNamePort {
    /** {@code inbound|SERVICE_PORT|PORT_NAME|HOST}: up to 1.7. */
    SERVICE_PORT_AND_HOST,
    /** {@code inbound|SERVICE_PORT||}: 1.8.0. */
    SERVICE_PORT,
    /** {@code inbound|TARGET_PORT||}: from 1.8.1. */
    TARGET_PORT
  }

  /** {@code cleanup_interval} of "never": the largest number of seconds Envoy takes. */
  private static final long NEVER = 9_223_372_035L;

  /** The behaviour of a version; a patch that nobody lists takes its minor's. */
  public static VersionPreset of(IstioVersion version) {
    int minor = version.minor();
    return new VersionPreset(
        inboundTarget(minor),
        minor >= 23,
        minor >= 8,
        minor <= 9,
        cleanup(minor),
        minor >= 10,
        clusterNamePort(version),
        minor <= 21,
        minor >= 12,
        minor >= 10,
        minor >= 12,
        minor >= 10,
        minor >= 10,
        nativeSidecars(minor),
        minor >= 20,
        minor <= 13,
        minor >= 21,
        minor <= 23,
        minor >= 16,
        minor >= 17,
        minor >= 10,
        minor >= 10);
  }

  private static InboundTarget inboundTarget(int minor) {
    if (minor <= 9) {
      return InboundTarget.LOOPBACK;
    }
    if (minor <= 20) {
      return InboundTarget.ISTIOD_ENV;
    }
    return minor == 21 ? InboundTarget.POD_ADDRESS : InboundTarget.MESH_CONFIG;
  }

  private static NativeSidecars nativeSidecars(int minor) {
    if (minor >= 27) {
      return NativeSidecars.AUTO;
    }
    return minor >= 19 ? NativeSidecars.OFF : NativeSidecars.UNKNOWN;
  }

  private static OptionalLong cleanup(int minor) {
    if (minor >= 23) {
      return OptionalLong.of(NEVER);
    }
    return minor <= 15 ? OptionalLong.of(60) : OptionalLong.empty();
  }

  private static ClusterNamePort clusterNamePort(IstioVersion version) {
    if (version.minor() <= 7) {
      return ClusterNamePort.SERVICE_PORT_AND_HOST;
    }
    return version.equals(new IstioVersion(8, 0))
        ? ClusterNamePort.SERVICE_PORT
        : ClusterNamePort.TARGET_PORT;
  }
}
