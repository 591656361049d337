package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;

/**
 * The way of all packets of one key through a table: the rules that they meet, and then the last
 * rule's verdict, the policy, or a place where only the packet itself can be asked.
 */
final class Path {

  /** What comes behind the rules. */
  enum End {
    /** The last rule's target decides. */
    RULE,
    POLICY,
    /** The walk goes on at {@link Path#rest()}. */
    OPEN
  }

  private final LoadedRule[] rules;
  private final End end;
  private final Position stopped;

  /**
   * @param stopped where the walk of the sample came to its end
   */
  Path(ImmutableList<LoadedRule> rules, End end, Position stopped) {
    this.rules = rules.toArray(LoadedRule[]::new);
    this.end = end;
    this.stopped = stopped;
  }

  /**
   * What it is equal by. Paths that stop before the same rule stop in the same place of the walk,
   * since the rules before say how it came there.
   */
  Object identity() {
    ImmutableList<LoadedRule> met = ImmutableList.copyOf(rules);
    LoadedRule next = end == End.OPEN ? stopped.copy().next() : null;
    return next == null ? ImmutableList.of(met, end) : ImmutableList.of(met, next);
  }

  int size() {
    return rules.length;
  }

  LoadedRule rule(int i) {
    return rules[i];
  }

  End end() {
    return end;
  }

  /** Where the walk goes on if the path is open. */
  Position rest() {
    return stopped;
  }
}
