/**
 * Cassandra 3.11 and 4.0: how a ring comes together, over simulated sockets.
 *
 * <pre>
 *   boot ── shadow round with the seeds ─┬─ an answer ─▶ new and no seed: wait for the schema, BOOT (30 s)
 *                                        │              others: at once ──▶ NORMAL ──▶ CQL served
 *                                        ├─ none, a seed, 31 s ──▶ NORMAL: a ring of its own
 *                                        └─ none, no seed, 61 s ─▶ exit code 3
 *
 *   CassandraNode ── StorageService ─┬─ ShadowRound
 *        │                           ├─ Gossiper ── Internode :7000   a connection for each direction
 *        │                           ├─ SystemKeyspace                host id and peers, kept
 *        │                           ├─ Ring                          tokens and who owns what
 *        │                           └─ Clients                       when CQL is served
 *        └── Nodetool
 * </pre>
 *
 * <p>A node is known by the broadcast address that it says of itself, never by where its calls come
 * from, and counts as up once it has answered an echo. Its storage port cannot be bound to all
 * addresses. Seeds are looked up when a node starts. One that has joined before need not wait for
 * the ring, and takes its old place at a new address; one that lost its data cannot join while its
 * old self still owns tokens, nor at the old address.
 *
 * <p>Not modelled: data and load, users' keyspaces, hints and repairs, several data centres,
 * internode encryption and authenticators, Thrift, leaving and replacing nodes. Each round of
 * gossip reaches all nodes, not one of them drawn by lot. CQL's port takes calls and says nothing.
 */
@NullMarked
package dev.sidecarsim.app.cassandra;

import org.jspecify.annotations.NullMarked;
