package dev.sidecarsim.classify;

import java.util.Arrays;

/**
 * A box of a {@link CrossTable}: one range of intervals for each axis, and the answers in it.
 *
 * <p>Two parts are equal if the same comparisons tell their answers apart: axes on which nothing
 * depends do not count.
 */
final class TablePart {

  private final CrossTable table;

  /** From and to, the latter not included, of each axis. */
  private final int[] box;

  final int[] cells;

  private TablePart(CrossTable table, int[] box) {
    this.table = table;
    this.box = box;
    this.cells = read();
  }

  static TablePart whole(CrossTable table) {
    int[] box = new int[2 * table.axes.size()];
    for (int i = 0; i < table.axes.size(); i++) {
      box[2 * i + 1] = table.axes.get(i).classes.length;
    }
    return new TablePart(table, box);
  }

  int from(int axis) {
    return box[2 * axis];
  }

  int width(int axis) {
    return box[2 * axis + 1] - box[2 * axis];
  }

  TablePart below(int axis, int interval) {
    return within(axis, from(axis), interval);
  }

  TablePart above(int axis, int interval) {
    return within(axis, interval, box[2 * axis + 1]);
  }

  private TablePart within(int axis, int from, int to) {
    int[] smaller = box.clone();
    smaller[2 * axis] = from;
    smaller[2 * axis + 1] = to;
    return new TablePart(table, smaller);
  }

  boolean isUniform() {
    for (int cell : cells) {
      if (cell != cells[0]) {
        return false;
      }
    }
    return true;
  }

  /** The part without the width of axes on which nothing depends. */
  TablePart trimmed() {
    TablePart part = this;
    for (int axis = 0; 2 * axis < box.length; axis++) {
      if (part.width(axis) > 1 && !part.dependsOn(axis)) {
        part = part.within(axis, from(axis), from(axis) + 1);
      }
    }
    return part;
  }

  private boolean dependsOn(int axis) {
    int stride = stride(axis);
    int width = width(axis);
    for (int i = 0; i < cells.length; i++) {
      int along = i / stride % width;
      if (cells[i] != cells[i - along * stride]) {
        return true;
      }
    }
    return false;
  }

  private int stride(int axis) {
    int stride = 1;
    for (int i = 0; i < axis; i++) {
      stride *= width(i);
    }
    return stride;
  }

  /** How often each answer occurs, for each interval of an axis. */
  int[][] countsAlong(int axis, int answers) {
    int stride = stride(axis);
    int width = width(axis);
    int[][] counts = new int[width][answers];
    for (int i = 0; i < cells.length; i++) {
      counts[i / stride % width][cells[i]]++;
    }
    return counts;
  }

  private int[] read() {
    int size = 1;
    for (int i = 0; 2 * i < box.length; i++) {
      size *= width(i);
    }
    int[] found = new int[size];
    int[] at = new int[box.length / 2];
    for (int n = 0; n < size; n++) {
      int cell = 0;
      for (int i = 0; i < at.length; i++) {
        cell += table.strides[i] * table.axes.get(i).classes[from(i) + at[i]];
      }
      found[n] = table.cells[cell];
      advance(at);
    }
    return found;
  }

  private void advance(int[] at) {
    for (int i = 0; i < at.length; i++) {
      if (++at[i] < width(i)) {
        return;
      }
      at[i] = 0;
    }
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof TablePart that) || !Arrays.equals(cells, that.cells)) {
      return false;
    }
    for (int i = 0; 2 * i < box.length; i++) {
      boolean same = from(i) == that.from(i) && width(i) == that.width(i);
      if (!same && (width(i) > 1 || that.width(i) > 1)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(cells);
  }
}
