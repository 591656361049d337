package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are known, by the tuples of both their directions.
 *
 * <p>A direction may have a zone of its own, so the directions do not meet in one map: a packet is
 * looked for among the originals in one zone, and among the answers in another.
 */
final class ConnectionTable {

  private final Scheduler scheduler;
  private final Map<Tuple, Connection> originals = new LinkedHashMap<>();
  private final Map<Tuple, Connection> replies = new LinkedHashMap<>();
  private final Map<Tuple, Set<Connection>> bySource = new LinkedHashMap<>();

  ConnectionTable(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void clear() {
    originals.clear();
    replies.clear();
    bySource.clear();
  }

  /** All connections whose time is not over, oldest first. */
  ImmutableList<Connection> connections() {
    return originals.values().stream()
        .filter(connection -> connection.expires >= scheduler.now())
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
    if (found != null && found.expires < scheduler.now()) {
      remove(found);
      return null;
    }
    return found;
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
   * first; within one zone, where both directions look the same, the answering one is found.
   */
  @Nullable Connection find(Tuple tuple, int originalZone, int replyZone) {
    if (originalZone == replyZone) {
      Connection back = byReply(tuple.inZone(replyZone));
      return back != null ? back : byOriginal(tuple.inZone(originalZone));
    }
    Connection forth = byOriginal(tuple.inZone(originalZone));
    return forth != null ? forth : byReply(tuple.inZone(replyZone));
  }

  void insert(Connection connection) {
    connection.set(Connection.CONFIRMED);
    originals.put(connection.original(), connection);
    replies.put(connection.reply(), connection);
  }

  void remove(Connection connection) {
    originals.remove(connection.original(), connection);
    replies.remove(connection.reply(), connection);
    Tuple key = sourceKey(connection.original());
    Set<Connection> same = bySource.get(key);
    if (same != null) {
      same.remove(connection);
      if (same.isEmpty()) {
        bySource.remove(key);
      }
    }
  }

  /** Notes which source a connection got, for others of the same source. */
  void rememberSource(Connection connection) {
    bySource
        .computeIfAbsent(sourceKey(connection.original()), key -> new LinkedHashSet<>())
        .add(connection);
  }

  @Nullable Connection withSource(Tuple original) {
    Set<Connection> found = bySource.get(sourceKey(original));
    return found == null || found.isEmpty() ? null : found.iterator().next();
  }

  private static Tuple sourceKey(Tuple original) {
    return original.withDestination(original.src().any(), original.isIcmp() ? original.dport() : 0);
  }
}
