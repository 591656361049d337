package dev.sidecarsim.classify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Splits a table where that tells most, until each part has one answer. */
final class DiagramBuilder {

  private final CrossTable table;
  private final int axes;
  private final int answers;
  private final Map<TablePart, Integer> known = new HashMap<>();
  private int[] nodes = new int[64];
  private int used;

  DiagramBuilder(CrossTable table) {
    this.table = table;
    this.axes = table.axes.size();
    this.answers = Arrays.stream(table.cells).max().orElse(0) + 1;
  }

  /** The root: a node's place, or the complement of the only answer. */
  int build() {
    return build(TablePart.whole(table));
  }

  int[] nodes() {
    return Arrays.copyOf(nodes, used);
  }

  private int build(TablePart given) {
    if (given.isUniform()) {
      return ~given.cells[0];
    }
    TablePart part = given.trimmed();
    Integer node = known.get(part);
    if (node != null) {
      return node;
    }
    int[] split = bestSplit(part);
    int ifBelow = build(part.below(split[0], split[1]));
    int ifNot = build(part.above(split[0], split[1]));
    int made = ifBelow == ifNot ? ifBelow : add(split, ifBelow, ifNot);
    known.put(part, made);
    return made;
  }

  private int add(int[] split, int ifBelow, int ifNot) {
    if (used + Diagram.NODE > nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * nodes.length);
    }
    Axis axis = table.axes.get(split[0]);
    nodes[used] = axis.word;
    nodes[used + 1] = Axis.biased(axis.starts[split[1] - 1]);
    nodes[used + 2] = ifBelow;
    nodes[used + 3] = ifNot;
    used += Diagram.NODE;
    return used - Diagram.NODE;
  }

  /** The axis and interval at which a cut leaves the least disorder on both sides. */
  private int[] bestSplit(TablePart part) {
    int[] best = new int[2];
    double least = Double.MAX_VALUE;
    for (int axis = 0; axis < axes; axis++) {
      int width = part.width(axis);
      if (width == 1) {
        continue;
      }
      int[][] counts = part.countsAlong(axis, answers);
      int[] below = new int[answers];
      int[] above = new int[answers];
      for (int[] count : counts) {
        addTo(above, count, 1);
      }
      for (int i = 1; i < width; i++) {
        addTo(below, counts[i - 1], 1);
        addTo(above, counts[i - 1], -1);
        double disorder = disorder(below) + disorder(above);
        if (disorder < least) {
          least = disorder;
          best = new int[] {axis, part.from(axis) + i};
        }
      }
    }
    return best;
  }

  private static void addTo(int[] sums, int[] more, int sign) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += sign * more[i];
    }
  }

  /** Entropy of the answers times how many there are. */
  private static double disorder(int[] counts) {
    double total = 0;
    double sum = 0;
    for (int count : counts) {
      if (count > 0) {
        total += count;
        sum += count * Math.log(count);
      }
    }
    return total * Math.log(total) - sum;
  }
}
