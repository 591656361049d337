/**
 * ztunnel: the node's proxy of ambient mode, as it works inside one pod.
 *
 * <pre>
 *   app ─▶ :15001 ─ where to? ─┬─ a pod in ambient mode ─▶ mTLS, CONNECT ─▶ its :15008 ─┐
 *                              └─ anybody else ─▶ plaintext, as it was called           │
 *                                                                                       ▼
 *   plaintext from outside ─▶ :15006 ─ may they? ─▶ the app, in the caller's name ◀─ may they?
 * </pre>
 *
 * <p>Its sockets are in the pod's network namespace and carry a mark ({@code 0x539}), by which the
 * pod's rules tell them from the application's. What it dials inside of the pod comes from the
 * caller's own address, so the application sees who calls, and binds as without a mesh.
 *
 * <p>{@link dev.sidecarsim.ztunnel.ZtunnelConfig} is what istiod tells it (workloads, services,
 * policies); {@link dev.sidecarsim.ztunnel.Ztunnel} acts on it. Nothing here knows of Kubernetes.
 *
 * <p>Not modelled: the PROXY protocol, SOCKS5, DNS answers (names are resolved as without it),
 * east-west gateways, localities.
 */
@NullMarked
package dev.sidecarsim.ztunnel;

import org.jspecify.annotations.NullMarked;
