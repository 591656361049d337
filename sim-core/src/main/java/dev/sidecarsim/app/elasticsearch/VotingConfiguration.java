package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The nodes whose majority elects a master and accepts what it publishes.
 *
 * @param ids of nodes, or placeholders for those that are not known yet
 */
record VotingConfiguration(ImmutableSet<String> ids) {

  static final VotingConfiguration NONE = new VotingConfiguration(ImmutableSet.of());

  private static final String PLACEHOLDER = "{bootstrap-placeholder}-";

  /** What stands for a node of {@code cluster.initial_master_nodes} that was not found. */
  static String placeholder(String name) {
    return PLACEHOLDER + name;
  }

  static VotingConfiguration decode(String text) {
    return new VotingConfiguration(
        ImmutableSet.copyOf(Splitter.on(',').omitEmptyStrings().split(text)));
  }

  String encode() {
    return String.join(",", ids);
  }

  boolean isEmpty() {
    return ids.isEmpty();
  }

  boolean hasQuorum(Set<String> votes) {
    return ids.stream().filter(votes::contains).count() * 2 > ids.size();
  }

  /**
   * What a master makes of it (Reconfigurator, with {@code
   * cluster.auto_shrink_voting_configuration}): an odd number, at least three where there were
   * three; the master first, then nodes that are there, then those that are in it.
   *
   * @param live ids of the master-eligible nodes that are there
   * @param retired ids of nodes that are to leave it
   */
  VotingConfiguration improved(Set<String> live, Collection<String> retired, String master) {
    List<String> candidates =
        Stream.concat(live.stream(), ids.stream())
            .filter(id -> !retired.contains(id))
            .distinct()
            .sorted(
                Comparator.comparing((String id) -> !id.equals(master))
                    .thenComparing(id -> !live.contains(id))
                    .thenComparing(id -> !ids.contains(id))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    int there = (int) candidates.stream().filter(live::contains).count();
    int odd = there - (there % 2 == 0 ? 1 : 0);
    long kept = candidates.stream().filter(ids::contains).count();
    int size = Math.max(odd, kept < 3 ? 1 : 3);
    VotingConfiguration better =
        new VotingConfiguration(
            candidates.stream().limit(size).collect(ImmutableSet.toImmutableSet()));
    return better.hasQuorum(live) ? better : this;
  }

  /** Whom an election needs (ClusterFormationFailureHelper). */
  String requirement() {
    List<String> known = ids.stream().filter(id -> !id.startsWith(PLACEHOLDER)).toList();
    int needed = ids.size() / 2 + 1;
    return switch (ids.size()) {
      case 1 -> "a node with id " + known;
      case 2 -> "two nodes with ids " + known;
      default ->
          needed < known.size()
              ? "at least " + needed + " nodes with ids from " + known
              : needed + " nodes with ids " + known;
    };
  }

  @Override
  public String toString() {
    return ids.stream().collect(Collectors.joining(",", "VotingConfiguration{", "}"));
  }
}
