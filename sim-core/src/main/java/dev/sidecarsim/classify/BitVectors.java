package dev.sidecarsim.classify;

import java.util.Arrays;

/**
 * For each interval of a few words, which boxes hold it, as bits; the first bit that all words
 * share is the first box. Quick, but of quadratic size: ask {@link #bytes(Boxes)} before.
 */
public final class BitVectors implements BoxIndex {

  /** More words than this with bounds are not taken. */
  private static final int MOST_WORDS = 5;

  private final int length;
  private final int[] words = new int[MOST_WORDS];
  private final int[][] starts = new int[MOST_WORDS][0];

  /** Where the rows of each word begin. */
  private final int[] offsets = new int[MOST_WORDS];

  private final long[] bits;

  private BitVectors(Boxes boxes, Axis[] axes) {
    length = (boxes.count() + 63) / 64;
    bits = new long[length + rows(axes) * length];
    fill(bits, 0, boxes.count());
    int row = 1;
    for (int i = 0; i < axes.length; i++) {
      Axis axis = axes[i];
      words[i] = axis.word;
      starts[i] = Arrays.stream(axis.starts).map(Axis::biased).toArray();
      offsets[i] = row * length;
      fill(boxes, axis, offsets[i]);
      row += axis.count();
    }
  }

  private static void fill(long[] bits, int from, int count) {
    for (int box = 0; box < count; box++) {
      bits[from + box / 64] |= 1L << box;
    }
  }

  private void fill(Boxes boxes, Axis axis, int offset) {
    for (int box = 0; box < boxes.count(); box++) {
      int last = axis.classOf(boxes.high(box, axis.word));
      for (int row = axis.classOf(boxes.low(box, axis.word)); row <= last; row++) {
        bits[offset + row * length + box / 64] |= 1L << box;
      }
    }
  }

  /** The vectors of some boxes, of which {@link #bytes(Boxes)} said that they are not too large. */
  public static BitVectors of(Boxes boxes) {
    return new BitVectors(boxes, axes(boxes));
  }

  /**
   * How many bytes the vectors of some boxes would take; {@link Long#MAX_VALUE} if there are bounds
   * on too many words.
   */
  public static long bytes(Boxes boxes) {
    Axis[] axes = axes(boxes);
    long chunks = boxes.count() / 64L + 1;
    return axes.length > MOST_WORDS ? Long.MAX_VALUE : rows(axes) * chunks * Long.BYTES;
  }

  private static int rows(Axis[] axes) {
    return Arrays.stream(axes).mapToInt(Axis::count).sum();
  }

  private static Axis[] axes(Boxes boxes) {
    Axis[] axes = new Axis[boxes.words()];
    for (int word = 0; word < axes.length; word++) {
      int[] cuts = new int[2 * boxes.count()];
      for (int box = 0; box < boxes.count(); box++) {
        cuts[2 * box] = boxes.low(box, word);
        cuts[2 * box + 1] = boxes.high(box, word) + 1;
      }
      axes[word] = Axis.of(word, cuts);
    }
    return Arrays.stream(axes).filter(axis -> axis.count() > 1).toArray(Axis[]::new);
  }

  @Override
  public int next(int[] key, int at, int from) {
    int a = row(0, key, at);
    int b = row(1, key, at);
    int c = row(2, key, at);
    int d = row(3, key, at);
    int e = row(4, key, at);
    long wanted = -1L << from;
    for (int i = from / 64; i < length; i++) {
      long all = bits[a + i] & bits[b + i] & bits[c + i] & bits[d + i] & bits[e + i] & wanted;
      if (all != 0) {
        return 64 * i + Long.numberOfTrailingZeros(all);
      }
      wanted = -1;
    }
    return NONE;
  }

  /**
   * Where the bits of a key's interval begin; of a word without bounds, the row that is all ones.
   */
  private int row(int i, int[] key, int at) {
    int[] sorted = starts[i];
    int value = key[at + words[i]] ^ Integer.MIN_VALUE;
    int low = 0;
    int size = sorted.length;
    while (size > 0) {
      int half = (size + 1) >>> 1;
      low += value >= sorted[low + half - 1] ? half : 0;
      size -= half;
    }
    return offsets[i] + low * length;
  }
}
