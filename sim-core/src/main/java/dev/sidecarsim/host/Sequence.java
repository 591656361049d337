package dev.sidecarsim.host;

import dev.sidecarsim.net.Packet;

/** Sequence numbers of TCP: arithmetic modulo 2³² (RFC 9293 section 3.4). */
final class Sequence {

  private static final long MASK = 0xffff_ffffL;

  private Sequence() {}

  static long of(long number) {
    return number & MASK;
  }

  static long advance(long sequence, int by) {
    return of(sequence + by);
  }

  /** Whether a sequence number lies at or before another. */
  static boolean atOrBefore(long sequence, long limit) {
    return (int) (sequence - limit) <= 0;
  }

  /** The number after the last one that a segment takes up: its bytes, and one for SYN and FIN. */
  static long after(Packet segment) {
    int flags = (segment.flags().syn() ? 1 : 0) + (segment.flags().fin() ? 1 : 0);
    return advance(segment.seq(), segment.payload().size() + flags);
  }
}
