package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;

/**
 * Which address of a range a connection gets: the same ends get the same one, on every host ({@code
 * find_best_ips_proto()} on a little-endian machine, and Bob Jenkins' lookup3 under it).
 */
final class AddressChoice {

  private static final int SEED = 0xdeadbeef;
  private static final int WORDS = 4;

  private AddressChoice() {}

  /**
   * Chooses from a range of more than one address.
   *
   * @param zone the connection's, whichever direction it holds for
   * @param source whether the tuple's source is to be replaced, else its destination
   */
  static IpAddress of(
      NatRange range, IpAddress from, IpAddress to, Tuple tuple, int zone, boolean source) {
    int[] src = words(tuple.src());
    int[] dst = words(tuple.dst());
    int[] first = words(from);
    int[] last = words(to);
    int[] chosen = source ? src.clone() : dst;
    int end = from.v6() ? WORDS - 1 : 0;
    int hash = hash(src, range.persistent() ? 0 : dst[end] ^ zone);
    boolean full = false;
    for (int i = 0; i <= end; i++) {
      int least = full ? 0 : Integer.reverseBytes(first[i]);
      int count = full ? -1 : Integer.reverseBytes(last[i]) - least + 1;
      long share = (Integer.toUnsignedLong(hash) * Integer.toUnsignedLong(count)) >>> 32;
      chosen[i] = Integer.reverseBytes(least + (int) share);
      full |= chosen[i] != last[i];
      if (!range.persistent()) {
        hash ^= dst[i];
      }
    }
    return from.v6()
        ? IpAddress.v6(pair(chosen[0], chosen[1]), pair(chosen[2], chosen[3]))
        : IpAddress.v4(Integer.reverseBytes(chosen[0]));
  }

  private static long pair(int high, int low) {
    return ((long) Integer.reverseBytes(high) << 32)
        | Integer.toUnsignedLong(Integer.reverseBytes(low));
  }

  /** The address in memory, as four numbers that are read the little-endian way. */
  private static int[] words(IpAddress address) {
    if (address.v4()) {
      return new int[] {Integer.reverseBytes(address.v4Bits()), 0, 0, 0};
    }
    return new int[] {
      Integer.reverseBytes((int) (address.high() >>> 32)),
      Integer.reverseBytes((int) address.high()),
      Integer.reverseBytes((int) (address.low() >>> 32)),
      Integer.reverseBytes((int) address.low())
    };
  }

  /** {@code jhash2()} of four words. */
  private static int hash(int[] words, int initial) {
    int start = SEED + (WORDS << 2) + initial;
    int a = start + words[0];
    int b = start + words[1];
    int c = start + words[2];
    a = (a - c) ^ Integer.rotateLeft(c, 4);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 6);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 8);
    b += a;
    a = (a - c) ^ Integer.rotateLeft(c, 16);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 19);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 4);
    b += a;
    return last(a + words[3], b, c);
  }

  private static int last(int first, int second, int third) {
    int c = (third ^ second) - Integer.rotateLeft(second, 14);
    int a = (first ^ c) - Integer.rotateLeft(c, 11);
    int b = (second ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }
}
