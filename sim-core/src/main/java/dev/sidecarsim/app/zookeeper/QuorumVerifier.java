package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import java.util.Set;

/** Which sets of servers may decide. */
sealed interface QuorumVerifier {

  boolean containsQuorum(Set<Long> sids);

  /** A server of weight 0 is never elected. */
  long weight(long sid);

  /** More than half of the voters. */
  record Majority(ImmutableSortedSet<Long> voters) implements QuorumVerifier {
    @Override
    public boolean containsQuorum(Set<Long> sids) {
      long acks = voters.stream().filter(sids::contains).count();
      return acks > voters.size() / 2;
    }

    @Override
    public long weight(long sid) {
      return voters.contains(sid) ? 1 : 0;
    }
  }

  /**
   * More than half of the weight in more than half of the groups that have any.
   *
   * @param groups the group of each voter
   * @param weights by voter; 1 where nothing is said
   */
  record Hierarchical(ImmutableMap<Long, Long> groups, ImmutableMap<Long, Long> weights)
      implements QuorumVerifier {
    @Override
    public boolean containsQuorum(Set<Long> sids) {
      long counted = 0;
      long won = 0;
      for (long group : ImmutableSortedSet.copyOf(groups.values())) {
        long total = weightOf(group, groups.keySet());
        if (total > 0) {
          counted++;
          won += weightOf(group, sids) > total / 2 ? 1 : 0;
        }
      }
      return won > counted / 2;
    }

    private long weightOf(long group, Set<Long> sids) {
      return groups.entrySet().stream()
          .filter(entry -> entry.getValue() == group && sids.contains(entry.getKey()))
          .mapToLong(entry -> weight(entry.getKey()))
          .sum();
    }

    @Override
    public long weight(long sid) {
      return weights.getOrDefault(sid, groups.containsKey(sid) ? 1L : 0L);
    }
  }
}
