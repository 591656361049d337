package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.classify.Axis;
import dev.sidecarsim.classify.CrossTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one table does at one hook, looked up instead of walked: from the key of a packet to its
 * {@link Path}.
 *
 * <p>The paths are found by walking one sample of each combination of intervals between which no
 * rule can tell packets apart, so there is no second meaning of a rule.
 */
final class TableProgram {

  private final PacketKeys keys;
  private final CrossTable table;
  private final Path[] paths;

  private TableProgram(PacketKeys keys, CrossTable table, List<Path> paths) {
    this.keys = keys;
    this.table = table;
    this.paths = paths.toArray(Path[]::new);
  }

  /** How many rules a built-in chain leads to. */
  static int rules(LoadedChain base) {
    return reachable(base).stream().mapToInt(chain -> chain.rules.length).sum();
  }

  /** How many cells it would take to compile a built-in chain and all that it leads to. */
  static long cells(LoadedChain base) {
    return CrossTable.size(cuts(base).axes());
  }

  /**
   * Compiles a built-in chain and all that it leads to; the time that takes is that of {@link
   * #cells} walks.
   */
  static TableProgram compile(Netfilter netfilter, Family family, LoadedChain base, Hook hook) {
    Cuts cuts = cuts(base);
    ImmutableList<Axis> axes = cuts.axes();
    PacketKeys keys = cuts.keys(family);
    PathFinder finder = new PathFinder(netfilter, base, cuts.open());
    Map<Object, Integer> numbers = new LinkedHashMap<>();
    List<Path> paths = new ArrayList<>();
    CrossTable table =
        CrossTable.fill(
            axes,
            words -> {
              Path path = finder.find(keys.packet(words, hook));
              Integer known = numbers.putIfAbsent(path.identity(), paths.size());
              if (known == null) {
                paths.add(path);
              }
              return known == null ? paths.size() - 1 : known;
            });
    return new TableProgram(keys, table, paths);
  }

  private static Cuts cuts(LoadedChain base) {
    Cuts cuts = new Cuts();
    for (LoadedChain chain : reachable(base)) {
      for (LoadedRule rule : chain.rules) {
        rule.cut(cuts);
      }
    }
    return cuts;
  }

  private static Set<LoadedChain> reachable(LoadedChain base) {
    Set<LoadedChain> found = new LinkedHashSet<>();
    List<LoadedChain> next = new ArrayList<>(List.of(base));
    while (!next.isEmpty()) {
      LoadedChain chain = next.remove(next.size() - 1);
      if (!chain.isLong() && found.add(chain)) {
        for (LoadedRule rule : chain.rules) {
          if (rule.jump != null) {
            next.add(rule.jump);
          }
        }
      }
    }
    return found;
  }

  /** How packets are written as keys. */
  PacketKeys keys() {
    return keys;
  }

  CrossTable table() {
    return table;
  }

  Path path(int number) {
    return paths[number];
  }

  int paths() {
    return paths.length;
  }
}
