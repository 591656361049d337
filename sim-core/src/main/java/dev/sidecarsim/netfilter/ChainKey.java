package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;

/**
 * What the rules of a chain ask most packets about, as words: {@link WordTest} looks at them, and
 * so does the index of a long chain.
 */
final class ChainKey {

  /** Of an address the four words from here on; one of IPv4 is in the last. */
  static final int SOURCE = 0;

  static final int DESTINATION = 4;
  static final int PROTOCOL = 8;
  static final int SOURCE_PORT = 9;
  static final int DESTINATION_PORT = 10;
  static final int UID = 11;
  static final int GID = 12;
  static final int MARK = 13;
  static final int TCP_FLAGS = 14;

  static final int WORDS = 15;

  private ChainKey() {}

  /** Writes a packet's words; of a packet of IPv4 the upper words of addresses mean nothing. */
  static void write(Skb skb, int[] words) {
    Packet packet = skb.packet;
    write(packet.src(), SOURCE, words);
    write(packet.dst(), DESTINATION, words);
    words[PROTOCOL] = packet.protocol().number();
    words[SOURCE_PORT] = packet.sport();
    words[DESTINATION_PORT] = packet.dport();
    words[UID] = skb.socket ? (int) skb.uid : KeyWord.NO_SOCKET;
    words[GID] = skb.socket ? (int) skb.gid : KeyWord.NO_SOCKET;
    words[MARK] = skb.mark;
    words[TCP_FLAGS] = packet.flags().bits();
  }

  private static void write(IpAddress address, int at, int[] words) {
    if (address.v6()) {
      words[at] = part(address, 0);
      words[at + 1] = part(address, 1);
      words[at + 2] = part(address, 2);
    }
    words[at + 3] = part(address, 3);
  }

  /** One of the four words of an address. */
  static int part(IpAddress address, int word) {
    long half = word < 2 ? address.high() : address.low();
    return (int) (word % 2 == 0 ? half >>> 32 : half);
  }
}
