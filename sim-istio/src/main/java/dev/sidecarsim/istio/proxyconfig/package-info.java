/**
 * An Envoy's configuration as {@code istioctl proxy-config} shows it: what is asked for, in which
 * order, and as JSON of Envoy's own types.
 *
 * <pre>
 *   EnvoyConfig ─▶ ProxyConfig (filters, order) ─▶ ClusterJson, ListenerJson, RouteJson, EndpointJson
 *                                                     └─▶ TransportSocketJson, FilterChainJson, …
 * </pre>
 *
 * <p>What {@link dev.sidecarsim.envoy.ConfigDump} reads of it decides as the configuration itself
 * does. Not shown: fields that decide nothing here, such as access logs and telemetry.
 */
@NullMarked
package dev.sidecarsim.istio.proxyconfig;

import org.jspecify.annotations.NullMarked;
