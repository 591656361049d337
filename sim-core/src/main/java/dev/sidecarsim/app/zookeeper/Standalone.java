package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.host.Process;
import java.util.Set;

/** A server that is no member of an ensemble: what it has written to its own disk counts. */
final class Standalone implements Proposals.Site, Proposals.Voters {

  private final Process process;
  private final Database database;
  private final ServerLog log;
  private final Delays delays;

  Standalone(Process process, Database database, ServerLog log, Delays delays) {
    this.process = process;
    this.database = database;
    this.log = log;
    this.delays = delays;
  }

  @Override
  public void propose(Txn txn) {}

  @Override
  public boolean enough(Set<Long> sids) {
    return true;
  }

  @Override
  public void commit(Txn txn) {}

  @Override
  public Database database() {
    return database;
  }

  @Override
  public ServerLog log() {
    return log;
  }

  @Override
  public long myId() {
    return 0;
  }

  @Override
  public void after(long nanos, Runnable action) {
    process.after(nanos, action);
  }

  @Override
  public long writeTime() {
    return delays.writeEpoch();
  }
}
