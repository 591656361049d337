/**
 * Envoy: its configuration as values, and a process that acts on it.
 *
 * <pre>
 *   EnvoyConfig: Listener ─▶ FilterChain ─▶ TcpProxy / HttpConnectionManager ─▶ Cluster ─▶ LbEndpoint
 *        │ apply
 *        ▼
 *   Envoy (a Process) ── accept ─▶ listener filters (original_dst, inspectors)
 *                                     │  use_original_dst: hand-off to the listener of that address
 *                                     ▼
 *                          FilterChainMatcher ─▶ cluster ─▶ endpoint ─▶ a connection of its own
 * </pre>
 *
 * <p>{@link dev.sidecarsim.envoy.ConfigDump} makes the same values of what a real Envoy prints.
 * Filters, clusters and transport sockets that may decide and are not modelled keep their place as
 * such, and leave the outcome of a connection that meets them open.
 *
 * <p>Nothing here knows of Istio or Kubernetes. What the proxy does follows from the bytes and
 * addresses of a connection and from the configuration in force when it was accepted.
 *
 * <p>A tunnel (HBONE) is a transport socket of an upstream, and the filter of a listener that hands
 * its streams to an internal one.
 *
 * <p>Not modelled: HTTP/2 but for tunnels, retries, timeouts and filters of HTTP, draining of
 * changed listeners, health checks and outlier detection, load balancing other than round robin,
 * panic thresholds, idle timeouts, UDP, Unix domain sockets.
 */
@NullMarked
package dev.sidecarsim.envoy;

import org.jspecify.annotations.NullMarked;
