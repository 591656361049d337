/**
 * One Linux host: a network namespace with its IP layer, its sockets and its processes.
 *
 * <pre>
 *   Process ── listen / connect ──▶ TcpStack ── segments ──▶ IpStack
 *      ▲                              │  ▲                      │
 *      └── ConnectionHandler ◀────────┘  └─── TransportLayer ◀──┘
 *
 *   IpStack:
 *   wire ─▶ PREROUTING ─▶ routing ─┬─▶ INPUT ─▶ TransportLayer ─▶ sockets
 *             ▲                    └─▶ FORWARD ─┐                    │
 *             │ lo                              ▼                 OUTPUT
 *             └────────────────────────── POSTROUTING ◀─ routing ◀───┘
 *                                               └─▶ wire
 * </pre>
 *
 * <p>A {@link dev.sidecarsim.host.Process} is a program with a uid and a gid; it is told of what
 * happens on its sockets by calls to its {@link dev.sidecarsim.host.ConnectionHandler}s. A failed
 * connection is a call to {@code onFailed}, never an exception. Packets over {@code lo} come in
 * again through the event queue, a few microseconds later.
 *
 * <p>TCP has its handshake, data in order, FIN and RST, TIME_WAIT, and the retransmission of SYN,
 * data and FIN with back-off.
 *
 * <p>Not modelled: congestion control, window scaling and flow control (a receiver takes what it is
 * sent), delayed acknowledgements, simultaneous open, TCP options, backlog limits, ARP and
 * neighbour tables (a link that finds nobody answers as a failed ARP does); fragments, IP options,
 * ICMP redirects and rate limits, path MTU.
 */
@NullMarked
package dev.sidecarsim.host;

import org.jspecify.annotations.NullMarked;
