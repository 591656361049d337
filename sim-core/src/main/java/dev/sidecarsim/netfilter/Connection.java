package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One tracked connection: its two tuples, what NAT made of it, and how far it has come. */
final class Connection {

  /** Bits of the kernel's {@code enum ip_conntrack_status}. */
  static final int SEEN_REPLY = 1 << 1;

  static final int ASSURED = 1 << 2;
  static final int CONFIRMED = 1 << 3;
  static final int SRC_NAT = 1 << 4;
  static final int DST_NAT = 1 << 5;
  static final int SRC_DONE = 1 << 7;
  static final int DST_DONE = 1 << 8;

  private static final ImmutableList<String> STATUS_NAMES =
      ImmutableList.of("EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED");

  private final Tuple original;
  private Tuple reply;
  private int status;
  int mark;
  TcpTracker tcp = new TcpTracker();
  CtTarget.Side zoneSide = CtTarget.Side.BOTH;

  /** Its number among all that came into the table; 0 before it does. */
  long place;

  /** The last instant at which it is still known. */
  long expires;

  /** The interface whose address MASQUERADE took; empty without. */
  String masqueradeDevice = "";

  /** Its neighbours in the {@link SourceIndex}. */
  @Nullable Connection newer;

  @Nullable Connection older;

  /** The instant of its first packet. */
  final long began;

  Connection(Tuple original, Tuple reply, long began) {
    this.original = original;
    this.reply = reply;
    this.began = began;
  }

  /**
   * What CT attaches to a packet that is not tracked yet: it has no addresses, and is confirmed.
   */
  static Connection template(boolean v6) {
    IpAddress any = v6 ? IpAddress.ANY_V6 : IpAddress.ANY_V4;
    Tuple nothing = new Tuple(0, 0, any, 0, any, 0);
    Connection template = new Connection(nothing, nothing, 0);
    template.set(CONFIRMED);
    return template;
  }

  /** The number of its zone, in whichever direction that holds. */
  int zone() {
    return (zoneSide == CtTarget.Side.REPLY ? reply : original).zone();
  }

  Tuple original() {
    return original;
  }

  Tuple reply() {
    return reply;
  }

  void setReply(Tuple changed) {
    reply = changed;
  }

  /**
   * Whether an SCTP association is open: only one that somebody added is, since packets here carry
   * the chunk that asks for one and no other.
   */
  boolean isAssociated() {
    return tcp.state() == TcpState.ESTABLISHED;
  }

  /** The tuple of packets that go one way. */
  Tuple tuple(boolean replyDirection) {
    return replyDirection ? reply : original;
  }

  int status() {
    return status;
  }

  boolean has(int bit) {
    return (status & bit) != 0;
  }

  void set(int bit) {
    status |= bit;
  }

  static int statusBits(String names) {
    int bits = 0;
    for (String name : Splitter.on(',').split(names.toUpperCase(Locale.ROOT))) {
      int index = statusIndex(name);
      if (name.isEmpty() || (index < 0 && !"NONE".startsWith(name))) {
        throw new BadRule(
            "conntrack: bad ctstatus \"" + name + "\"; it is NONE or one of " + STATUS_NAMES);
      }
      bits |= index < 0 ? 0 : 1 << index;
    }
    return bits;
  }

  /** The first name that begins so. */
  private static int statusIndex(String beginning) {
    for (int i = 0; i < STATUS_NAMES.size(); i++) {
      if (STATUS_NAMES.get(i).startsWith(beginning)) {
        return i;
      }
    }
    return -1;
  }

  static String statusNames(int bits) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < STATUS_NAMES.size(); i++) {
      if ((bits & 1 << i) != 0) {
        out.append(out.isEmpty() ? "" : ",").append(STATUS_NAMES.get(i));
      }
    }
    return out.isEmpty() ? "NONE" : out.toString();
  }
}
