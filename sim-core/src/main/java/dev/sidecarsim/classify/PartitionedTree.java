package dev.sidecarsim.classify;

/**
 * Trees whose nodes cut the values of a word into equal parts; boxes that reach into too many parts
 * of one tree are in the next. A key goes down each tree by one load a level, and is compared with
 * the few boxes of a leaf, whose bounds lie there one behind the other. Immutable.
 *
 * <p>After "Packet Classification using Hierarchical Intelligent Cuttings" (Gupta and McKeown,
 * 1999) and "CutSplit" (Li et al., 2018), which plants a tree for rules that other words cut.
 *
 * <pre>
 *   a way to a leaf     sign bit | 31 bits: how many boxes           | 32 bits: where they begin
 *   a way to a node     16 bits: of how many bits | 8: shift | 8: word | 32: where its ways begin
 *   a box in a leaf     its place; of each word the least value, and how far the greatest is from it
 * </pre>
 */
public final class PartitionedTree implements BoxIndex {

  private final int[] words;
  private final int stride;
  private final long[] roots;
  private final long[] nodes;
  private final int[] leaves;

  private PartitionedTree(int[] words, TreeBuilder built) {
    this.words = words;
    this.stride = 1 + 2 * words.length;
    this.roots = built.roots();
    this.nodes = built.nodes();
    this.leaves = built.leaves();
  }

  /** The trees of boxes in their order. */
  public static PartitionedTree of(Boxes boxes) {
    int[] words = boxes.boundedWords();
    return new PartitionedTree(words, new TreeBuilder(boxes, words));
  }

  /** Bytes that nodes and leaves take. */
  public long bytes() {
    return (long) nodes.length * Long.BYTES + (long) leaves.length * Integer.BYTES;
  }

  /** The way to a leaf. */
  static long leaf(int begin, int count) {
    return Long.MIN_VALUE | (long) count << 32 | begin;
  }

  /** The way to a node that goes on by some bits of a word. */
  static long node(int begin, int word, int shift, int bits) {
    return (long) bits << 48 | (long) shift << 40 | (long) word << 32 | begin;
  }

  /** Whether a way does not go on. */
  static boolean ends(long way) {
    return way < 0;
  }

  @Override
  public int next(int[] key, int at, int from) {
    int best = NONE;
    for (long root : roots) {
      long way = root;
      while (!ends(way)) {
        way = step(way, key, at);
      }
      best = inLeaf(way, key, at, from, best);
    }
    return best;
  }

  long[] roots() {
    return roots;
  }

  /** The way that a key takes from a node. */
  long step(long way, int[] key, int at) {
    int word = (int) (way >>> 32) & 0xff;
    // of the numbers of bits to shift by, only the lowest five count
    int value = key[at + word] >>> (int) (way >>> 40);
    return nodes[(int) way + (value & ~(-1 << (int) (way >>> 48)))];
  }

  /** The first box of a leaf that holds a key, if it is before the best so far. */
  int inLeaf(long leaf, int[] key, int at, int from, int best) {
    int begin = (int) leaf;
    int end = begin + ((int) (leaf >>> 32) & Integer.MAX_VALUE) * stride;
    int box = from == 0 ? begin : notBefore(from, begin, end);
    for (; box < end && leaves[box] < best; box += stride) {
      if (holds(box + 1, key, at)) {
        return leaves[box];
      }
    }
    return best;
  }

  private int notBefore(int from, int begin, int end) {
    int low = 0;
    int high = (end - begin) / stride;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (leaves[begin + middle * stride] < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return begin + low * stride;
  }

  /** Without a branch a word: a processor cannot foresee which word decides. */
  private boolean holds(int bounds, int[] key, int at) {
    long all = 0;
    for (int i = 0; i < words.length; i++) {
      long above = Integer.toUnsignedLong(key[at + words[i]] - leaves[bounds + 2 * i]);
      all |= Integer.toUnsignedLong(leaves[bounds + 2 * i + 1]) - above;
    }
    return all >= 0;
  }
}
