package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Until when each session lasts, as its leader counts it: in whole ticks, so that a session ends
 * when its time-out is over and the next tick has begun (ExpiryQueue).
 */
final class SessionTracker {

  private record Session(int timeoutMillis, long expiresAt) {}

  private final LongSupplier clock;
  private final long tickNanos;
  private final Map<Long, Session> sessions = new TreeMap<>();

  SessionTracker(LongSupplier clock, long tickNanos) {
    this.clock = clock;
    this.tickNanos = tickNanos;
  }

  /** A session is new, or known from the tree; it has all of its time. */
  void track(long session, int timeoutMillis) {
    long ticks = (clock.getAsLong() + millis(timeoutMillis)) / tickNanos + 1;
    sessions.put(session, new Session(timeoutMillis, ticks * tickNanos));
  }

  /** Prolongs a session; says whether it still stands. */
  boolean touch(long session, int timeoutMillis) {
    boolean stands = sessions.containsKey(session);
    if (stands) {
      track(session, timeoutMillis);
    }
    return stands;
  }

  void remove(long session) {
    sessions.remove(session);
  }

  boolean isEmpty() {
    return sessions.isEmpty();
  }

  /** How long it is until the next tick. */
  long untilNextTick() {
    return tickNanos - clock.getAsLong() % tickNanos;
  }

  /** Forgets the sessions whose time is over, and tells of each with its time-out. */
  void expire(BiConsumer<Long, Integer> ended) {
    Map<Long, Session> over = new TreeMap<>(sessions);
    over.values().removeIf(session -> session.expiresAt() > clock.getAsLong());
    sessions.keySet().removeAll(over.keySet());
    over.forEach((id, session) -> ended.accept(id, session.timeoutMillis()));
  }
}
