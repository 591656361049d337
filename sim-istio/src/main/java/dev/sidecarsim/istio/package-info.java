/**
 * Istio: pure functions from Kubernetes objects to pods, rules and Envoy configurations.
 *
 * <pre>
 *   IstioVersion ─▶ VersionPreset; rules.RulePreset     the only places that look at a version
 *
 *   Pod ─▶ Injection ─▶ Pod with istio-init and istio-proxy
 *                          │              └─▶ Envoy, configured by Istiod
 *                          └─▶ rules.IptablesGenerator ─▶ rules of the namespace
 *
 *   Pod ─▶ Router (is it a gateway?) ─▶ Envoy, configured by GatewayConfig
 *
 *   Pod ─▶ Ambient (is it in ambient mode?) ─▶ AmbientAgent: AmbientRules, a Ztunnel in the pod,
 *                                              told by WorkloadDiscovery whom it knows and lets in
 * </pre>
 *
 * <p>Resources of the Gateway API are read as those of Istio's own that istiod makes of them.
 *
 * <p>Istiod is a pure function of what it sees: resources (PeerAuthentication, AuthorizationPolicy,
 * Sidecar, DestinationRule, VirtualService, Gateway, ServiceEntry and the mesh's settings),
 * Services and pods. Each resource ends as a record of Envoy's configuration, and Envoy alone
 * decides.
 *
 * <p>Not modelled, and named where it could decide: EnvoyFilter, WasmPlugin, external authorizers,
 * tokens, Unix domain sockets, TLS of gateways that asks foreign callers for certificates,
 * redis_proxy, routes of waypoints. Not modelled and without a say between sidecars: certificates
 * and their rotation, telemetry. Not modelled at all: multi-cluster, ProxyConfig as a resource,
 * what a NetworkPolicy does to DNS, and that an agent's DNS fails before istiod has told it
 * anything.
 */
@NullMarked
package dev.sidecarsim.istio;

import org.jspecify.annotations.NullMarked;
