/**
 * Cassandra 3.11 and 4.0: how a ring comes together, over simulated sockets.
 *
 * <pre>
 *   boot ── shadow round with the seeds ─┬─ an answer ──▶ BOOT (30 s) ──▶ NORMAL, CQL served
 *                                        ├─ none, a seed ──────────────▶ NORMAL: a ring of its own
 *                                        └─ none, no seed, 30 s ───────▶ exit code 3
 *
 *   CassandraNode ── gossip each second ── Internode :7000   a connection for each direction
 * </pre>
 *
 * <p>A node is known by the broadcast address that it says of itself, never by where its calls come
 * from. Its storage port cannot be bound to all addresses.
 *
 * <p>Not modelled: tokens, data, hints and repairs, several data centres, internode encryption and
 * authenticators, Thrift, leaving and replacing nodes. CQL's port takes calls and says nothing.
 */
@NullMarked
package dev.sidecarsim.app.cassandra;

import org.jspecify.annotations.NullMarked;
