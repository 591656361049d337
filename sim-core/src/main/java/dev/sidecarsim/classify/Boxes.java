package dev.sidecarsim.classify;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Boxes in an order: for each, a range of unsigned numbers along every word of a key. */
public final class Boxes implements BoxIndex {

  private final int words;
  private int count;
  private int[] bounds;

  /**
   * @param words how many words a key has
   */
  public Boxes(int words) {
    this.words = words;
    this.bounds = new int[2 * words * 16];
  }

  /**
   * Adds a box behind the others.
   *
   * @param lowAndHigh the least and the greatest value of each word, both included
   */
  public void add(int[] lowAndHigh) {
    if (bounds.length < (count + 1) * 2 * words) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    set(count++, lowAndHigh);
  }

  /** Puts a box in another's place. */
  void set(int box, int[] lowAndHigh) {
    int start = 2 * words * box;
    for (int i = 0; i < 2 * words; i++) {
      bounds[start + i] = Axis.biased(lowAndHigh[i]);
    }
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  int words() {
    return words;
  }

  /** The words by which at least one box is bounded. */
  int[] boundedWords() {
    return IntStream.range(0, words).filter(this::isBounded).toArray();
  }

  private boolean isBounded(int word) {
    for (int box = 0; box < count; box++) {
      if (low(box, word) != 0 || high(box, word) != -1) {
        return true;
      }
    }
    return false;
  }

  int low(int box, int word) {
    return Axis.biased(bounds[2 * (words * box + word)]);
  }

  int high(int box, int word) {
    return Axis.biased(bounds[2 * (words * box + word) + 1]);
  }

  boolean holds(int box, int[] key, int at) {
    int start = 2 * words * box;
    for (int word = 0; word < words; word++) {
      int value = key[at + word] ^ Integer.MIN_VALUE;
      if (value < bounds[start + 2 * word] || value > bounds[start + 2 * word + 1]) {
        return false;
      }
    }
    return true;
  }

  /** One after the other. */
  @Override
  public int next(int[] key, int at, int from) {
    for (int box = from; box < count; box++) {
      if (holds(box, key, at)) {
        return box;
      }
    }
    return NONE;
  }
}
