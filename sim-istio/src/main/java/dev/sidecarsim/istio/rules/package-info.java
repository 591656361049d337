/**
 * The rules that lead a pod's traffic through its sidecar or ztunnel, in the words and the order of
 * each release's istio-iptables, CNI node agent and nft scripts.
 *
 * <pre>
 *   IstioVersion ─▶ RulePreset: each RuleChange and IptablesParameter that the release has
 *                       │
 *   IptablesParameters ─┼─▶ IptablesGenerator ─▶ RedirectRules ─▶ restore text, JSON
 *                       └─▶ NftGenerator ─────▶ NftRules ───────▶ nft script, JSON
 *   AmbientParameters ──┬─▶ AmbientRules ────▶ RedirectRules
 *                       └─▶ NftAmbientRules ─▶ NftRules
 * </pre>
 *
 * <p>A generator is a list of chains, each written by one class (inbound, outbound, DNS,
 * interfaces) and asked of the preset change by change; upstream's mistakes are changes, too, from
 * the release that made them to the one that mended them.
 *
 * <p>Not modelled: removing rules, the alpha of ambient mode (1.18 to 1.21).
 */
@NullMarked
package dev.sidecarsim.istio.rules;

import org.jspecify.annotations.NullMarked;
