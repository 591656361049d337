package dev.sidecarsim.netfilter;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a rule asks of a packet's words ({@link ChainKey}): that some bits of a word are
 * between two bounds, or that they are not. The next thing hangs on it, since most rules ask for
 * one or two and a loop over so few costs more than they do.
 */
final class WordTest {

  private final int word;
  private final int mask;
  private final int low;

  /** How far the greatest value is above the least, as a signed number in unsigned order. */
  private final int width;

  private final boolean not;
  private final @Nullable WordTest next;

  WordTest(int word, int mask, int low, int high, boolean not, @Nullable WordTest next) {
    this.word = word;
    this.mask = mask;
    this.low = low;
    this.width = high - low + Integer.MIN_VALUE;
    this.not = not;
    this.next = next;
  }

  /** Whether a packet passes this test and those behind it. */
  static boolean allPass(@Nullable WordTest first, int[] words) {
    for (WordTest test = first; test != null; test = test.next) {
      int above = (words[test.word] & test.mask) - test.low + Integer.MIN_VALUE;
      if (above <= test.width == test.not) {
        return false;
      }
    }
    return true;
  }
}
