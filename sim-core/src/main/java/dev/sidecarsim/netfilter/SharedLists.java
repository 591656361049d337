package dev.sidecarsim.netfilter;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What rules share by a name of their own: lists of {@code -m recent}, limits of {@code -m
 * hashlimit}. They begin with the first rule that names them and end with the last one.
 */
final class SharedLists {

  private record Name(Family family, String text) {}

  private final Map<Name, RecentList> recent = new LinkedHashMap<>();
  private final Map<Name, HashLimits> limits = new LinkedHashMap<>();

  RecentList recent(Family family, RecentMatch rule) {
    RecentList list =
        recent.computeIfAbsent(new Name(family, rule.list()), name -> new RecentList(rule.hits()));
    list.grow(rule.hits());
    return list;
  }

  HashLimits limits(Family family, HashLimitMatch rule, long now) {
    return limits.computeIfAbsent(
        new Name(family, rule.name()), name -> new HashLimits(rule.plan(), now));
  }

  /** Begins what new rules name, in the order of the rules. */
  void join(Family family, Iterable<Table> tables, long now) {
    each(
        tables,
        (match, name) -> {
          if (match instanceof RecentMatch rule) {
            recent(family, rule);
          } else if (match instanceof HashLimitMatch rule) {
            limits(family, rule, now);
          }
        });
  }

  /** Ends what none of these rules names. */
  void leave(Family family, Iterable<Table> tables) {
    Set<String> lists = new LinkedHashSet<>();
    Set<String> limited = new LinkedHashSet<>();
    each(tables, (match, name) -> (match instanceof RecentMatch ? lists : limited).add(name));
    recent.keySet().removeIf(name -> name.family == family && !lists.contains(name.text));
    limits.keySet().removeIf(name -> name.family == family && !limited.contains(name.text));
  }

  private static void each(Iterable<Table> tables, BiConsumer<Match, String> work) {
    for (Table table : tables) {
      for (Chain chain : table.chains().values()) {
        for (Rule rule : chain.rules()) {
          for (Match match : rule.matches()) {
            if (match instanceof RecentMatch recent) {
              work.accept(match, recent.list());
            } else if (match instanceof HashLimitMatch limit) {
              work.accept(match, limit.name());
            }
          }
        }
      }
    }
  }
}
