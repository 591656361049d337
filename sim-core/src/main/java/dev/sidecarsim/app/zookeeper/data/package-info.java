/**
 * What an ensemble replicates: a tree of nodes and the sessions, changed by transactions only.
 *
 * <p>{@link dev.sidecarsim.app.zookeeper.data.DataTree#prepare} makes a change of what a client
 * asks for; a {@link dev.sidecarsim.app.zookeeper.data.Txn} carries it to every server, whose tree
 * applies it.
 *
 * <p>Rights know a client by the address that its connection comes from: behind a sidecar of Istio
 * 1.10 that is 127.0.0.6 for everybody, before it 127.0.0.1.
 *
 * <p>Not modelled: names and passwords of clients, times of nodes, quotas, containers and nodes
 * with a time to live.
 */
@NullMarked
package dev.sidecarsim.app.zookeeper.data;

import org.jspecify.annotations.NullMarked;
