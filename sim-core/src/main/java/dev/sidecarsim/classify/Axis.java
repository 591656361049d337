package dev.sidecarsim.classify;

import java.util.Arrays;

/**
 * One word of a key, cut into intervals of unsigned numbers within which nothing differs.
 *
 * <p>Interval 0 begins at 0, interval {@code i} at {@code starts[i - 1]}. Intervals that are told
 * apart from their neighbours but not from one another share a class.
 */
public final class Axis {

  final int word;
  final int[] starts;
  final int[] classes;
  final int count;

  /** No value has more bits. */
  final int bits;

  private Axis(int word, int bits, int[] starts, int[] classes) {
    this.word = word;
    this.bits = bits;
    this.starts = starts;
    this.classes = classes;
    this.count = Arrays.stream(classes).max().orElse(0) + 1;
  }

  /**
   * Cuts a word.
   *
   * @param word its place in a key
   * @param starts where a new interval begins, in any order; 0 may be left out
   */
  public static Axis of(int word, int... starts) {
    int[] sorted =
        Arrays.stream(starts)
            .filter(start -> start != 0)
            .map(Axis::biased)
            .sorted()
            .distinct()
            .map(Axis::biased)
            .toArray();
    int[] classes = new int[sorted.length + 1];
    Arrays.setAll(classes, i -> i);
    return new Axis(word, Integer.SIZE, sorted, classes);
  }

  /** The same for a word that is known to be less than {@code limit}; 0 stands for 2³². */
  public Axis below(int limit) {
    return new Axis(word, Integer.SIZE - Integer.numberOfLeadingZeros(limit - 1), starts, classes);
  }

  /** The same word with intervals joined: {@code to[c]} is what class {@code c} becomes. */
  Axis joined(int[] to) {
    int[] keptStarts = new int[starts.length];
    int[] keptClasses = new int[classes.length];
    int kept = 0;
    keptClasses[0] = to[classes[0]];
    for (int i = 0; i < starts.length; i++) {
      int next = to[classes[i + 1]];
      if (next != keptClasses[kept]) {
        keptStarts[kept++] = starts[i];
        keptClasses[kept] = next;
      }
    }
    return new Axis(
        word, bits, Arrays.copyOf(keptStarts, kept), Arrays.copyOf(keptClasses, kept + 1));
  }

  /** The place in a key of the word that is cut. */
  public int word() {
    return word;
  }

  /** How many classes there are. */
  int count() {
    return count;
  }

  /** The class of a value. */
  int classOf(int value) {
    return classes[interval(value)];
  }

  /** The interval of a value. */
  int interval(int value) {
    int low = 0;
    int high = starts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(value, starts[middle]) >= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A value of a class: the first of its first interval. */
  int sample(int wanted) {
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] == wanted) {
        return i == 0 ? 0 : starts[i - 1];
      }
    }
    throw new IllegalArgumentException("class " + wanted + " is none of the " + count);
  }

  /** Unsigned order as the order of signed numbers. */
  static int biased(int value) {
    return value ^ Integer.MIN_VALUE;
  }
}
