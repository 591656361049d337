/**
 * ZooKeeper 3.7.0: its election, its leader and its status words, over simulated sockets.
 *
 * <pre>
 *   ZooKeeperServer ── QuorumPeer ─┬─ LOOKING ───▶ FastLeaderElection ── ElectionNetwork :3888
 *        │                  ▲      ├─ LEADING ───▶ Leader ── LearnerHandler … ◀─ :2888 ─┐
 *        │                  └──────┴─ FOLLOWING ─▶ Learner ─────────────────────────────┘
 *        ├── ClientPort :2181   srvr ruok mntr …
 *        └── ServerLog          what kubectl logs shows
 * </pre>
 *
 * <p>The bytes on the wire are ZooKeeper's own: the hello of an election connection, notifications,
 * and the packets between learner and leader. A server is known by the id in what it sends, never
 * by the address it comes from.
 *
 * <p>Only times are drawn by chance ({@link dev.sidecarsim.app.zookeeper.Delays}): how long a
 * process takes to start, to bind the leader's port, to dial. Every outcome follows from the
 * protocol; where real servers race, some seed has each outcome.
 *
 * <p>Names are remembered as a JVM does. The image's tag decides what the server says it is and
 * what its release does otherwise ({@link dev.sidecarsim.app.zookeeper.ZooKeeperRelease}); the rest
 * is 3.7.0, which 3.8 and 3.9 are alike.
 *
 * <p>{@link dev.sidecarsim.app.zookeeper.ZooKeeperImage} has the settings: what an image's entry
 * point writes of its variables, or a mounted {@code zoo.cfg}, is read and refused as
 * QuorumPeerConfig of that release does.
 *
 * <p>Of the quorum's own TLS only the question is modelled whether a caller's certificate is for
 * the address that it calls from; certificates are taken to be for the hosts of the server lines.
 *
 * <p>Clients have sessions, nodes with versions and rights, transactions of several changes, and
 * watches; the leader makes one transaction after the other, and counts the sessions' time.
 *
 * <p>Not modelled: transactions under way together, dynamic reconfiguration, SASL between servers,
 * several addresses a server, ports for TLS and for observers, the oracle quorum, the admin
 * server's port.
 */
@NullMarked
package dev.sidecarsim.app.zookeeper;

import org.jspecify.annotations.NullMarked;
