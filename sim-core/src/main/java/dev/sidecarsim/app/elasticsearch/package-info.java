/**
 * Elasticsearch 7: discovery and the election of a master, over simulated sockets.
 *
 * <pre>
 *   ElasticsearchNode ─┬─ Transport :9300    probe a seed, then connect to what it publishes
 *                      ├─ Coordinator        START_JOIN, JOIN, PUBLISH, ACK, COMMIT, CHECK
 *                      └─ HttpServer :9200   ClusterHealth: 503 while there is no master
 * </pre>
 *
 * <p>A node is known by what it says of itself, and found at the address that it publishes, which
 * need not be one that it listens on. A majority of {@code cluster.initial_master_nodes} starts the
 * cluster; later the stored configuration counts.
 *
 * <p>Not modelled: indices and shards, pre-voting apart from the refusal by nodes that have a
 * master, changes of the voting configuration, security and IP filtering, dedicated roles beyond
 * {@code node.master}.
 */
@NullMarked
package dev.sidecarsim.app.elasticsearch;

import org.jspecify.annotations.NullMarked;
