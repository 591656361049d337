/**
 * One host as its kernel sees it: interfaces, routes, and the way of a packet through the hooks.
 *
 * <pre>
 *   wire ─▶ PREROUTING ─▶ routing ─┬─▶ INPUT ─▶ TransportLayer ─▶ sockets
 *             ▲                    └─▶ FORWARD ─┐                    │
 *             │ lo                              ▼                 OUTPUT
 *             └────────────────────────── POSTROUTING ◀─ routing ◀───┘
 *                                               └─▶ wire
 * </pre>
 *
 * <p>Packets over {@code lo} come in again through the event queue, a few microseconds later.
 *
 * <p>Not modelled: fragments, IP options, ICMP redirects and rate limits, path MTU, ARP.
 */
@NullMarked
package dev.sidecarsim.host;

import org.jspecify.annotations.NullMarked;
