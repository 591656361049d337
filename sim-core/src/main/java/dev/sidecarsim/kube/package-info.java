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
 *                                  ProgramCatalog: image ─▶ Program
 * </pre>
 *
 * <p>Specs are immutable values. The cluster is the run that is made from them: each pod is a
 * network namespace, each container a process in it, each Service a set of NAT rules on the nodes.
 *
 * <p>Not modelled: scheduling by resources, volumes other than ConfigMaps, NetworkPolicy, CSI, the
 * API server's own validation beyond what decides about connections.
 */
@NullMarked
package dev.sidecarsim.kube;

import org.jspecify.annotations.NullMarked;
