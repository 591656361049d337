package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What an istiod does with calls that go out.
 *
 * @param headlessListenerFlag PILOT_ENABLE_HEADLESS_SERVICE_POD_LISTENERS is known: up to 1.21
 * @param autoMtlsChecksPolicies an endpoint whose own policy is DISABLE counts as plaintext: from
 *     1.12
 * @param autoMtlsCheckFlag ENABLE_AUTO_MTLS_CHECK_POLICIES is known: up to 1.18
 * @param externalNameAlias an ExternalName Service is another name of its target: from 1.21
 * @param retriesAfter503 clients' proxies try again after an upstream's 503: up to 1.23
 * @param sniffedHostFree a port of unknown protocol takes HTTP for any host, not only for its
 *     service's names: from 1.12
 * @param ignoresHostPort a Host header's port is passed over: from 1.16
 * @param discoverySelectors the mesh's discoverySelectors are looked at: from 1.10
 * @param passthroughTargetPort a ServiceEntry of resolution NONE may dial another port: from 1.22
 * @param sendsHbone those in ambient mode are called through tunnels: from 1.22, as far as ambient
 *     mode is known here
 * @param portEntriesAtServices a Sidecar's entry for a port, without an address, has listeners at
 *     those of the services, not one on the wildcard: from 1.17
 * @param autoAllocation who uses addresses that istiod makes up for ServiceEntries
 * @param meshRetryPolicy the mesh's defaultHttpRetryPolicy is known: from 1.12
 * @param hostPortFlag SIDECAR_IGNORE_PORT_IN_HOST_MATCH is known: 1.15 to 1.18
 */
record OutboundPreset(
    boolean headlessListenerFlag,
    boolean autoMtlsChecksPolicies,
    boolean autoMtlsCheckFlag,
    boolean externalNameAlias,
    boolean retriesAfter503,
    boolean sniffedHostFree,
    boolean ignoresHostPort,
    boolean discoverySelectors,
    boolean passthroughTargetPort,
    boolean sendsHbone,
    boolean portEntriesAtServices,
    AutoAllocation autoAllocation,
    boolean meshRetryPolicy,
    boolean hostPortFlag) {

  static OutboundPreset of(IstioVersion version) {
    return new OutboundPreset(
        /* headlessListenerFlag= */ version.until(21),
        /* autoMtlsChecksPolicies= */ version.since(12),
        /* autoMtlsCheckFlag= */ version.until(18),
        /* externalNameAlias= */ version.since(21),
        /* retriesAfter503= */ version.until(23),
        /* sniffedHostFree= */ version.since(12),
        /* ignoresHostPort= */ version.since(16),
        /* discoverySelectors= */ version.since(10),
        /* passthroughTargetPort= */ version.since(22),
        /* sendsHbone= */ version.since(22),
        /* portEntriesAtServices= */ version.since(17),
        AutoAllocation.of(version),
        /* meshRetryPolicy= */ version.since(12),
        /* hostPortFlag= */ version.since(15) && version.until(18));
  }
}
