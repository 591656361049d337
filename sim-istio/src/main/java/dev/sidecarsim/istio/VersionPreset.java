package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What one version of Istio does where versions differ: rules and bootstrap apart, which are {@link
 * RulePreset}'s and {@link BootstrapPreset}'s. Nothing else compares versions.
 *
 * @param listeners what istiod does with listeners of both directions
 * @param inbound what istiod does with calls that come in
 * @param outbound what istiod does with calls that go out
 * @param injection which pods are injected: of the sidecar's version, not of istiod's, as the
 *     others below
 * @param annotations what the injector heeds of a pod's own words
 * @param probes what injector and agent do with probes
 */
record VersionPreset(
    ListenerPreset listeners,
    InboundPreset inbound,
    OutboundPreset outbound,
    InjectionPreset injection,
    AnnotationPreset annotations,
    ProbePreset probes) {

  /** The behaviour of a version; a patch that nobody lists takes its minor's. */
  static VersionPreset of(IstioVersion version) {
    return new VersionPreset(
        ListenerPreset.of(version),
        InboundPreset.of(version),
        OutboundPreset.of(version),
        InjectionPreset.of(version),
        AnnotationPreset.of(version),
        ProbePreset.of(version));
  }
}
