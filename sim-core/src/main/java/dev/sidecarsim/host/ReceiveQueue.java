package dev.sidecarsim.host;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Packet;

/** What has come in order and waits for the program to read it, with the peer's FIN behind it. */
final class ReceiveQueue {

  private long next;
  private Bytes unread = Bytes.EMPTY;
  private boolean paused;
  private boolean finished;
  private boolean toldEnd;

  /** Expects what follows the peer's SYN. */
  void startAfter(Packet syn) {
    next = Sequence.advance(syn.seq(), 1);
  }

  /** The sequence number of what is to come next: the acknowledgement to send. */
  long next() {
    return next;
  }

  boolean expects(Packet segment) {
    return segment.seq() == next;
  }

  /** Keeps what an expected segment brings. */
  void add(Packet segment) {
    next = Sequence.after(segment);
    unread = unread.plus(segment.payload());
    finished |= segment.flags().fin();
  }

  /** Takes all that waits. */
  Bytes read() {
    Bytes data = unread;
    unread = Bytes.EMPTY;
    return data;
  }

  /** Whether a read would return 0; so but once. */
  boolean readsEnd() {
    if (!finished || toldEnd || !unread.isEmpty()) {
      return false;
    }
    toldEnd = true;
    return true;
  }

  Bytes unread() {
    return unread;
  }

  boolean finished() {
    return finished;
  }

  boolean paused() {
    return paused;
  }

  void pause(boolean paused) {
    this.paused = paused;
  }
}
