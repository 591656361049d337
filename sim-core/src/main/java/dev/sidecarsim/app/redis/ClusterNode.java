package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.Channel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a node of a cluster knows of another one, or of itself. */
final class ClusterNode {

  /** The flags of CLUSTER NODES, in their order there. */
  enum Flag {
    MYSELF("myself"),
    MASTER("master"),
    SLAVE("slave"),
    PFAIL("fail?"),
    FAIL("fail"),
    HANDSHAKE("handshake"),
    NOADDR("noaddr"),
    /** The first message on the next link is a MEET; not shown. */
    MEET("");

    private final String word;

    Flag(String word) {
      this.word = word;
    }

    /** The flags of a line of CLUSTER NODES. */
    static Set<Flag> of(String words) {
      Set<String> all = Set.of(words.split(",", -1));
      return Arrays.stream(values())
          .filter(flag -> all.contains(flag.word))
          .collect(Collectors.toSet());
    }
  }

  String id;
  String pod;
  String ip;
  String hostname = "";
  int port;
  int busPort;
  final EnumSet<Flag> flags;
  String masterId = "-";
  long epoch;
  final BitSet slots = new BitSet();

  /** The link that this node has opened to the other. */
  @Nullable Channel<String> link;

  /** When it was opened. */
  long linkedAt;

  final long createdAt;
  long pingSent;
  long pongReceived;
  long dataReceived;

  /** When it was found to fail. */
  long failedAt;

  /** When this node last voted for a replica of it. */
  long votedAt = Long.MIN_VALUE / 2;

  /** How much of the replication stream it has. */
  long offset;

  /** Masters that say it fails, and when they last did. */
  final Map<String, Long> failReports = new LinkedHashMap<>();

  ClusterNode(String id, String pod, String ip, int port, int busPort, long now, Flag... flags) {
    this.id = id;
    this.pod = pod;
    this.ip = ip;
    this.port = port;
    this.busPort = busPort;
    this.createdAt = now;
    this.flags = EnumSet.noneOf(Flag.class);
    this.flags.addAll(Set.of(flags));
  }

  boolean is(Flag flag) {
    return flags.contains(flag);
  }

  /** Whether it is known by its own id, at an address. */
  boolean known() {
    return !is(Flag.HANDSHAKE) && !is(Flag.NOADDR) && !is(Flag.MYSELF);
  }

  boolean votes() {
    return is(Flag.MASTER) && !slots.isEmpty();
  }

  void dropLink() {
    if (link != null) {
      link.close();
      link = null;
    }
  }

  /** Takes over another address; the link to the old one ends. */
  void moveTo(String newIp, int newPort, int newBusPort) {
    dropLink();
    ip = newIp;
    port = newPort;
    busPort = newBusPort;
    flags.remove(Flag.NOADDR);
  }

  /** Whether it has become a master or a replica of this master. */
  void role(String newMasterId) {
    masterId = newMasterId;
    flags.remove(newMasterId.equals("-") ? Flag.SLAVE : Flag.MASTER);
    flags.add(newMasterId.equals("-") ? Flag.MASTER : Flag.SLAVE);
  }

  String flagWords() {
    String words =
        flags.stream()
            .map(flag -> flag.word)
            .filter(word -> !word.isEmpty())
            .collect(Collectors.joining(","));
    return words.isEmpty() ? "noflags" : words;
  }

  /**
   * A line of CLUSTER NODES.
   *
   * @param servedEpoch the epoch of its slots, or of its master's
   */
  String line(long servedEpoch) {
    boolean connected = is(Flag.MYSELF) || (link != null && link.isOpen());
    return line(pingSent / 1_000_000, pongReceived / 1_000_000, servedEpoch, connected);
  }

  /** The same without what passes. */
  String savedLine() {
    return line(0, 0, epoch, true);
  }

  private String line(long pingMillis, long pongMillis, long shownEpoch, boolean connected) {
    return String.format(
            Locale.ROOT,
            "%s %s:%d@%d%s %s %s %d %d %d %s %s",
            id,
            ip,
            port,
            busPort,
            hostname.isEmpty() ? "" : "," + hostname,
            flagWords(),
            masterId,
            pingMillis,
            pongMillis,
            shownEpoch,
            connected ? "connected" : "disconnected",
            Slots.print(slots))
        .strip();
  }
}
