package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;

/**
 * The key of a packet for the index of a long chain, and a rule's conditions as bounds on it.
 *
 * <p>The bounds may hold for more packets than the rule: it is asked itself before it counts as
 * met.
 */
final class ChainKey {

  private static final int SOURCE = 0;
  private static final int DESTINATION = 4;
  private static final int PROTOCOL = 8;
  private static final int SOURCE_PORT = 9;
  private static final int DESTINATION_PORT = 10;
  private static final int UID = 11;
  private static final int GID = 12;
  private static final int MARK = 13;

  static final int WORDS = 14;

  private final int[] bounds = new int[2 * WORDS];

  /** Begins with bounds that every packet keeps. */
  ChainKey() {
    for (int word = 0; word < WORDS; word++) {
      bounds[2 * word + 1] = -1;
    }
  }

  /** Writes a packet's key. */
  static void write(Skb skb, int[] words) {
    Packet packet = skb.packet;
    for (int i = 0; i < 4; i++) {
      words[SOURCE + i] = part(packet.src(), i);
      words[DESTINATION + i] = part(packet.dst(), i);
    }
    words[PROTOCOL] = packet.protocol().number();
    words[SOURCE_PORT] = packet.sport();
    words[DESTINATION_PORT] = packet.dport();
    words[UID] = skb.socket ? (int) skb.uid : KeyWord.NO_SOCKET;
    words[GID] = skb.socket ? (int) skb.gid : KeyWord.NO_SOCKET;
    words[MARK] = skb.mark;
  }

  /** One of the four words of an address; one of IPv4 is in the last. */
  private static int part(IpAddress address, int word) {
    long half = word < 2 ? address.high() : address.low();
    return (int) (word % 2 == 0 ? half >>> 32 : half);
  }

  /** The bounds so far: the least and the greatest value of each word in turn. */
  int[] bounds() {
    return bounds;
  }

  void source(IpAddress from, IpAddress to) {
    addresses(SOURCE, from, to);
  }

  void destination(IpAddress from, IpAddress to) {
    addresses(DESTINATION, from, to);
  }

  /** Bounds on the words of an address up to the first in which the two ends differ. */
  private void addresses(int at, IpAddress from, IpAddress to) {
    for (int i = from.v6() ? 0 : 3; i < 4; i++) {
      range(at + i, part(from, i), part(to, i));
      if (part(from, i) != part(to, i)) {
        return;
      }
    }
  }

  void protocol(int number) {
    range(PROTOCOL, number, number);
  }

  void sourcePorts(PortRange range) {
    range(SOURCE_PORT, range.min(), range.max());
  }

  void destinationPorts(PortRange range) {
    range(DESTINATION_PORT, range.min(), range.max());
  }

  void uid(long min, long max) {
    range(UID, (int) min, (int) max);
  }

  void gid(long min, long max) {
    range(GID, (int) min, (int) max);
  }

  void mark(int value) {
    range(MARK, value, value);
  }

  private void range(int word, int min, int max) {
    if (Integer.compareUnsigned(min, bounds[2 * word]) > 0) {
      bounds[2 * word] = min;
    }
    if (Integer.compareUnsigned(max, bounds[2 * word + 1]) < 0) {
      bounds[2 * word + 1] = max;
    }
  }
}
