package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** What has happened to each node, as this one has noticed it; the last ones only. */
final class NodeEvents {

  /**
   * Something that has happened.
   *
   * @param at in nanoseconds of simulated time
   * @param severity INFO or WARNING
   */
  record Event(long at, String severity, String message) {}

  /** CircularFifoQueue's own size. */
  private static final int KEPT = 32;

  private static final String THREAD = "Heartbeat Monitor Thread-1";

  private final LongSupplier clock;
  private final NifiLog log;
  private final Map<NodeId, Deque<Event>> events = new TreeMap<>();

  NodeEvents(LongSupplier clock, NifiLog log) {
    this.clock = clock;
    this.log = log;
  }

  /** Keeps an event that is not logged. */
  void add(NodeId node, String message) {
    add(node, "INFO", message);
  }

  private void add(NodeId node, String severity, String message) {
    Deque<Event> kept = events.computeIfAbsent(node, any -> new ArrayDeque<>());
    kept.addFirst(new Event(clock.getAsLong(), severity, message));
    if (kept.size() > KEPT) {
      kept.removeLast();
    }
  }

  void info(NodeId node, String message) {
    add(node, "INFO", message);
    log.info(NifiLog.Logger.COORDINATOR, THREAD, line(node, message));
  }

  void warn(NodeId node, String message) {
    add(node, "WARNING", message);
    log.warn(NifiLog.Logger.COORDINATOR, THREAD, line(node, message));
  }

  private static String line(NodeId node, String message) {
    return "Event Reported for " + node + " -- " + message;
  }

  /** The latest first. */
  ImmutableList<Event> of(NodeId node) {
    return ImmutableList.copyOf(events.getOrDefault(node, new ArrayDeque<>()));
  }
}
