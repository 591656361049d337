package dev.sidecarsim.istio.rules;

import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.JsonObject;

/**
 * The rules that Istio loads into a network namespace: for iptables, or for nft where its
 * configuration asks for {@code NativeNftables} and its version has that.
 */
public sealed interface Redirection permits RedirectRules, NftRules {

  /** What a pod with a sidecar gets; see {@link RedirectRules#ofSidecar}. */
  static Redirection ofSidecar(IstioVersion version, JsonObject configuration) {
    return of(RulePreset.of(version), IptablesParameters.ofConfiguration(configuration));
  }

  static Redirection of(RulePreset preset, IptablesParameters asked) {
    return preset.known(asked).isTrue(IptablesParameter.NATIVE_NFTABLES)
        ? new NftGenerator(preset).generate(asked)
        : new IptablesGenerator(preset).generate(asked);
  }

  /** What a pod in ambient mode gets; see {@link RedirectRules#ofAmbientPod}. */
  static Redirection ofAmbientPod(IstioVersion version, JsonObject configuration) {
    RulePreset preset = RulePreset.of(version);
    AmbientParameters parameters = AmbientParameters.of(configuration);
    return NftAmbientRules.wanted(preset, parameters)
        ? new NftAmbientRules(preset, parameters).inPod()
        : new AmbientRules(version, parameters).inPod();
  }

  /** What the node gets in ambient mode. */
  static Redirection ofAmbientNode(IstioVersion version, JsonObject configuration) {
    RulePreset preset = RulePreset.of(version);
    AmbientParameters parameters = AmbientParameters.of(configuration);
    return NftAmbientRules.wanted(preset, parameters)
        ? new NftAmbientRules(preset, parameters).onNode()
        : new AmbientRules(version, parameters).onNode();
  }

  /** As the program that loads them reads them. */
  String text();

  /** Commands by family and table. */
  JsonObject json();
}
