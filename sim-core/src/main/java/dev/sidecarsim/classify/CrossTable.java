package dev.sidecarsim.classify;

import com.google.common.collect.ImmutableList;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * A number for each combination of the classes of several axes; immutable.
 *
 * <p>It is filled by asking once for one key of each combination. So it knows nothing of rules, and
 * is right about every key if the one who answers cannot tell keys of one combination apart.
 */
public final class CrossTable implements PathIndex {

  /** The words of a key: one vector of 512 bits. */
  public static final int WORDS = 16;

  final ImmutableList<Axis> axes;
  final int[] strides;
  final int[] cells;

  private CrossTable(List<Axis> axes, int[] cells) {
    this.axes = ImmutableList.copyOf(axes);
    this.strides = strides(axes);
    this.cells = cells;
  }

  /** How many cells a table over these axes has; {@link Long#MAX_VALUE} if more than that. */
  public static long size(List<Axis> axes) {
    long size = 1;
    for (Axis axis : axes) {
      if (size > Integer.MAX_VALUE) {
        return Long.MAX_VALUE;
      }
      size *= axis.count();
    }
    return size;
  }

  /**
   * Asks for a number for each cell, and joins classes that turn out to be the same.
   *
   * @param answer is given one key of the cell, which it must not keep
   * @throws IllegalArgumentException if the table would have more than 2³¹ cells
   */
  public static CrossTable fill(List<Axis> axes, ToIntFunction<int[]> answer) {
    long size = size(axes);
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a table of " + size + " cells is too large; look at its size before it is filled");
    }
    int[] cells = new int[(int) size];
    int[] words = new int[WORDS];
    int[] strides = strides(axes);
    for (int cell = 0; cell < cells.length; cell++) {
      for (int i = 0; i < strides.length; i++) {
        Axis axis = axes.get(i);
        words[axis.word] = axis.sample(cell / strides[i] % axis.count());
      }
      cells[cell] = answer.applyAsInt(words);
    }
    return new CrossTable(axes, cells).joined();
  }

  private static int[] strides(List<Axis> axes) {
    int[] strides = new int[axes.size()];
    int stride = 1;
    for (int i = 0; i < strides.length; i++) {
      strides[i] = stride;
      stride *= axes.get(i).count();
    }
    return strides;
  }

  /** The number of cells. */
  public int size() {
    return cells.length;
  }

  /** Bytes that the cells take. */
  public long bytes() {
    return (long) cells.length * Integer.BYTES;
  }

  @Override
  public int find(int[] words, int at) {
    int cell = 0;
    for (int i = 0; i < strides.length; i++) {
      Axis axis = axes.get(i);
      cell += strides[i] * axis.classOf(words[at + axis.word]);
    }
    return cells[cell];
  }

  /** The same answers with fewer classes: those of an axis whose cells are equal become one. */
  private CrossTable joined() {
    CrossTable table = this;
    for (int i = 0; i < axes.size(); i++) {
      table = table.joinedAlong(i);
    }
    return table;
  }

  private CrossTable joinedAlong(int axis) {
    int stride = strides[axis];
    int count = axes.get(axis).count();
    int[] to = new int[count];
    int[] firsts = new int[count];
    Map<IntBuffer, Integer> known = new HashMap<>();
    for (int c = 0; c < count; c++) {
      Integer same = known.putIfAbsent(slice(stride, count, c), known.size());
      to[c] = same == null ? known.size() - 1 : same;
      if (same == null) {
        firsts[to[c]] = c;
      }
    }
    int kept = known.size();
    if (kept == count) {
      return this;
    }
    int[] fewer = new int[cells.length / count * kept];
    for (int i = 0; i < fewer.length; i++) {
      int below = i % stride;
      int above = i / stride / kept;
      fewer[i] = cells[(above * count + firsts[i / stride % kept]) * stride + below];
    }
    Axis[] changed = axes.toArray(Axis[]::new);
    changed[axis] = axes.get(axis).joined(to);
    return new CrossTable(ImmutableList.copyOf(changed), fewer);
  }

  /** The cells of one class; such buffers are compared by content. */
  private IntBuffer slice(int stride, int count, int c) {
    int[] slice = new int[cells.length / count];
    for (int i = 0; i < slice.length; i++) {
      slice[i] = cells[(i / stride * count + c) * stride + i % stride];
    }
    return IntBuffer.wrap(slice);
  }
}
