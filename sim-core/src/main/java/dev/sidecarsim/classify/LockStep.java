package dev.sidecarsim.classify;

import java.util.Arrays;

/**
 * Asks a {@link PartitionedTree} for eight keys at once, which go down it side by side, so that
 * they wait for memory together. It belongs to one thread.
 */
public final class LockStep {

  /** How many keys are asked for at once. */
  public static final int KEYS = 8;

  private final PartitionedTree tree;
  private final int length;
  private final long[] ways = new long[KEYS];

  /**
   * @param length how many words a key has; each begins where the one before it ends
   */
  public LockStep(PartitionedTree tree, int length) {
    this.tree = tree;
    this.length = length;
  }

  /**
   * Finds the first box that holds each key, or {@link BoxIndex#NONE}.
   *
   * @param keys hold the keys
   * @param at where the first begins
   * @param found takes the boxes
   */
  public void first(int[] keys, int at, int[] found) {
    Arrays.fill(found, 0, KEYS, BoxIndex.NONE);
    for (long root : tree.roots()) {
      descend(root, keys, at);
      for (int i = 0; i < KEYS; i++) {
        found[i] = tree.inLeaf(ways[i], keys, at + i * length, 0, found[i]);
      }
    }
  }

  private void descend(long root, int[] keys, int at) {
    Arrays.fill(ways, root);
    boolean ended = PartitionedTree.ends(root);
    while (!ended) {
      ended = true;
      for (int i = 0; i < KEYS; i++) {
        if (!PartitionedTree.ends(ways[i])) {
          ways[i] = tree.step(ways[i], keys, at + i * length);
          ended &= PartitionedTree.ends(ways[i]);
        }
      }
    }
  }
}
