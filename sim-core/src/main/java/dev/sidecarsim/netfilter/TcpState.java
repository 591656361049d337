package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Durations;
import org.jspecify.annotations.Nullable;

/**
 * How connection tracking follows TCP: for each direction and kind of segment, the state that
 * follows each state (nf_conntrack_proto_tcp.c, with tcp_loose=1 and be_liberal=1: sequence numbers
 * are not judged).
 */
enum TcpState {
  NONE('.', 0),
  SYN_SENT('S', 120),
  SYN_RECV('R', 60),
  ESTABLISHED('E', 432_000),
  FIN_WAIT('F', 120),
  CLOSE_WAIT('W', 60),
  LAST_ACK('L', 30),
  TIME_WAIT('T', 120),
  CLOSE('C', 10),
  SYN_SENT2('2', 120);

  /** Kinds of segment. */
  enum Kind {
    SYN,
    SYN_ACK,
    FIN,
    ACK,
    RST;

    static Kind of(TcpFlags flags) {
      if (flags.rst()) {
        return RST;
      }
      if (flags.syn()) {
        return flags.ack() ? SYN_ACK : SYN;
      }
      return flags.fin() ? FIN : ACK;
    }
  }

  /**
   * Rows are kinds, columns states, letters the next state: S SYN_SENT, R SYN_RECV, E ESTABLISHED,
   * F FIN_WAIT, W CLOSE_WAIT, L LAST_ACK, T TIME_WAIT, C CLOSE, 2 SYN_SENT2; '-' is invalid, '='
   * lets the segment pass and ignores it.
   */
  private static final ImmutableMap<Kind, String> ORIGINAL =
      ImmutableMap.of(
          Kind.SYN, "SS=====SS2",
          Kind.SYN_ACK, "--R------R",
          Kind.FIN, "--FFLLLTC-",
          Kind.ACK, "E-EEWWTTC-",
          Kind.RST, "-CCCCCCCCC");

  private static final ImmutableMap<Kind, String> REPLY =
      ImmutableMap.of(
          Kind.SYN, "-2-----S-2",
          Kind.SYN_ACK, "-R=======R",
          Kind.FIN, "--FFLLLTC-",
          Kind.ACK, "-=REWWTTC=",
          Kind.RST, "-CCCCCCCCC");

  /** In the order of the states. */
  private static final String LETTERS = ".SREFWLTC2";

  private static final ImmutableList<TcpState> STATES = ImmutableList.copyOf(values());

  /** FIN, SYN, RST, ACK, URG: the sets of flags that a segment may carry, PSH set aside. */
  private static final ImmutableSet<Integer> VALID =
      ImmutableSet.of(2, 2 | 32, 2 | 16, 4, 4 | 16, 1 | 16, 1 | 16 | 32, 16, 16 | 32);

  private static final int PSH = 8;

  private final char letter;
  private final long timeout;

  TcpState(char letter, int seconds) {
    this.letter = letter;
    this.timeout = Durations.seconds(seconds);
  }

  /** How long a connection in this state is remembered, in ns (the kernel's defaults). */
  long timeout() {
    return timeout;
  }

  static boolean isValid(TcpFlags flags) {
    return VALID.contains(flags.bits() & ~PSH);
  }

  /** Whether the connection is over, so that a SYN may begin another one. */
  boolean hasEnded() {
    return this == TIME_WAIT || this == CLOSE;
  }

  /** Whether a segment passes and leaves the connection as it is. */
  boolean ignores(Kind kind, boolean reply) {
    return cell(kind, reply) == '=';
  }

  /** The state after a segment, or null if the segment does not belong to the connection. */
  @Nullable TcpState after(Kind kind, boolean reply) {
    char next = cell(kind, reply);
    if (next == '=') {
      return this;
    }
    int found = LETTERS.indexOf(next);
    return found < 0 ? null : STATES.get(found);
  }

  private char cell(Kind kind, boolean reply) {
    String row = (reply ? REPLY : ORIGINAL).get(kind);
    return row == null ? '-' : row.charAt(LETTERS.indexOf(letter));
  }
}
