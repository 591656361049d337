package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The stream of writes that a master and its replicas share: which history it is, how far it goes,
 * and what is kept of it for replicas that were away for a moment (the backlog).
 *
 * <p>A replica that becomes a master starts a history of its own, but knows up to where it is also
 * the old one, so that the other replicas go on where they are (PSYNC2).
 */
final class ReplicationStream {

  /** repl-backlog-size, in bytes. */
  static final int BACKLOG = 1_048_576;

  private record Piece(long start, int length, Resp command) {}

  private final Supplier<String> ids;
  private final Deque<Piece> backlog = new ArrayDeque<>();
  private String id;
  private String olderId = Ids.NONE;
  private long olderEnd = -1;
  private long offset;
  private long first;
  private boolean kept;

  /**
   * @param ids makes the ids of histories
   */
  ReplicationStream(Supplier<String> ids) {
    this.ids = ids;
    this.id = ids.get();
  }

  /** master_replid. */
  String id() {
    return id;
  }

  /** master_replid2: the history of which this one is the continuation. */
  String olderId() {
    return olderId;
  }

  /** second_repl_offset. */
  long olderEnd() {
    return olderEnd;
  }

  /** How many bytes of the stream there have been. */
  long offset() {
    return offset;
  }

  /** Whether there is a backlog. */
  boolean kept() {
    return kept;
  }

  /** repl_backlog_first_byte_offset. */
  long firstKept() {
    return kept ? first : 0;
  }

  long keptBytes() {
    return kept ? offset + 1 - first : 0;
  }

  /** The first replica of a master: a new history, kept from now on (createReplicationBacklog). */
  boolean startKeeping() {
    if (kept) {
      return false;
    }
    id = ids.get();
    forgetOlder();
    keepFromHere();
    return true;
  }

  /** A replica has a whole copy of another history. */
  void adopt(String otherId, long atOffset) {
    id = otherId;
    offset = atOffset;
    forgetOlder();
    keepFromHere();
  }

  /** The own history goes on under another name; says whether the name is new. */
  boolean continueAs(String otherId) {
    boolean renamed = !otherId.equals(id);
    if (renamed) {
      olderId = id;
      olderEnd = offset + 1;
      id = otherId;
    }
    return renamed;
  }

  /** A replica becomes a master (shiftReplicationId). */
  void branchOff() {
    continueAs(ids.get());
  }

  private void forgetOlder() {
    olderId = Ids.NONE;
    olderEnd = -1;
  }

  private void keepFromHere() {
    backlog.clear();
    first = offset + 1;
    kept = true;
  }

  /** The next command of the stream; dropped while no replica has ever been there. */
  void feed(Resp command) {
    if (kept) {
      int length = command.encode().length();
      backlog.add(new Piece(offset + 1, length, command));
      offset += length;
      while (keptBytes() > BACKLOG) {
        first += backlog.remove().length();
      }
    }
  }

  /** What a replica lacks that has a history up to before an offset; empty if not all is kept. */
  Optional<ImmutableList<Resp>> since(String history, long from) {
    boolean same = history.equals(id) || (history.equals(olderId) && from <= olderEnd);
    if (!same || !kept || from < first || from > offset + 1) {
      return Optional.empty();
    }
    return Optional.of(
        backlog.stream()
            .filter(piece -> piece.start() >= from)
            .map(Piece::command)
            .collect(ImmutableList.toImmutableList()));
  }
}
