package dev.sidecarsim.classify;

import java.util.Arrays;

/** A part of the space of keys, and the boxes that reach into it, in their order. */
final class TreePart {

  final int[] members;

  /** How many copies of each box the cuts of this part may make, on average. */
  final double copies;

  private final Boxes boxes;

  /** The least and the greatest value of each word. */
  private final int[] lows;

  private final int[] highs;

  private TreePart(Boxes boxes, int[] members, int[] lows, int[] highs, double copies) {
    this.boxes = boxes;
    this.members = members;
    this.lows = lows;
    this.highs = highs;
    this.copies = copies;
  }

  static TreePart whole(Boxes boxes, int[] members, double copies) {
    int[] highs = new int[boxes.words()];
    Arrays.fill(highs, -1);
    return new TreePart(boxes, members, new int[boxes.words()], highs, copies);
  }

  /** The least value of a word that is in a box and in this part. */
  int low(int box, int word) {
    int low = boxes.low(box, word);
    return Integer.compareUnsigned(low, lows[word]) < 0 ? lows[word] : low;
  }

  int high(int box, int word) {
    int high = boxes.high(box, word);
    return Integer.compareUnsigned(high, highs[word]) > 0 ? highs[word] : high;
  }

  /** One of the parts that a cut makes. */
  TreePart child(TreeCut cut, int number, int[] inside) {
    int[] childLows = lows.clone();
    int[] childHighs = highs.clone();
    childLows[cut.word] = cut.prefix | number << cut.shift;
    childHighs[cut.word] = childLows[cut.word] | ~(-1 << cut.shift);
    return new TreePart(boxes, inside, childLows, childHighs, copies / cut.copies);
  }

  /** The same without some of its boxes, which are in order too. */
  TreePart without(int[] boxesOut) {
    int[] kept =
        Arrays.stream(members).filter(box -> Arrays.binarySearch(boxesOut, box) < 0).toArray();
    return new TreePart(boxes, kept, lows, highs, copies);
  }
}
