package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What one version of Istio does where versions differ: rules and bootstrap apart, which are {@link
 * RulePreset}'s and {@link BootstrapPreset}'s. Nothing else compares versions.
 *
 * @param listeners what istiod does with listeners of both directions
 * @param inbound what istiod does with calls that come in
 * @param outbound what istiod does with calls that go out
 * @param injection what the injector and the agent do: of the sidecar's version, not of istiod's
 */
record VersionPreset(
    ListenerPreset listeners,
    InboundPreset inbound,
    OutboundPreset outbound,
    InjectionPreset injection) {

  /** The behaviour of a version; a patch that nobody lists takes its minor's. */
  static VersionPreset of(IstioVersion version) {
    return new VersionPreset(
        ListenerPreset.of(version),
        InboundPreset.of(version),
        OutboundPreset.of(version),
        InjectionPreset.of(version));
  }
}
