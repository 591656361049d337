/**
 * A client of ZooKeeper over simulated sockets, and what Curator makes of it.
 *
 * <pre>
 *   LeaderSelector ─▶ Curator ─▶ ClientHandle ─▶ :2181 of one server after the other
 *   a queue of ephemeral   a new handle when      one session: pings at a third of its
 *   sequential nodes       the session is lost    time-out, moves on after two thirds
 * </pre>
 *
 * <p>Only a server says that a session is over; a client that reaches none knows nothing, and
 * Curator takes the session for lost once its time-out has passed.
 *
 * <p>Not modelled: TLS and SASL of clients, read-only servers, retries other than those of NiFi.
 */
@NullMarked
package dev.sidecarsim.app.zookeeper.client;

import org.jspecify.annotations.NullMarked;
