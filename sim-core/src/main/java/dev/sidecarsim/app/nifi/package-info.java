/**
 * NiFi 1.x: a cluster that needs ZooKeeper, over simulated sockets.
 *
 * <pre>
 *   NifiNode ─┬─ ZooKeeperSession ──▶ :2181    no session, no coordinator
 *             ├─ Peers :11443                  heartbeats, on every address
 *             └─ HttpServer :8080              a request is replicated to every node's web port,
 *                                              the own one too; all must answer
 * </pre>
 *
 * <p>The web port is bound to the node's own name and the protocol port to every address, so that a
 * sidecar of before 1.10 cuts the one and not the other: nodes are CONNECTED and cannot answer a
 * request. A node serves while the last request that it replicated was answered by all.
 *
 * <p>Not modelled: entries in ZooKeeper (the coordinator is the first, by name, of those who have a
 * session; nodes find each other by the headless Service), the flow itself, the primary node, load
 * balancing, site-to-site, the cluster firewall, TLS of its own.
 */
@NullMarked
package dev.sidecarsim.app.nifi;

import org.jspecify.annotations.NullMarked;
