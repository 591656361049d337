package dev.sidecarsim.classify;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * A {@link CrossTable} whose cell is a sum: of each bound that a word reaches, how far its class is
 * from the class below. Sixteen bounds are compared at once, and no branch depends on the key.
 *
 * <p>It needs the module {@code jdk.incubator.vector}, so it is made by name where that is there.
 */
final class VectorTable implements PathIndex {

  private static final VectorSpecies<Integer> LANES = IntVector.SPECIES_512;

  private final int[] cells;
  private final int first;
  private final int groups;
  private final int[] bounds;
  private final int[] steps;
  private final VectorShuffle<Integer> words0;
  private final VectorShuffle<Integer> words1;
  private final VectorShuffle<Integer>[] more;

  /** Whether the processor computes with such vectors; otherwise they would be slow arrays. */
  static boolean isSupported() {
    return IntVector.SPECIES_PREFERRED.length() >= LANES.length();
  }

  VectorTable(CrossTable table) {
    List<int[]> all = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < table.axes.size(); i++) {
      Axis axis = table.axes.get(i);
      start += table.strides[i] * axis.classes[0];
      for (int b = 0; b < axis.starts.length; b++) {
        int step = table.strides[i] * (axis.classes[b + 1] - axis.classes[b]);
        all.add(new int[] {axis.word, Axis.biased(axis.starts[b]), step});
      }
    }
    cells = table.cells;
    first = start;
    groups = Math.max(1, (all.size() + LANES.length() - 1) / LANES.length());
    bounds = new int[groups * LANES.length()];
    steps = new int[groups * LANES.length()];
    int[] words = new int[groups * LANES.length()];
    for (int i = 0; i < all.size(); i++) {
      words[i] = all.get(i)[0];
      bounds[i] = all.get(i)[1];
      steps[i] = all.get(i)[2];
    }
    words0 = VectorShuffle.fromArray(LANES, words, 0);
    words1 = VectorShuffle.fromArray(LANES, words, groups > 1 ? LANES.length() : 0);
    more = shuffles(words);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generic types have no constructor
  private VectorShuffle<Integer>[] shuffles(int[] words) {
    VectorShuffle<Integer>[] made = new VectorShuffle[Math.max(0, groups - 2)];
    for (int i = 0; i < made.length; i++) {
      made[i] = VectorShuffle.fromArray(LANES, words, (i + 2) * LANES.length());
    }
    return made;
  }

  @Override
  public int find(int[] words, int at) {
    IntVector key =
        IntVector.fromArray(LANES, words, at).lanewise(VectorOperators.XOR, Integer.MIN_VALUE);
    IntVector sum = reached(key.rearrange(words0), 0);
    if (groups > 1) {
      sum = sum.add(reached(key.rearrange(words1), LANES.length()));
      for (int i = 0; i < more.length; i++) {
        sum = sum.add(reached(key.rearrange(more[i]), (i + 2) * LANES.length()));
      }
    }
    return cells[first + sum.reduceLanes(VectorOperators.ADD)];
  }

  private IntVector reached(IntVector values, int group) {
    VectorMask<Integer> reached =
        values.compare(VectorOperators.GE, IntVector.fromArray(LANES, bounds, group));
    return IntVector.zero(LANES).blend(IntVector.fromArray(LANES, steps, group), reached);
  }
}
