/**
 * What clients of ZooKeeper and its servers say to each other: a length of four bytes, then records
 * as ZooKeeper's jute writes them.
 *
 * <pre>
 *   client ─ ConnectRequest ─▶ server     protocol version, last zxid, time-out, session
 *          ◀ ConnectResponse ─            time-out 0: the session is over
 *          ─ Operation ─▶                 xid, type, record; xid −2 is a ping
 *          ◀ Reply ─                      xid, zxid, error, record; xid −1 is a WatchEvent
 * </pre>
 *
 * <p>Not modelled: ACLs other than that of everybody, transactions of several operations,
 * authentication; passwords of sessions are zeros, and nobody looks at them.
 */
@NullMarked
package dev.sidecarsim.app.zookeeper.wire;

import org.jspecify.annotations.NullMarked;
