package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;
import java.util.OptionalLong;

/**
 * What an istiod does with calls that come in.
 *
 * @param inboundTarget where declared ports are dialled, and what says so
 * @param singlePassthroughCluster one InboundPassthroughCluster for both families: from 1.23
 * @param inboundCleanupSeconds cleanup_interval of inbound original-destination clusters: 60 in
 *     1.10 to 1.15, none in 1.16 to 1.22, for ever from 1.23
 * @param passthroughTakesForeignTls the permissive passthrough chains take TLS that is not the
 *     mesh's: from 1.10
 * @param clusterNamePort what inbound clusters are named by
 * @param podAddressEndpoint a Sidecar's default endpoint may be empty, and {@code :PORT} means the
 *     original destination: from 1.10
 * @param mergesIngress PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE is known: from 1.16
 * @param dryRunPolicies the annotation {@code istio.io/dry-run} is looked at: from 1.10
 * @param detectionTimeoutFlag PILOT_INBOUND_PROTOCOL_DETECTION_TIMEOUT is known: up to 1.18
 * @param tracksRemaining circuit breakers count what is left: from 1.10
 */
record InboundPreset(
    InboundTarget inboundTarget,
    boolean singlePassthroughCluster,
    OptionalLong inboundCleanupSeconds,
    boolean passthroughTakesForeignTls,
    ClusterNamePort clusterNamePort,
    boolean podAddressEndpoint,
    boolean mergesIngress,
    boolean dryRunPolicies,
    boolean detectionTimeoutFlag,
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

  static InboundPreset of(IstioVersion version) {
    return new InboundPreset(
        inboundTarget(version),
        /* singlePassthroughCluster= */ version.since(23),
        cleanup(version),
        /* passthroughTakesForeignTls= */ version.since(10),
        clusterNamePort(version),
        /* podAddressEndpoint= */ version.since(10),
        /* mergesIngress= */ version.since(16),
        /* dryRunPolicies= */ version.since(10),
        /* detectionTimeoutFlag= */ version.until(18),
        /* tracksRemaining= */ version.since(10));
  }

  private static InboundTarget inboundTarget(IstioVersion version) {
    if (version.until(9)) {
      return InboundTarget.LOOPBACK;
    }
    if (version.until(20)) {
      return InboundTarget.ISTIOD_ENV;
    }
    return version.until(21) ? InboundTarget.POD_ADDRESS : InboundTarget.MESH_CONFIG;
  }

  private static OptionalLong cleanup(IstioVersion version) {
    if (version.since(23)) {
      return OptionalLong.of(NEVER);
    }
    return version.until(15) ? OptionalLong.of(60) : OptionalLong.empty();
  }

  private static ClusterNamePort clusterNamePort(IstioVersion version) {
    if (version.until(7)) {
      return ClusterNamePort.SERVICE_PORT_AND_HOST;
    }
    return version.equals(new IstioVersion(8, 0))
        ? ClusterNamePort.SERVICE_PORT
        : ClusterNamePort.TARGET_PORT;
  }
}
