package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.classify.Axis;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Collects, from the conditions of rules, where the answer changes along each word of a key. */
final class Cuts {

  private final Map<KeyWord, List<Integer>> starts = new EnumMap<>(KeyWord.class);
  private final Map<KeyWord, TreeSet<IpAddress>> addresses = new EnumMap<>(KeyWord.class);
  private final Map<KeyWord, DeviceNames> devices = new EnumMap<>(KeyWord.class);
  private final Map<KeyWord, Integer> masks = new EnumMap<>(KeyWord.class);
  private int open;

  /** A condition holds for the values from {@code min} to {@code max}, or for all others. */
  void range(KeyWord word, long min, long max) {
    List<Integer> found = starts(word);
    found.add((int) min);
    if (max < 0xffff_ffffL) {
      found.add((int) (max + 1));
    }
  }

  /** A condition holds for some of few values. */
  void where(KeyWord word, IntPredicate condition) {
    for (int value = 1; value < word.limit(); value++) {
      if (condition.test(value) != condition.test(value - 1)) {
        starts(word).add(value);
      }
    }
  }

  /**
   * A condition looks at some bits of a word. If two conditions look at different bits of it, the
   * word is not made of intervals.
   */
  void masked(KeyWord word, int mask, int value) {
    Integer other = masks.putIfAbsent(word, mask);
    if (other != null && other != mask) {
      open |= word.bit();
    }
    if ((value & ~mask) == 0) {
      starts(word).add(value);
      // the next number that has no other bits; 0 if there is none
      starts(word).add(((value | ~mask) + 1) & mask);
    }
  }

  /** A condition holds for addresses from one to another, both included. */
  void addresses(KeyWord word, IpAddress from, IpAddress to) {
    if (from.v4()) {
      range(word, from.low(), to.low());
      return;
    }
    TreeSet<IpAddress> found = addresses.computeIfAbsent(word, key -> new TreeSet<>());
    found.add(from);
    IpAddress next = to.plus(1);
    if (!next.isAny()) {
      found.add(next);
    }
  }

  /** A condition names an interface; {@code +} at the end stands for any end. */
  void device(KeyWord word, String pattern) {
    devices.computeIfAbsent(word, key -> new DeviceNames()).add(pattern);
  }

  private List<Integer> starts(KeyWord word) {
    return starts.computeIfAbsent(word, key -> new ArrayList<>());
  }

  /** Words that cannot be cut into intervals, as bits. */
  int open() {
    return open;
  }

  PacketKeys keys(Family family) {
    return new PacketKeys(
        family.v6(),
        wanted(),
        masks.getOrDefault(KeyWord.MARK, -1),
        masks.getOrDefault(KeyWord.CONNECTION_MARK, -1),
        list(KeyWord.SOURCE),
        list(KeyWord.DESTINATION),
        devices.getOrDefault(KeyWord.IN, new DeviceNames()),
        devices.getOrDefault(KeyWord.OUT, new DeviceNames()));
  }

  private ImmutableList<IpAddress> list(KeyWord word) {
    return ImmutableList.copyOf(addresses.getOrDefault(word, new TreeSet<>()));
  }

  private int wanted() {
    int bits = 0;
    for (Axis axis : axes()) {
      bits |= 1 << axis.word();
    }
    return bits;
  }

  ImmutableList<Axis> axes() {
    ImmutableList.Builder<Axis> axes = ImmutableList.builder();
    for (KeyWord word : KeyWord.values()) {
      int[] cuts = cuts(word);
      if (cuts.length > 0 && (open & word.bit()) == 0) {
        axes.add(
            Axis.of(word.place(), cuts).below(isCounted(word) ? cuts.length + 1 : word.limit()));
      }
    }
    return axes.build();
  }

  /** Whether the numbers of names or addresses stand in the word, and not they themselves. */
  private boolean isCounted(KeyWord word) {
    return devices.containsKey(word) || addresses.containsKey(word);
  }

  private int[] cuts(KeyWord word) {
    if (isCounted(word)) {
      DeviceNames names = devices.get(word);
      int last = names == null ? list(word).size() : names.size() - 1;
      return IntStream.rangeClosed(1, last).toArray();
    }
    return starts.getOrDefault(word, List.of()).stream()
        .mapToInt(Integer::intValue)
        .filter(start -> word.limit() == 0 || (start > 0 && start < word.limit()))
        .toArray();
  }
}
