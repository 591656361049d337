package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Collects, from the conditions of a rule, what they ask of a packet's words, and bounds between
 * which a packet must lie to be asked at all.
 *
 * <p>Every method says whether its tests are all of the condition; if not, it must be asked too.
 */
final class RuleTests {

  private final int[] bounds = new int[2 * ChainKey.WORDS];
  private @Nullable WordTest first;

  /** Begins with bounds that every packet keeps. */
  RuleTests() {
    for (int word = 0; word < ChainKey.WORDS; word++) {
      bounds[2 * word + 1] = -1;
    }
  }

  /** The first of the tests, on which the others hang; null if there is none. */
  @Nullable WordTest first() {
    return first;
  }

  /** The least and the greatest value of each word in turn, of packets that can pass. */
  int[] bounds() {
    return bounds;
  }

  /** A word from {@code min} to {@code max}, both included, or outside of that. */
  boolean range(int word, boolean not, int min, int max) {
    if (Integer.compareUnsigned(min, max) > 0) {
      return false;
    }
    if (min != 0 || max != -1 || not) {
      first = new WordTest(word, -1, min, max, not, first);
    }
    if (!not) {
      bound(word, min, max);
    }
    return true;
  }

  /** Some bits of a word have a value, or another one. */
  boolean masked(int word, boolean not, int mask, int value) {
    first = new WordTest(word, mask, value, value, not, first);
    // what remains of a mask without its leading ones must be all zeros for it to be a range
    if (!not && mask == -Integer.lowestOneBit(mask)) {
      bound(word, value, value | ~mask);
    }
    return true;
  }

  /** An address; of those of IPv6 a negated block may need more than one word, which is no test. */
  boolean address(int at, boolean not, AddressMask wanted) {
    if (wanted.isAny() && !not) {
      return true;
    }
    IpAddress address = wanted.address();
    if (address.v4()) {
      return masked(at + 3, not, (int) wanted.low(), address.v4Bits());
    }
    if (not) {
      return false;
    }
    masked(at, (int) (wanted.high() >>> 32), (int) (address.high() >>> 32));
    masked(at + 1, (int) wanted.high(), (int) address.high());
    masked(at + 2, (int) (wanted.low() >>> 32), (int) (address.low() >>> 32));
    masked(at + 3, (int) wanted.low(), (int) address.low());
    return true;
  }

  private void masked(int word, int mask, int value) {
    if (mask != 0) {
      masked(word, false, mask, value);
    }
  }

  /** Addresses between two others, as far as the first word in which these differ tells. */
  boolean addresses(int at, IpAddress from, IpAddress to) {
    for (int i = from.v6() ? 0 : 3; i < 4; i++) {
      int low = ChainKey.part(from, i);
      int high = ChainKey.part(to, i);
      range(at + i, false, low, high);
      if (low != high) {
        return i == 3;
      }
    }
    return true;
  }

  private void bound(int word, int min, int max) {
    if (Integer.compareUnsigned(min, bounds[2 * word]) > 0) {
      bounds[2 * word] = min;
    }
    if (Integer.compareUnsigned(max, bounds[2 * word + 1]) < 0) {
      bounds[2 * word + 1] = max;
    }
  }
}
