/**
 * NiFi 1.x: a cluster that needs ZooKeeper, over simulated sockets.
 *
 * <pre>
 *   NifiNode ─┬─ Roles ── Curator ──▶ :2181       who is Cluster Coordinator, who Primary Node
 *             ├─ FlowService ─┐                   asks the coordinator until it is let in
 *             ├─ Heartbeater ─┴─▶ ProtocolPort :11443, on every address, of the coordinator:
 *             │                    ├─ Coordination      lets nodes in, tells all of changes
 *             │                    │   ├─ FlowElection  whose flow the cluster begins with
 *             │                    │   └─ Invitations   asks nodes to connect again
 *             │                    └─ HeartbeatMonitor  who has been silent for too long
 *             ├─ WebServer :8080 ── WebClient ──▶ the coordinator's web port, and from there
 *             │   or HTTPS :8443                  every connected node's, the own one too
 *             └─ :6342, :10000                    load balancing and site-to-site: only taken
 * </pre>
 *
 * <p>Each node has all of it; ZooKeeper alone says whose is used. The web port is bound to the
 * node's own name and the protocol port to every address, so that a sidecar of before 1.10 cuts the
 * one and not the other: nodes are CONNECTED and cannot answer a request. A node serves while a
 * request for the cluster's flow, asked of it once a second, is answered.
 *
 * <p>A node keeps its id and the nodes that it knows on its disk. Without a volume a pod that is
 * made anew is another node, and the old one is listed as DISCONNECTED.
 *
 * <p>Own TLS has certificates that are for the host that a node says. The firewall looks at these,
 * as 1.8 and later do, and not at the address that a connection comes from.
 *
 * <p>Not modelled: the flow itself, which is empty, and changes of it; who may log in; TLS to
 * ZooKeeper; an embedded ZooKeeper.
 */
@NullMarked
package dev.sidecarsim.app.nifi;

import org.jspecify.annotations.NullMarked;
