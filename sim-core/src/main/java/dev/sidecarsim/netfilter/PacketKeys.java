package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.trace.Tracer;
import org.jspecify.annotations.Nullable;

/** Writes packets as keys of words, and makes a packet that has a given key. */
final class PacketKeys {

  private final boolean v6;
  private final int wanted;
  private final int markMask;
  private final int connectionMarkMask;
  private final IpAddress[] sources;
  private final IpAddress[] destinations;
  private final DeviceNames in;
  private final DeviceNames out;

  PacketKeys(
      boolean v6,
      int wanted,
      int markMask,
      int connectionMarkMask,
      ImmutableList<IpAddress> sources,
      ImmutableList<IpAddress> destinations,
      DeviceNames in,
      DeviceNames out) {
    this.v6 = v6;
    this.wanted = wanted;
    this.markMask = markMask;
    this.connectionMarkMask = connectionMarkMask;
    this.sources = sources.toArray(IpAddress[]::new);
    this.destinations = destinations.toArray(IpAddress[]::new);
    this.in = in;
    this.out = out;
  }

  private boolean wants(KeyWord word) {
    return (wanted & word.bit()) != 0;
  }

  /**
   * Whether a key tells all that rules can ask of a packet: it has no words for a socket of the
   * kernel's own, and for what CT attaches before tracking.
   */
  static boolean tell(Skb skb) {
    return !skb.kernelSocket && skb.template == null;
  }

  /** Writes the words that some rule looks at; the others stay as they are. */
  void write(Skb skb, int[] words, int at) {
    Packet packet = skb.packet;
    writeAddresses(packet, words, at);
    writeTransport(packet, words, at);
    if (wants(KeyWord.IN)) {
      words[at + KeyWord.IN.place()] = in.number(skb.in);
    }
    if (wants(KeyWord.OUT)) {
      words[at + KeyWord.OUT.place()] = out.number(skb.out);
    }
    words[at + KeyWord.UID.place()] = skb.socket ? (int) skb.uid : KeyWord.NO_SOCKET;
    words[at + KeyWord.GID.place()] = skb.socket ? (int) skb.gid : KeyWord.NO_SOCKET;
    words[at + KeyWord.MARK.place()] = skb.mark & markMask;
    if (wants(KeyWord.CONNECTION_STATE)) {
      words[at + KeyWord.CONNECTION_STATE.place()] = CtStates.code(skb);
    }
    if (wants(KeyWord.CONNECTION_MARK)) {
      words[at + KeyWord.CONNECTION_MARK.place()] = skb.connectionMark() & connectionMarkMask;
    }
  }

  private void writeAddresses(Packet packet, int[] words, int at) {
    IpAddress src = packet.src();
    IpAddress dst = packet.dst();
    words[at + KeyWord.SOURCE.place()] = v6 ? interval(sources, src) : src.v4Bits();
    words[at + KeyWord.DESTINATION.place()] = v6 ? interval(destinations, dst) : dst.v4Bits();
  }

  private void writeTransport(Packet packet, int[] words, int at) {
    words[at + KeyWord.PROTOCOL.place()] = packet.protocol().number();
    words[at + KeyWord.SOURCE_PORT.place()] = packet.sport();
    words[at + KeyWord.DESTINATION_PORT.place()] = packet.dport();
    if (wants(KeyWord.TCP_FLAGS)) {
      words[at + KeyWord.TCP_FLAGS.place()] = packet.flags().bits();
    }
    if (wants(KeyWord.ICMP)) {
      Packet.Icmp icmp = packet.icmp();
      words[at + KeyWord.ICMP.place()] = icmp == null ? 0 : (icmp.type() << 8 | icmp.code()) + 1;
    }
    words[at + KeyWord.TTL.place()] = packet.ttl();
    words[at + KeyWord.TOS.place()] = packet.tos();
  }

  /** How many of the sorted starts lie at or below an address. */
  private static int interval(IpAddress[] starts, IpAddress address) {
    int low = 0;
    int high = starts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (address.compareTo(starts[middle]) >= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A packet with this key. */
  Skb packet(int[] words, Hook hook) {
    Packet packet =
        new Packet(
            address(sources, word(words, KeyWord.SOURCE)),
            address(destinations, word(words, KeyWord.DESTINATION)),
            new Protocol(word(words, KeyWord.PROTOCOL)),
            word(words, KeyWord.SOURCE_PORT),
            word(words, KeyWord.DESTINATION_PORT),
            new TcpFlags(word(words, KeyWord.TCP_FLAGS)),
            0,
            0,
            icmp(word(words, KeyWord.ICMP)),
            word(words, KeyWord.TTL),
            word(words, KeyWord.TOS),
            Bytes.EMPTY);
    Skb skb = new Skb(packet, word(words, KeyWord.MARK), Tracer.OFF);
    skb.hook = hook;
    skb.family = v6 ? Family.IPV6 : Family.IPV4;
    skb.in = in.sample(word(words, KeyWord.IN));
    skb.out = out.sample(word(words, KeyWord.OUT));
    if (word(words, KeyWord.UID) != KeyWord.NO_SOCKET) {
      skb.setOwner(
          Integer.toUnsignedLong(word(words, KeyWord.UID)),
          Integer.toUnsignedLong(word(words, KeyWord.GID)));
    }
    CtStates.decode(
        word(words, KeyWord.CONNECTION_STATE), word(words, KeyWord.CONNECTION_MARK), skb);
    return skb;
  }

  private static int word(int[] words, KeyWord word) {
    return words[word.place()];
  }

  private IpAddress address(IpAddress[] starts, int word) {
    if (!v6) {
      return IpAddress.v4(word);
    }
    return word == 0 ? IpAddress.ANY_V6 : starts[word - 1];
  }

  private static Packet.@Nullable Icmp icmp(int word) {
    return word == 0 ? null : new Packet.Icmp((word - 1) >>> 8, (word - 1) & 0xff, 0, null);
  }
}
