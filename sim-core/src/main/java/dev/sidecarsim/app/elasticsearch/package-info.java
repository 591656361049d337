/**
 * Elasticsearch 7: discovery and the election of a master, over simulated sockets.
 *
 * <pre>
 *   ElasticsearchNode ─┬─ Transport :9300   PeerConnection: requests to a node, and their answers
 *                      ├─ Coordinator ─┬─ PeerFinder      SeedProbe: who is there, and who leads?
 *                      │               ├─ Bootstrap       the first voting configuration
 *                      │               ├─ Election        pre-votes, each attempt later
 *                      │               ├─ Joining         requests to join, with votes
 *                      │               ├─ FaultDetection  of the leader, by a follower
 *                      │               └─ Leadership ─┬─ MasterService   what is to change
 *                      │                              ├─ Publication     one state on its way
 *                      │                              └─ FaultDetection  of followers
 *                      ├─ Applier: AppliedState     the state that the node goes by
 *                      └─ HttpServer :9200          RestApi: waits for a master
 * </pre>
 *
 * <p>The rules that keep a cluster one are in {@code CoordinationState}; what a node keeps with its
 * data in {@code PersistedState}. A node is known by what it says of itself, and found at the
 * address that it publishes, which need not be one that it listens on. A closed connection is
 * noticed at once, silence after half a minute; a new master goes by its own state only once all
 * nodes have it, or half a minute has passed.
 *
 * <p>Checked against real 7.10.2 and 7.17.9 in network namespaces.
 *
 * <p>Not modelled: indices and shards, what nodes measure of themselves, security, and the time
 * that states take to be written to disk.
 */
@NullMarked
package dev.sidecarsim.app.elasticsearch;

import org.jspecify.annotations.NullMarked;
