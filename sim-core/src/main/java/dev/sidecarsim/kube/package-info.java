/**
 * Kubernetes: what manifests say, and a cluster that acts on it in simulated time.
 *
 * <pre>
 *   YAML, JSON ── ManifestReader ──▶ Manifests: Pod StatefulSet Deployment Service ConfigMap …
 *                                        │                      others: Document
 *                                    PodAdmission (a webhook: Pod ─▶ Pod)
 *                                        │
 *                                     Cluster ── nodes, pods, kube-proxy rules, DNS, probes
 *                                        │
 *                                  CniPlugin: a pod's network, before anything runs in it
 *                                  ProgramCatalog: image ─▶ Program
 * </pre>
 *
 * <p>Specs are immutable values. The cluster is the run that is made from them: each pod is a
 * network namespace, each container a process in it, each Service a set of NAT rules on the nodes.
 *
 * <p>What nobody describes is assumed and said ({@link dev.sidecarsim.kube.Cluster#assumptions}): a
 * container without known program echoes on the ports that it declares, an unknown command
 * succeeds, a probe whose request comes back unchanged has met such an echo and counts as answered.
 *
 * <p>Not modelled: UDP sockets, caches of name servers and their own connections, scheduling by
 * resources, volumes other than ConfigMaps, NetworkPolicy, graceful ends (a deleted pod's programs
 * stop at once), rolling updates, the API server's own validation beyond what decides about
 * connections.
 */
@NullMarked
package dev.sidecarsim.kube;

import org.jspecify.annotations.NullMarked;
