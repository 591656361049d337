package dev.sidecarsim.classify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a part into equal ones by some bits of a word.
 *
 * @param prefix the bits above them, which all values of the boxes share
 * @param wide boxes that reach into too many of the parts, and are not cut
 * @param copies in how many parts another box is, on average
 * @param left how many boxes a key that lies in one still has to be compared with, on average
 */
record TreeCut(int word, int shift, int bits, int prefix, int[] wide, double copies, double left) {

  /** One cut may make so many copies of a box, on average. */
  private static final double MOST_COPIES = 3;

  /** Boxes that reach into more than this share of the parts are wide. */
  private static final double WIDE = 1.0 / 16;

  private static final int MOST_BITS = 16;

  /**
   * The finest cut along a word that does not make too many copies; null if all do.
   *
   * @param leavesWide whether some boxes may be left out
   */
  static @Nullable TreeCut along(int word, TreePart part, boolean leavesWide) {
    int width = width(word, part);
    int prefix = width == Integer.SIZE ? 0 : part.low(part.members()[0], word) & -1 << width;
    int enough = Integer.SIZE - Integer.numberOfLeadingZeros(part.members().length);
    for (int bits = Math.min(Math.min(width, enough), MOST_BITS); bits > 0; bits--) {
      TreeCut cut = of(word, width - bits, bits, prefix, part, leavesWide);
      if (cut.copies <= Math.min(MOST_COPIES, part.copies())) {
        return cut;
      }
    }
    return null;
  }

  /** In how many of the lowest bits the values of the boxes differ. */
  private static int width(int word, TreePart part) {
    int first = part.low(part.members()[0], word);
    int differing = 0;
    for (int box : part.members()) {
      differing |= first ^ part.low(box, word) | first ^ part.high(box, word);
    }
    return Integer.SIZE - Integer.numberOfLeadingZeros(differing);
  }

  private static TreeCut of(
      int word, int shift, int bits, int prefix, TreePart part, boolean leavesWide) {
    int parts = 1 << bits;
    double most = leavesWide ? Math.max(1, parts * WIDE) : parts;
    int[] wide = new int[part.members().length];
    int wideCount = 0;
    int[] steps = new int[parts + 1];
    for (int box : part.members()) {
      int first = part.low(box, word) - prefix >>> shift;
      int last = part.high(box, word) - prefix >>> shift;
      if (last - first >= most) {
        wide[wideCount++] = box;
      } else {
        steps[first]++;
        steps[last + 1]--;
      }
    }
    double copies = 0;
    double squares = 0;
    int here = 0;
    for (int i = 0; i < parts; i++) {
      here += steps[i];
      copies += here;
      squares += (double) here * here;
    }
    int cutCount = part.members().length - wideCount;
    return new TreeCut(
        word,
        shift,
        bits,
        prefix,
        Arrays.copyOf(wide, wideCount),
        cutCount == 0 ? Double.MAX_VALUE : copies / cutCount,
        wideCount + squares / copies);
  }

  /** The boxes of each part, in their order. */
  int[][] members(TreePart part) {
    int[] counts = new int[1 << bits];
    int[][] members = new int[counts.length][];
    for (int box : part.members()) {
      for (int i = first(part, box); i <= last(part, box); i++) {
        counts[i]++;
      }
    }
    Arrays.setAll(members, i -> new int[counts[i]]);
    Arrays.fill(counts, 0);
    for (int box : part.members()) {
      for (int i = first(part, box); i <= last(part, box); i++) {
        members[i][counts[i]++] = box;
      }
    }
    return members;
  }

  private int first(TreePart part, int box) {
    return part.low(box, word) - prefix >>> shift;
  }

  private int last(TreePart part, int box) {
    return part.high(box, word) - prefix >>> shift;
  }
}
