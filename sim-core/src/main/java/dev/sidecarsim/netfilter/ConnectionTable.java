package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.time.Scheduler;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are known, by the tuples of both their directions.
 *
 * <p>A direction may have a zone of its own, so the directions do not meet in one map: a packet is
 * looked for among the originals in one zone, and among the answers in another.
 *
 * <p>A connection whose time is over is known to nobody any more, and is removed when it is found,
 * or at the latest when there are twice as many as the last look at all of them left.
 */
final class ConnectionTable {

  /** Up to so many connections nobody looks for those whose time is over. */
  private static final int FEW = 64;

  private final Scheduler scheduler;
  private long inserted;
  private final Map<Tuple, Connection> originals = new LinkedHashMap<>();

  /** Never iterated. */
  private final Map<Tuple, Connection> replies = new HashMap<>();

  private final SourceIndex sources = new SourceIndex();
  private int most = FEW;

  ConnectionTable(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void clear() {
    originals.clear();
    replies.clear();
    sources.clear();
  }

  /** All connections whose time is not over, oldest first. */
  ImmutableList<Connection> connections() {
    return originals.values().stream()
        .filter(connection -> !isOver(connection))
        .collect(ImmutableList.toImmutableList());
  }

  @Nullable Connection byOriginal(Tuple tuple) {
    return alive(originals.get(tuple));
  }

  @Nullable Connection byReply(Tuple tuple) {
    return alive(replies.get(tuple));
  }

  /** The connection that has a tuple in either direction, in zone 0. */
  @Nullable Connection either(Tuple tuple) {
    Connection found = byReply(tuple);
    return found == null ? byOriginal(tuple) : found;
  }

  @Nullable Connection inAnyZone(Tuple tuple) {
    Connection found = either(tuple);
    if (found != null) {
      return found;
    }
    return connections().stream()
        .filter(c -> c.original().inZone(0).equals(tuple) || c.reply().inZone(0).equals(tuple))
        .findFirst()
        .orElse(null);
  }

  private @Nullable Connection alive(@Nullable Connection found) {
    if (found != null && isOver(found)) {
      remove(found);
      return null;
    }
    return found;
  }

  private boolean isOver(Connection connection) {
    return connection.expires < scheduler.now();
  }

  /** Whether a connection other than this one has the tuple ({@code nf_ct_key_equal()}). */
  boolean isTaken(Tuple tuple, Connection by) {
    int original = by.original().zone();
    int reply = by.reply().zone();
    Connection forth = tuple.zone() == original ? byOriginal(tuple) : null;
    Connection back = tuple.zone() == reply ? byReply(tuple) : null;
    return (forth != null && forth != by) || (back != null && back != by);
  }

  /**
   * The connection of a packet ({@code nf_conntrack_find_get()}): the original's zone is looked in
   * first; within one zone, where the directions of two look the same, the one that came later is
   * found, and of one connection the answering direction, as both stand at the head of their row.
   */
  @Nullable Connection find(Tuple tuple, int originalZone, int replyZone) {
    if (originalZone == replyZone) {
      Connection back = byReply(tuple.inZone(replyZone));
      Connection forth = byOriginal(tuple.inZone(originalZone));
      return back == null || (forth != null && forth.place > back.place) ? forth : back;
    }
    Connection forth = byOriginal(tuple.inZone(originalZone));
    return forth != null ? forth : byReply(tuple.inZone(replyZone));
  }

  void insert(Connection connection) {
    if (originals.size() >= most) {
      sweep();
    }
    connection.set(Connection.CONFIRMED);
    connection.place = ++inserted;
    originals.put(connection.original(), connection);
    replies.put(connection.reply(), connection);
    if (connection.has(Connection.SRC_DONE)) {
      sources.add(connection);
    }
  }

  /** {@code gc_worker()}, at a cost that grows with the number of connections alone. */
  private void sweep() {
    List.copyOf(originals.values()).stream().filter(this::isOver).forEach(this::remove);
    most = Math.max(FEW, 2 * originals.size());
  }

  /** How many connections are held, whether or not their time is over. */
  int size() {
    return originals.size();
  }

  void remove(Connection connection) {
    originals.remove(connection.original(), connection);
    replies.remove(connection.reply(), connection);
    sources.remove(connection);
  }

  /** The newest connection of a source; those before it follow as {@link #older} ones. */
  @Nullable Connection newestOf(Tuple original) {
    return orOlder(sources.newest(original));
  }

  /** The connection of the same source that came before, if its time is not over. */
  @Nullable Connection older(Connection connection) {
    return orOlder(connection.older);
  }

  private @Nullable Connection orOlder(@Nullable Connection connection) {
    Connection found = connection;
    while (found != null && isOver(found)) {
      found = found.older;
    }
    return found;
  }
}
