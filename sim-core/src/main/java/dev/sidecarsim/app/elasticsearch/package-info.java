/**
 * Elasticsearch 7: discovery and the election of a master, over simulated sockets.
 *
 * <pre>
 *   ElasticsearchNode ─┬─ PeerFinder         asks seeds and peers while there is no master
 *                      ├─ Transport :9300    probe a seed, then connect to what it publishes
 *                      ├─ Coordinator ─┬─ Election        PREVOTE?, START_JOIN, VOTE
 *                      │               ├─ Leadership      JOIN, PUBLISH, ACK, COMMIT, FOLLOWER?
 *                      │               └─ FaultDetection  LEADER?
 *                      └─ HttpServer :9200   ClusterHealth: 503 while there is no master
 * </pre>
 *
 * <p>A node is known by what it says of itself, and found at the address that it publishes, which
 * need not be one that it listens on. A majority of {@code cluster.initial_master_nodes} starts the
 * cluster; from then on the voting configuration counts, which the master keeps at an odd number of
 * nodes that are there. A closed connection is noticed at once, silence after half a minute.
 *
 * <p>Not modelled: indices and shards, voting exclusions, lagging nodes, security and IP filtering,
 * roles beyond {@code master}.
 */
@NullMarked
package dev.sidecarsim.app.elasticsearch;

import org.jspecify.annotations.NullMarked;
