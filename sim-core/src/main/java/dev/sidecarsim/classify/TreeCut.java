package dev.sidecarsim.classify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a part into equal ones by some bits of a word. */
final class TreeCut {

  /** One cut may make so many copies of a box, on average. */
  private static final double MOST_COPIES = 3;

  /** Boxes that reach into more than this share of the parts are wide. */
  private static final double WIDE = 1.0 / 16;

  private static final int MOST_BITS = 16;

  final int word;
  final int shift;
  final int bits;

  /** The bits above them, which all values of the boxes share. */
  final int prefix;

  /** Boxes that reach into too many of the parts, and are not cut. */
  final int[] wide;

  /** In how many parts another box is, on average. */
  final double copies;

  /** How many boxes a key that lies in one still has to be compared with, on average. */
  final double left;

  private TreeCut(int word, int width, int bits, TreePart part, boolean leavesWide) {
    this.word = word;
    this.shift = width - bits;
    this.bits = bits;
    this.prefix = width == Integer.SIZE ? 0 : part.low(part.members[0], word) & (-1 << width);
    int parts = 1 << bits;
    double most = leavesWide ? Math.max(1, parts * WIDE) : parts;
    int[] out = new int[part.members.length];
    int outCount = 0;
    int[] steps = new int[parts + 1];
    for (int box : part.members) {
      if (last(part, box) - first(part, box) >= most) {
        out[outCount++] = box;
      } else {
        steps[first(part, box)]++;
        steps[last(part, box) + 1]--;
      }
    }
    this.wide = Arrays.copyOf(out, outCount);
    double sum = 0;
    double squares = 0;
    int here = 0;
    for (int i = 0; i < parts; i++) {
      here += steps[i];
      sum += here;
      squares += (double) here * here;
    }
    int cut = part.members.length - outCount;
    this.copies = cut == 0 ? Double.MAX_VALUE : sum / cut;
    this.left = outCount + squares / sum;
  }

  /**
   * The finest cut along a word that does not make too many copies; null if all do.
   *
   * @param leavesWide whether some boxes may be left out
   */
  static @Nullable TreeCut along(int word, TreePart part, boolean leavesWide) {
    int width = width(word, part);
    int enough = Integer.SIZE - Integer.numberOfLeadingZeros(part.members.length);
    for (int bits = Math.min(Math.min(width, enough), MOST_BITS); bits > 0; bits--) {
      TreeCut cut = new TreeCut(word, width, bits, part, leavesWide);
      if (cut.copies <= Math.min(MOST_COPIES, part.copies)) {
        return cut;
      }
    }
    return null;
  }

  /** In how many of the lowest bits the values of the boxes differ. */
  private static int width(int word, TreePart part) {
    int first = part.low(part.members[0], word);
    int differing = 0;
    for (int box : part.members) {
      differing |= (first ^ part.low(box, word)) | (first ^ part.high(box, word));
    }
    return Integer.SIZE - Integer.numberOfLeadingZeros(differing);
  }

  /** The boxes of each part, in their order. */
  int[][] members(TreePart part) {
    int[] counts = new int[1 << bits];
    int[][] members = new int[counts.length][];
    for (int box : part.members) {
      for (int i = first(part, box); i <= last(part, box); i++) {
        counts[i]++;
      }
    }
    Arrays.setAll(members, i -> new int[counts[i]]);
    Arrays.fill(counts, 0);
    for (int box : part.members) {
      for (int i = first(part, box); i <= last(part, box); i++) {
        members[i][counts[i]++] = box;
      }
    }
    return members;
  }

  private int first(TreePart part, int box) {
    return (part.low(box, word) - prefix) >>> shift;
  }

  private int last(TreePart part, int box) {
    return (part.high(box, word) - prefix) >>> shift;
  }
}
