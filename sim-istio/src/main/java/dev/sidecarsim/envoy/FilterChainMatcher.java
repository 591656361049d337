package dev.sidecarsim.envoy;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the filter chain of a connection as Envoy does: level by level, one branch at each, never
 * back. So a chain that demands nothing does not help once a more specific branch was taken.
 */
public final class FilterChainMatcher {

  private static final ImmutableList<MatchLevel> LEVELS = ImmutableList.copyOf(MatchLevel.values());

  private final ImmutableList<FilterChain> chains;
  private final Optional<FilterChain> defaultChain;
  private final ImmutableList<Candidate> candidates;

  /** A chain and, for each level, the branches in which it hangs. */
  private record Candidate(int index, ImmutableMap<MatchLevel, Set<Object>> keys) {
    Set<Object> at(MatchLevel level) {
      return requireNonNull(keys.get(level));
    }
  }

  /**
   * @throws IllegalArgumentException if Envoy would refuse the chains: two that hang in the same
   *     place, or a server name with a wildcard that is not its whole first label
   */
  public FilterChainMatcher(List<FilterChain> chains, Optional<FilterChain> defaultChain) {
    this.chains = ImmutableList.copyOf(chains);
    this.defaultChain = defaultChain;
    ImmutableList.Builder<Candidate> all = ImmutableList.builder();
    for (int i = 0; i < chains.size(); i++) {
      FilterChainMatch match = chains.get(i).match();
      match.serverNames().forEach(FilterChainMatcher::checkServerName);
      ImmutableMap.Builder<MatchLevel, Set<Object>> keys = ImmutableMap.builder();
      for (MatchLevel level : LEVELS) {
        keys.put(level, level.keys(match));
      }
      all.add(new Candidate(i, keys.buildOrThrow()));
    }
    candidates = all.build();
    checkOverlaps();
  }

  public static FilterChainMatcher of(Listener listener) {
    return new FilterChainMatcher(listener.filterChains(), listener.defaultFilterChain());
  }

  /** The chain that takes a connection, or the level that ended the search. */
  public ChainChoice choose(Incoming connection) {
    List<Candidate> left = candidates;
    for (MatchLevel level : LEVELS) {
      Set<Object> keys = new LinkedHashSet<>();
      left.forEach(candidate -> keys.addAll(candidate.at(level)));
      Optional<Object> branch = level.branch(connection, keys);
      if (branch.isEmpty()) {
        return missed(level, connection, keys);
      }
      List<Candidate> next = new ArrayList<>();
      for (Candidate candidate : left) {
        if (candidate.at(level).contains(branch.get())) {
          next.add(candidate);
        }
      }
      left = next;
    }
    int index = left.get(0).index();
    return new ChainChoice.Matched(index, chains.get(index));
  }

  private ChainChoice missed(MatchLevel level, Incoming connection, Set<Object> keys) {
    ChainChoice.Miss miss =
        new ChainChoice.Miss(level, level.valueOf(connection), MatchLevel.readable(keys));
    return defaultChain.isPresent()
        ? new ChainChoice.Default(defaultChain.get(), miss)
        : new ChainChoice.Missed(miss);
  }

  private static void checkServerName(String name) {
    if (name.contains("*") && (!name.startsWith("*.") || name.indexOf('*', 1) > 0)) {
      throw new IllegalArgumentException(
          "server name '" + name + "' has a partial wildcard; write *.SUFFIX or a whole name");
    }
  }

  private void checkOverlaps() {
    Map<List<Object>, Integer> taken = new LinkedHashMap<>();
    for (Candidate candidate : candidates) {
      for (List<Object> place : Sets.cartesianProduct(candidate.keys().values().asList())) {
        Integer other = taken.putIfAbsent(place, candidate.index());
        if (other != null) {
          throw new IllegalArgumentException(
              String.format(
                  "filter chains %d (%s) and %d (%s) have overlapping matching rules: %s; make"
                      + " them differ",
                  other,
                  chains.get(other).name(),
                  candidate.index(),
                  chains.get(candidate.index()).name(),
                  chains.get(candidate.index()).match()));
        }
      }
    }
  }
}
