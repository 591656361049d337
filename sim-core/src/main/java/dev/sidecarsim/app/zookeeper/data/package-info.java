/**
 * What an ensemble replicates: a tree of nodes and the sessions, changed by transactions only.
 *
 * <p>{@link dev.sidecarsim.app.zookeeper.data.DataTree#prepare} makes a change of what a client
 * asks for; a {@link dev.sidecarsim.app.zookeeper.data.Txn} carries it to every server, whose tree
 * applies it.
 *
 * <p>Not modelled: versions as conditions, ACLs, quotas, containers and nodes with a time to live.
 */
@NullMarked
package dev.sidecarsim.app.zookeeper.data;

import org.jspecify.annotations.NullMarked;
