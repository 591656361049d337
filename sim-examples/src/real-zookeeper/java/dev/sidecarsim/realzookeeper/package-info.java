/**
 * Real ZooKeeper servers in one JVM, whose quorum sockets the simulated mesh answers; what comes of
 * them is held against the model.
 *
 * <pre>
 *   threads of a real server                      the bridge's one thread
 *   ────────────────────────                      ───────────────────────
 *   new Socket()  ─ rewritten ─▶ PodSocket
 *   new ServerSocket() ────────▶ PodServerSocket
 *                                   │
 *                              BridgedSocket ── Bridge's queue ──▶ Process in a pod's namespace
 *                                   ▲                                   │  rules, Envoy, TCP
 *                                   └────────── bytes, FIN, RST ◀───────┘
 * </pre>
 *
 * <p>Each server has a class loader of its own, which rewrites the four places where the quorum's
 * sockets are made and those where names are resolved. The client port is a real one on the
 * loopback address of this machine.
 *
 * <p>Time is real: the bridge moves simulated time as fast as the clock goes. So runs are not
 * reproducible, and "never" means "not within the time that was waited".
 *
 * <p>Only the Maven profile {@code real-zookeeper} compiles this.
 */
@NullMarked
package dev.sidecarsim.realzookeeper;

import org.jspecify.annotations.NullMarked;
