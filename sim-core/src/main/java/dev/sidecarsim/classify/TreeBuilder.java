package dev.sidecarsim.classify;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Grows the trees of a {@link PartitionedTree}. */
final class TreeBuilder {

  /** So few boxes are not cut further. */
  private static final int FEW = 4;

  /** All leaves together hold each box so many times at most, on average. */
  private static final double MOST_COPIES = 6;

  /** A cut must leave at most this share of the boxes to look at. */
  private static final double WORTH = 0.75;

  /** More trees than this cost more than they save. */
  private static final int MOST_TREES = 4;

  private final Boxes boxes;
  private final int[] words;
  private long[] roots = new long[0];
  private long[] nodes = new long[64];
  private int used;
  private int[] leaves = new int[256];
  private int filled;

  TreeBuilder(Boxes boxes, int[] words) {
    this.boxes = boxes;
    this.words = words;
    int[] rest = new int[boxes.count()];
    Arrays.setAll(rest, i -> i);
    while (rest.length > 0) {
      rest = plant(rest);
    }
  }

  long[] roots() {
    return roots;
  }

  long[] nodes() {
    return Arrays.copyOf(nodes, used);
  }

  int[] leaves() {
    return Arrays.copyOf(leaves, filled);
  }

  /** Grows one more tree, and says which boxes are left for the next. */
  private int[] plant(int[] members) {
    TreePart all = TreePart.whole(boxes, members, MOST_COPIES);
    boolean last = roots.length + 1 == MOST_TREES;
    TreeCut cut = best(all, !last);
    roots = Arrays.copyOf(roots, roots.length + 1);
    if (cut == null) {
      roots[roots.length - 1] = leaf(members);
      return new int[0];
    }
    roots[roots.length - 1] = cut(all.without(cut.wide), cut);
    return cut.wide;
  }

  private long grow(TreePart part) {
    TreeCut cut = best(part, false);
    return cut == null ? leaf(part.members) : cut(part, cut);
  }

  /** The cut that leaves the fewest boxes to look at; null if none is worth it. */
  private @Nullable TreeCut best(TreePart part, boolean first) {
    TreeCut best = null;
    double least = WORTH * part.members.length;
    if (part.members.length > FEW) {
      for (int word : words) {
        TreeCut cut = TreeCut.along(word, part, first);
        if (cut != null && cut.left < least) {
          least = cut.left;
          best = cut;
        }
      }
    }
    return best;
  }

  private long cut(TreePart part, TreeCut cut) {
    int begin = used;
    used += 1 << cut.bits;
    if (used > nodes.length) {
      nodes = Arrays.copyOf(nodes, Math.max(2 * nodes.length, used));
    }
    int[] before = null;
    int[][] members = cut.members(part);
    for (int i = 0; i < members.length; i++) {
      boolean same = members[i].length <= FEW && Arrays.equals(members[i], before);
      // in a word of its own: growing may put an array in the place of this one
      long way = same ? nodes[begin + i - 1] : grow(part.child(cut, i, members[i]));
      nodes[begin + i] = way;
      before = members[i];
    }
    return PartitionedTree.node(begin, cut.word, cut.shift, cut.bits);
  }

  private long leaf(int[] members) {
    int begin = filled;
    int end = begin + members.length * (1 + 2 * words.length);
    if (end > leaves.length) {
      leaves = Arrays.copyOf(leaves, Math.max(2 * leaves.length, end));
    }
    for (int box : members) {
      leaves[filled++] = box;
      for (int word : words) {
        leaves[filled++] = boxes.low(box, word);
        leaves[filled++] = boxes.high(box, word) - boxes.low(box, word);
      }
    }
    return PartitionedTree.leaf(begin, members.length);
  }
}
