/**
 * Istio: pure functions from Kubernetes objects to pods, rules and Envoy configurations.
 *
 * <pre>
 *   IstioVersion ─▶ VersionPreset, RulePreset      the only places that look at a version
 *
 *   Pod ─▶ Injection ─▶ Pod with istio-init and istio-proxy
 *                          │              └─▶ Envoy, configured by Istiod
 *                          └─▶ IptablesParameters ─▶ IptablesGenerator ─▶ rules of the namespace
 * </pre>
 *
 * <p>Not modelled: certificates and their rotation, telemetry, Wasm, multi-cluster, gateways,
 * EnvoyFilter.
 */
@NullMarked
package dev.sidecarsim.istio;

import org.jspecify.annotations.NullMarked;
