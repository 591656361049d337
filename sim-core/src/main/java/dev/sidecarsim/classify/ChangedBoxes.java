package dev.sidecarsim.classify;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;

/**
 * An index from which a few boxes have gone, and to which a few have come, without its being made
 * anew; immutable. What has come is in hash tables, which each change makes anew.
 */
public final class ChangedBoxes implements BoxIndex {

  /** Hash tables of so many boxes are made sooner than the places of some thousands are copied. */
  private static final int FEW = 256;

  private static final int ABSENT = -1;

  private final BoxIndex base;

  /** The place in the index below of each box; {@link #ABSENT} for one that has come. */
  private final int[] origins;

  /** Where each box of the index below is by now; {@link #ABSENT} if it has gone. */
  private final int[] places;

  private final ImmutableList<int[]> come;

  /** The places of those that have come. */
  private final int[] comeTo;

  private final TupleSpace newcomers;

  private ChangedBoxes(BoxIndex base, int baseCount, int[] origins, ImmutableList<int[]> come) {
    this.base = base;
    this.origins = origins;
    this.come = come;
    this.places = new int[baseCount];
    this.comeTo = new int[come.size()];
    Arrays.fill(places, ABSENT);
    int newcomer = 0;
    for (int place = 0; place < origins.length; place++) {
      if (origins[place] == ABSENT) {
        comeTo[newcomer++] = place;
      } else {
        places[origins[place]] = place;
      }
    }
    this.newcomers = tables(come);
  }

  private static TupleSpace tables(List<int[]> come) {
    Boxes boxes = new Boxes(come.isEmpty() ? 0 : come.get(0).length / 2);
    come.forEach(boxes::add);
    return TupleSpace.of(boxes);
  }

  /** An index of so many boxes, of which none has gone or come yet. */
  public static ChangedBoxes of(BoxIndex base, int count) {
    if (base instanceof ChangedBoxes changed) {
      return changed;
    }
    int[] origins = new int[count];
    Arrays.setAll(origins, place -> place);
    return new ChangedBoxes(base, count, origins, ImmutableList.of());
  }

  /**
   * The index with other boxes in the place of some.
   *
   * @param place the first box that goes, and where the first comes that does
   * @param gone how many go
   * @param added the bounds of those that come, as {@link Boxes#add} takes them
   */
  public ChangedBoxes replace(int place, int gone, List<int[]> added) {
    int[] changed = new int[origins.length - gone + added.size()];
    System.arraycopy(origins, 0, changed, 0, place);
    Arrays.fill(changed, place, place + added.size(), ABSENT);
    int rest = origins.length - place - gone;
    System.arraycopy(origins, place + gone, changed, place + added.size(), rest);
    return new ChangedBoxes(
        base,
        places.length,
        changed,
        ImmutableList.<int[]>builder()
            .addAll(come.subList(0, newcomer(place)))
            .addAll(added)
            .addAll(come.subList(newcomer(place + gone), come.size()))
            .build());
  }

  /** Whether so many more may come before an index made anew would answer sooner. */
  public boolean serves(int more) {
    return come.size() + more <= FEW;
  }

  @Override
  public int next(int[] words, int at, int from) {
    int newcomer = newcomers.next(words, at, newcomer(from));
    int best = newcomer == NONE ? NONE : comeTo[newcomer];
    for (int old = origin(from); old != NONE; old++) {
      old = base.next(words, at, old);
      if (old == NONE) {
        return best;
      }
      if (places[old] != ABSENT) {
        return Math.min(best, places[old]);
      }
    }
    return best;
  }

  /** The first of those that have come at or behind a place. */
  private int newcomer(int from) {
    int found = Arrays.binarySearch(comeTo, from);
    return found < 0 ? -1 - found : found;
  }

  /** The first box of the index below that is at or behind a place; {@link #NONE} if none is. */
  private int origin(int from) {
    for (int place = from; place < origins.length; place++) {
      if (origins[place] != ABSENT) {
        return origins[place];
      }
    }
    return NONE;
  }
}
