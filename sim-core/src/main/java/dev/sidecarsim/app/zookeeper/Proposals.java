package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.data.Change;
import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where transactions are made: of one wish after the other, each when the one before it counts. It
 * counts when enough servers have written it to disk.
 */
final class Proposals implements Requests {

  /** Those who have to write a transaction down. */
  interface Voters {

    /** Sends it to the others. */
    void propose(Txn txn);

    /** Whether these are enough. */
    boolean enough(Set<Long> sids);

    /** Tells the others that it counts. */
    void commit(Txn txn);
  }

  /** What a server is to a maker of transactions. */
  interface Site {
    Database database();

    ServerLog log();

    long myId();

    /** Runs something later, unless this server has stopped to make transactions by then. */
    void after(long nanos, Runnable action);

    long writeTime();
  }

  private final Site site;
  private final Voters voters;
  private final SessionTracker tracker;
  private final Deque<Wish> wishes = new ArrayDeque<>();
  private final Set<Long> writtenBy = new TreeSet<>();
  private @Nullable Txn proposed;
  private boolean ticking;

  Proposals(Site site, Voters voters, SessionTracker tracker) {
    this.site = site;
    this.voters = voters;
    this.tracker = tracker;
    site.database().tree().sessions().forEach(tracker::track);
    tick();
  }

  @Override
  public void submit(Wish wish) {
    wishes.add(wish);
    next();
  }

  private void next() {
    if (proposed != null || wishes.isEmpty()) {
      return;
    }
    Wish wish = wishes.remove();
    Change change = site.database().tree().prepare(wish.session(), wish.client(), wish.operation());
    Txn txn = new Txn(wish.session(), wish.cxid(), site.database().zxid() + 1, change);
    proposed = txn;
    writtenBy.clear();
    site.database().log(txn);
    voters.propose(txn);
    site.after(site.writeTime(), () -> written(site.myId(), txn.zxid()));
  }

  /** A server has written a transaction to disk. */
  void written(long sid, long zxid) {
    Txn txn = proposed;
    if (txn == null || txn.zxid() != zxid) {
      return;
    }
    writtenBy.add(sid);
    if (writtenBy.contains(site.myId()) && voters.enough(writtenBy)) {
      proposed = null;
      voters.commit(txn);
      track(txn);
      site.database().commit(zxid);
      next();
    }
  }

  /** What a learner lacks that has the tree as it is now. */
  void catchUp(Consumer<Txn> learner) {
    if (proposed != null) {
      learner.accept(proposed);
    }
  }

  // ---- sessions

  private void track(Txn txn) {
    if (txn.change() instanceof Change.NewSession begun) {
      tracker.track(txn.session(), begun.timeoutMillis());
      tick();
    } else if (txn.change() instanceof Change.NoSession) {
      tracker.remove(txn.session());
    }
  }

  /** Looks once a tick for sessions that are over, as long as there is any. */
  private void tick() {
    if (!ticking && !tracker.isEmpty()) {
      ticking = true;
      site.after(
          tracker.untilNextTick(),
          () -> {
            ticking = false;
            tracker.expire(this::expired);
            tick();
          });
    }
  }

  private void expired(long session, int timeoutMillis) {
    site.log().clients().expiring(session, timeoutMillis);
    submit(new Wish(session, 0, IpAddress.ANY_V4, new Operation.CloseSession()));
  }

  @Override
  public void revalidate(long session, int timeoutMillis, Consumer<Boolean> answer) {
    answer.accept(tracker.touch(session, timeoutMillis));
  }

  @Override
  public void touch(long session, int timeoutMillis) {
    tracker.touch(session, timeoutMillis);
  }
}
