package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.data.DataTree;
import dev.sidecarsim.app.zookeeper.data.Effect;
import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.net.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The tree in a server's memory, and what of it outlives the process: a snapshot and the log of the
 * transactions since.
 */
final class Database {

  /** Who is told of each transaction, once it counts. */
  interface Observer {
    void committed(Txn txn, Effect effect);
  }

  /** zookeeper.snapCount is 100000; a log so long says no more than a snapshot. */
  private static final int SNAP_COUNT = 1000;

  private final DataDir data;
  private final Deque<Txn> uncommitted = new ArrayDeque<>();
  private Observer observer = (txn, effect) -> {};
  private DataTree tree;
  private long zxid;
  private int logged;
  private long oldestKept;
  private long newestKept;

  Database(DataDir data) {
    this.data = data;
    this.zxid = data.lastZxid();
    this.tree = DataTree.of(data.snapshot());
    for (Txn txn : data.log()) {
      tree.apply(txn);
      zxid = txn.zxid();
      keep();
    }
  }

  void observer(Observer who) {
    observer = who;
  }

  DataTree tree() {
    return tree;
  }

  /** The last transaction in memory: dataTree.lastProcessedZxid. */
  long zxid() {
    return zxid;
  }

  /** The first transaction since the server has had its tree, or 0: ZKDatabase.minCommittedLog. */
  long oldestKept() {
    return oldestKept;
  }

  /** The last one: ZKDatabase.maxCommittedLog. */
  long newestKept() {
    return newestKept;
  }

  private void keep() {
    oldestKept = oldestKept == 0 ? zxid : oldestKept;
    newestKept = zxid;
  }

  /** The leader is in a new epoch, whose first transaction is to come. */
  void enter(long firstOfEpoch) {
    zxid = firstOfEpoch;
  }

  /** Takes over the tree of the leader, in memory. */
  void replace(Bytes snapshot, long newZxid) {
    uncommitted.clear();
    oldestKept = 0;
    newestKept = 0;
    tree = DataTree.of(snapshot);
    zxid = newZxid;
  }

  /** What is in memory outlives the process from now on. */
  void takeSnapshot() {
    data.snapshot(zxid, tree.snapshot());
    logged = 0;
  }

  /** Writes a transaction to the log, before it counts. */
  void log(Txn txn) {
    uncommitted.add(txn);
    data.append(txn);
  }

  /** The transactions in the log up to this one count. */
  void commit(long upTo) {
    while (!uncommitted.isEmpty() && uncommitted.peek().zxid() <= upTo) {
      process(uncommitted.remove());
    }
    if (logged > SNAP_COUNT && uncommitted.isEmpty()) {
      takeSnapshot();
    }
  }

  /** A transaction that counts already, as observers hear of it. */
  void inform(Txn txn) {
    log(txn);
    commit(txn.zxid());
  }

  /** ZKDatabase.fastForwardDataBase: who has lost the leader takes what it has logged for good. */
  void fastForward() {
    commit(Long.MAX_VALUE);
  }

  private void process(Txn txn) {
    logged++;
    zxid = txn.zxid();
    keep();
    observer.committed(txn, tree.apply(txn));
  }
}
