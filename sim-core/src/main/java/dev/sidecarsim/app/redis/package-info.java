/**
 * Redis 6 and 7: replication, Sentinel and Cluster, over simulated sockets.
 *
 * <pre>
 *   RedisServer :6379 ── ClientSession … ─┬─ Replication ── ReplicationStream
 *        │                                │       ├── Replicas    INFO: slaveN:ip= what getpeername says
 *        │                                │       └── MasterLink  PING, REPLCONF, PSYNC ──▶ the master's :6379
 *        │                                └─ ClusterCommands
 *        └── ClusterBus :16379 ── BusProtocol ── ClusterView   MEET, PING, PONG, UPDATE
 *                                     ├── ClusterGossip        who else there is, and who fails
 *                                     └── ClusterElection      AUTH_REQUEST, AUTH_ACK
 *
 *   Sentinel :26379 ── WatchedMaster ──┬── WatchedReplica …    what INFO of the master says
 *                          │           └── OtherSentinel …     what is published on __sentinel__:hello
 *                          └── Failover ── Votes, ReplicaMoves elect, choose, promote, switch
 * </pre>
 *
 * <p>Redis knows others by the address that a connection comes from, and itself by the address that
 * a connection came to. A model of Redis only has to do the same, and whatever lies between two
 * sockets does the rest. What a server announces ({@code replica-announce-ip}, {@code
 * cluster-announce-ip}) holds before what it sees.
 *
 * <p>A node of a cluster keeps what it knows in {@code nodes.conf}, on whatever disk its pod has.
 *
 * <p>A replica of a cluster that has once synchronised takes the place of its master when most
 * masters call that one failed and vote for it; a link that leads to a wrong address brings no
 * vote.
 *
 * <p>Not modelled: data beyond strings, persistence of data, images that rewrite nodes.conf when
 * addresses have changed, ACL users, TLS, failover by hand in a cluster, replicas that move to
 * masters without any, resharding, several databases.
 */
@NullMarked
package dev.sidecarsim.app.redis;

import org.jspecify.annotations.NullMarked;
