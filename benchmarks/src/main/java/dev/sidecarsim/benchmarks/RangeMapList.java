package dev.sidecarsim.benchmarks;

import com.google.common.collect.Range;
import com.google.common.collect.RangeMap;
import com.google.common.collect.TreeRangeMap;
import dev.sidecarsim.classify.BoxIndex;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A matcher of Guava's range maps: for each word the rules that hold its value, as a BitSet. */
final class RangeMapList implements BoxIndex {

  private final List<RangeMap<Long, BitSet>> maps = new ArrayList<>();

  RangeMapList(RuleList list) {
    for (int word = 0; word < RuleList.WORDS; word++) {
      maps.add(map(list, word));
    }
  }

  private static RangeMap<Long, BitSet> map(RuleList list, int word) {
    TreeSet<Long> starts = new TreeSet<>();
    starts.add(0L);
    starts.add(1L << 32);
    for (int[] bounds : list.rules()) {
      starts.add(Integer.toUnsignedLong(bounds[2 * word]));
      starts.add(Integer.toUnsignedLong(bounds[2 * word + 1]) + 1);
    }
    List<Long> sorted = new ArrayList<>(starts);
    List<BitSet> sets = new ArrayList<>();
    sorted.forEach(start -> sets.add(new BitSet(list.rules().size())));
    for (int rule = 0; rule < list.rules().size(); rule++) {
      int[] bounds = list.rules().get(rule);
      long end = Integer.toUnsignedLong(bounds[2 * word + 1]);
      int i = java.util.Collections.binarySearch(sorted, Integer.toUnsignedLong(bounds[2 * word]));
      for (; sorted.get(i) <= end; i++) {
        sets.get(i).set(rule);
      }
    }
    RangeMap<Long, BitSet> map = TreeRangeMap.create();
    for (int i = 0; i + 1 < sorted.size(); i++) {
      map.put(Range.closedOpen(sorted.get(i), sorted.get(i + 1)), sets.get(i));
    }
    return map;
  }

  @Override
  public int next(int[] words, int at, int from) {
    BitSet all = null;
    for (int word = 0; word < RuleList.WORDS; word++) {
      @Nullable BitSet holding = maps.get(word).get(Integer.toUnsignedLong(words[at + word]));
      if (holding == null) {
        return NONE;
      }
      if (all == null) {
        all = (BitSet) holding.clone();
      } else {
        all.and(holding);
      }
    }
    int first = all == null ? -1 : all.nextSetBit(from);
    return first < 0 ? NONE : first;
  }
}
