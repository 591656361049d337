package dev.sidecarsim.envoy;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
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

  /** The levels at which some chain demands something; at the others all go on. */
  private final ImmutableList<MatchLevel> levels;

  private final Optional<NamedChains> named;

  /** A chain and, for each level, the branches in which it hangs. */
  private record Candidate(int index, ImmutableMap<MatchLevel, ImmutableList<Object>> keys) {
    ImmutableList<Object> at(MatchLevel level) {
      return requireNonNull(keys.get(level));
    }
  }

  /**
   * @throws IllegalArgumentException if Envoy would refuse the chains: two that hang in the same
   *     place, one that lists a value twice, or a server name with a wildcard elsewhere than in
   *     front
   */
  public FilterChainMatcher(List<FilterChain> chains, Optional<FilterChain> defaultChain) {
    this.chains = ImmutableList.copyOf(chains);
    this.defaultChain = defaultChain;
    this.named = Optional.empty();
    ImmutableList.Builder<Candidate> all = ImmutableList.builder();
    for (int i = 0; i < chains.size(); i++) {
      FilterChainMatch match = chains.get(i).match();
      match.serverNames().forEach(FilterChainMatcher::checkServerName);
      ImmutableMap.Builder<MatchLevel, ImmutableList<Object>> keys = ImmutableMap.builder();
      for (MatchLevel level : LEVELS) {
        keys.put(level, level.keys(match));
      }
      all.add(new Candidate(i, keys.buildOrThrow()));
    }
    candidates = all.build();
    levels = LEVELS.stream().filter(this::isDemanding).collect(ImmutableList.toImmutableList());
    checkOverlaps();
  }

  private FilterChainMatcher(NamedChains named) {
    this.chains = ImmutableList.of();
    this.defaultChain = Optional.empty();
    this.candidates = ImmutableList.of();
    this.levels = ImmutableList.of();
    this.named = Optional.of(named);
  }

  private boolean isDemanding(MatchLevel level) {
    ImmutableList<Object> any = level.keys(FilterChainMatch.ANY);
    return candidates.isEmpty()
        || candidates.stream().anyMatch(candidate -> !candidate.at(level).equals(any));
  }

  /**
   * The search among a listener's chains, by their matches or by the listener's own matcher.
   *
   * @throws IllegalArgumentException if Envoy would refuse the chains
   */
  public static FilterChainMatcher of(Listener listener) {
    return listener
        .matcher()
        .map(tree -> new NamedChains(tree, listener.filterChains(), listener.defaultFilterChain()))
        .map(FilterChainMatcher::new)
        .orElseGet(
            () -> new FilterChainMatcher(listener.filterChains(), listener.defaultFilterChain()));
  }

  /** The chain that takes a connection, or the level that ended the search. */
  public ChainChoice choose(Incoming connection) {
    return named.map(tree -> tree.choose(connection)).orElseGet(() -> byMatch(connection));
  }

  private ChainChoice byMatch(Incoming connection) {
    List<Candidate> left = candidates;
    for (MatchLevel level : levels) {
      Set<Object> keys = new LinkedHashSet<>();
      for (Candidate candidate : left) {
        keys.addAll(candidate.at(level));
      }
      ImmutableSet<Object> branches = level.branches(connection, keys);
      if (branches.isEmpty()) {
        return missed(level, connection, keys);
      }
      if (branches.size() > 1) {
        return new ChainChoice.Ambiguous(level, level.valueOf(connection));
      }
      Object branch = branches.iterator().next();
      left = hanging(left, level, branch);
    }
    int index = left.get(0).index();
    return new ChainChoice.Matched(index, chains.get(index));
  }

  private static List<Candidate> hanging(List<Candidate> all, MatchLevel level, Object branch) {
    List<Candidate> hanging = new ArrayList<>();
    for (Candidate candidate : all) {
      if (candidate.at(level).contains(branch)) {
        hanging.add(candidate);
      }
    }
    return hanging;
  }

  private ChainChoice missed(MatchLevel level, Incoming connection, Set<Object> keys) {
    ChainChoice.Miss miss =
        new ChainChoice.Miss(level.word(), level.valueOf(connection), MatchLevel.readable(keys));
    return defaultChain.isPresent()
        ? new ChainChoice.Default(defaultChain.get(), miss)
        : new ChainChoice.Missed(miss);
  }

  private static void checkServerName(String name) {
    if (name.contains("*") && !name.startsWith("*.")) {
      throw new IllegalArgumentException(
          "server name '" + name + "' has a partial wildcard; write *.SUFFIX or a whole name");
    }
  }

  private void checkOverlaps() {
    Map<List<Object>, Integer> taken = new LinkedHashMap<>();
    for (Candidate candidate : candidates) {
      for (List<Object> place : Lists.cartesianProduct(candidate.keys().values().asList())) {
        Integer other = taken.putIfAbsent(place, candidate.index());
        if (other != null) {
          throw new IllegalArgumentException(overlap(other, candidate.index()));
        }
      }
    }
  }

  private String overlap(int one, int other) {
    String both =
        one == other
            ? "filter chain " + described(one) + " lists a value twice"
            : "filter chains " + described(one) + " and " + described(other);
    return both
        + (one == other ? ": " : " have ")
        + "overlapping matching rules: "
        + chains.get(other).match()
        + "; make them differ";
  }

  private String described(int index) {
    String name = chains.get(index).name();
    return name.isEmpty() ? Integer.toString(index) : index + " (" + name + ")";
  }
}
