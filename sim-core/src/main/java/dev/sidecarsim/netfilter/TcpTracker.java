package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.time.Durations;
import org.jspecify.annotations.Nullable;

/**
 * How far one TCP connection has come, and what of its last segments decides about the next one
 * ({@code nf_conntrack_tcp_packet()} with be_liberal=1: windows are not judged).
 */
final class TcpTracker {

  /** What becomes of a segment. */
  enum Result {
    /** It moves the connection on. */
    FOLLOWED,
    /** It passes, and changes nothing. */
    IGNORED,
    /** It does not belong to the connection. */
    INVALID,
    /** It opens a new connection in place of this one. */
    REOPENS
  }

  /** net.netfilter.nf_conntrack_tcp_timeout_unacknowledged. */
  static final long UNACKNOWLEDGED = Durations.seconds(300);

  /** net.netfilter.nf_conntrack_tcp_max_retrans: so many repeated acknowledgements are too many. */
  private static final int MAX_REPEATS = 3;

  /** net.netfilter.nf_conntrack_tcp_timeout_max_retrans. */
  private static final long REPEATING = Durations.seconds(300);

  /** What {@code tcp_in_window()} keeps of the last acknowledgement. */
  private record Acknowledgement(long seq, long ack, long end) {}

  /** What one side has sent: where it ends, and whether the other side has said so. */
  private static final class Side {
    private boolean spoke;
    private long end;
    private boolean unacknowledged;
  }

  private final Side original = new Side();
  private final Side answering = new Side();
  private TcpState state;
  private TcpState.@Nullable Kind lastKind;
  private boolean lastReply;
  private long lastEnd;
  private @Nullable Acknowledgement lastAck;
  private int repeats;

  /** One side has sent a FIN first. */
  private boolean closing;

  /** Both sides have sent a SYN. */
  private boolean simultaneous;

  /** The owner of a finished connection will answer an ignored SYN with an ACK (RFC 5961, 4.2). */
  private boolean challenged;

  TcpTracker() {
    this.state = TcpState.NONE;
  }

  /**
   * A connection that somebody added. The history that it lacks is all zeroes, which the kernel
   * takes for a SYN that it ignored.
   */
  static TcpTracker added(TcpState state) {
    TcpTracker added = new TcpTracker();
    added.state = state;
    added.lastKind = TcpState.Kind.SYN;
    return added;
  }

  /** REJECT has sent a reset. */
  void close() {
    state = TcpState.CLOSE;
  }

  /** How long the connection is remembered from now on, in ns. */
  long timeout() {
    if (repeats >= MAX_REPEATS) {
      return Math.min(state.timeout(), REPEATING);
    }
    boolean waits = original.unacknowledged || answering.unacknowledged;
    return waits ? Math.min(state.timeout(), UNACKNOWLEDGED) : state.timeout();
  }

  TcpState state() {
    return state;
  }

  Result follow(Packet segment, boolean reply) {
    TcpState.Kind kind = TcpState.Kind.of(segment.flags());
    TcpState next = state.after(kind, reply);
    if (next == null) {
      return Result.INVALID;
    }
    boolean again = next == TcpState.SYN_SENT && state.hasEnded();
    if (again && (closing || (lastReply == reply && lastKind == TcpState.Kind.RST))) {
      return Result.REOPENS;
    }
    if (again || state.ignores(kind, reply)) {
      if (!answersIgnoredSyn(segment, kind, reply)) {
        ignore(segment, kind, reply);
        return Result.IGNORED;
      }
      next = TcpState.SYN_RECV;
    } else if (isChallengeAck(next, kind, reply)) {
      challenged = false;
      return Result.IGNORED;
    }
    count(segment, reply ? answering : original, reply ? original : answering);
    if (kind == TcpState.Kind.ACK) {
      countRepeats(segment, reply);
    }
    move(next, kind, reply);
    return Result.FOLLOWED;
  }

  /** {@code tcp_in_window()}, of which only the end of the data is kept. */
  private void count(Packet segment, Side sender, Side receiver) {
    long end = end(segment);
    boolean repeats = state == TcpState.SYN_SENT && sender == original;
    if (!sender.spoke || repeats) {
      sender.end = end;
      sender.spoke = true;
    } else if ((int) (end - sender.end) > 0) {
      sender.end = end;
      sender.unacknowledged = true;
    }
    boolean acknowledges = !segment.flags().ack() || segment.ack() == receiver.end;
    if (acknowledges) {
      receiver.unacknowledged = false;
    }
  }

  private void countRepeats(Packet segment, boolean reply) {
    Acknowledgement now = new Acknowledgement(segment.seq(), segment.ack(), end(segment));
    repeats = lastReply == reply && now.equals(lastAck) ? repeats + 1 : 0;
    lastAck = now;
  }

  private void move(TcpState next, TcpState.Kind kind, boolean reply) {
    TcpState to = next;
    if (to == TcpState.SYN_SENT2) {
      simultaneous = true;
    } else if (to == TcpState.SYN_RECV && reply && kind == TcpState.Kind.ACK && simultaneous) {
      to = TcpState.ESTABLISHED;
    }
    closing |= state != to && to == TcpState.FIN_WAIT;
    state = to;
    lastKind = kind;
    lastReply = reply;
  }

  private void ignore(Packet segment, TcpState.Kind kind, boolean reply) {
    lastKind = kind;
    lastReply = reply;
    lastEnd = end(segment);
    lastAck = null;
    challenged = kind == TcpState.Kind.SYN;
  }

  /** The ends agree on a connection that a SYN began which was ignored here. */
  private boolean answersIgnoredSyn(Packet segment, TcpState.Kind kind, boolean reply) {
    return kind == TcpState.Kind.SYN_ACK
        && lastKind == TcpState.Kind.SYN
        && lastReply != reply
        && segment.ack() == lastEnd;
  }

  private boolean isChallengeAck(TcpState to, TcpState.Kind kind, boolean reply) {
    return challenged
        && to == TcpState.TIME_WAIT
        && state == TcpState.LAST_ACK
        && kind == TcpState.Kind.ACK
        && lastKind == TcpState.Kind.SYN
        && lastReply != reply;
  }

  /** {@code segment_seq_plus_len()}: what acknowledges all of a segment. */
  private static long end(Packet segment) {
    int flags = (segment.flags().syn() ? 1 : 0) + (segment.flags().fin() ? 1 : 0);
    return (segment.seq() + segment.payload().size() + flags) & 0xffff_ffffL;
  }
}
