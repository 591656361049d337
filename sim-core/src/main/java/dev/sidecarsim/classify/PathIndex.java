package dev.sidecarsim.classify;

/** Finds the number that belongs to a key; makes no object, keeps no state. */
public interface PathIndex {

  /**
   * The number that belongs to a key.
   *
   * @param words holds the key
   * @param at where the key begins; {@link CrossTable#WORDS} words from there are its own
   */
  int find(int[] words, int at);
}
