package dev.sidecarsim.istio;

/**
 * What an istiod does with calls that go out.
 *
 * @param headlessListenerFlag PILOT_ENABLE_HEADLESS_SERVICE_POD_LISTENERS is known: up to 1.21
 * @param autoMtlsChecksPolicies an endpoint whose own policy is DISABLE counts as plaintext: from
 *     1.12
 * @param externalNameAlias an ExternalName Service is another name of its target: from 1.21
 * @param retriesAfter503 clients' proxies try again after an upstream's 503: up to 1.23
 */
record OutboundPreset(
    boolean headlessListenerFlag,
    boolean autoMtlsChecksPolicies,
    boolean externalNameAlias,
    boolean retriesAfter503) {

  static OutboundPreset of(IstioVersion version) {
    return new OutboundPreset(
        /* headlessListenerFlag= */ version.until(21),
        /* autoMtlsChecksPolicies= */ version.since(12),
        /* externalNameAlias= */ version.since(21),
        /* retriesAfter503= */ version.until(23));
  }
}
