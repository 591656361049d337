package dev.sidecarsim.classify;

/** Finds, of boxes in an order, the first that holds a key; makes no object. */
public interface BoxIndex {

  /** No box holds the key. */
  int NONE = Integer.MAX_VALUE;

  /**
   * The first box at or behind a place that holds a key, or {@link #NONE}.
   *
   * @param words holds the key
   * @param at where the key begins
   * @param from the place to begin with
   */
  int next(int[] words, int at, int from);
}
