package dev.sidecarsim.host;

import static dev.sidecarsim.time.Durations.MILLISECOND;
import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Timer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The segments that the other end has not acknowledged, sent again with Linux's back-off. */
final class SendQueue {

  /** What a queue asks of its connection. */
  interface Owner {

    /** How often the first segment may be sent again before the connection gives up. */
    int retries();

    void gaveUp();
  }

  /** TCP_TIMEOUT_INIT of Linux: the first wait for an answer to a SYN. */
  private static final long SYN_TIMEOUT = SECOND;

  /** TCP_RTO_MIN of Linux; a simulated round trip is always shorter. */
  private static final long DATA_TIMEOUT = 200 * MILLISECOND;

  /** TCP_RTO_MAX of Linux. */
  private static final long MAX_TIMEOUT = 120 * SECOND;

  private final Scheduler scheduler;
  private final SegmentSender.Link link;
  private final Owner owner;
  private final Deque<Packet> segments = new ArrayDeque<>();

  private int retries;
  private @Nullable Timer timer;

  SendQueue(Scheduler scheduler, SegmentSender.Link link, Owner owner) {
    this.scheduler = scheduler;
    this.link = link;
    this.owner = owner;
  }

  /** Keeps a segment that is on its way until it is acknowledged. */
  void add(Packet segment) {
    segments.add(segment);
    if (timer == null) {
      arm();
    }
  }

  /** Drops what has arrived; whether the FIN was among it. */
  boolean acknowledge(long upTo) {
    boolean progress = false;
    boolean fin = false;
    while (!segments.isEmpty() && Sequence.atOrBefore(Sequence.after(segments.peek()), upTo)) {
      fin |= segments.remove().flags().fin();
      progress = true;
    }
    if (progress) {
      retries = 0;
      arm();
    }
    return fin;
  }

  void clear() {
    segments.clear();
    disarm();
  }

  private void arm() {
    disarm();
    Packet first = segments.peek();
    if (first != null) {
      long base = first.flags().syn() ? SYN_TIMEOUT : DATA_TIMEOUT;
      timer = scheduler.after(Math.min(base << retries, MAX_TIMEOUT), this::sendAgain);
    }
  }

  private void disarm() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void sendAgain() {
    if (retries >= owner.retries()) {
      owner.gaveUp();
      return;
    }
    retries++;
    segments.forEach(link::send);
    arm();
  }
}
