package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;

/**
 * The walk of a sample instead of a packet: it goes by the same rules and chains, changes the
 * sample alone, and writes the way down. It stops before a long chain, which has an index of its
 * own, where the sample cannot speak for all packets of its key, and behind a CT rule, whose
 * template is no part of the sample.
 */
final class PathFinder {

  private final Netfilter netfilter;
  private final LoadedChain base;
  private final int open;

  /**
   * @param open words of the key that do not say what rules want to know, as bits of {@link
   *     KeyWord}
   */
  PathFinder(Netfilter netfilter, LoadedChain base, int open) {
    this.netfilter = netfilter;
    this.base = base;
    this.open = open;
  }

  Path find(Skb sample) {
    Position at = new Position(base);
    ImmutableList.Builder<LoadedRule> met = ImmutableList.builder();
    int unknown = open;
    for (LoadedRule rule = at.next(); rule != null; rule = at.next()) {
      if (rule.chain().isLong() || !PacketKeys.tell(sample)) {
        at.back();
        return new Path(met.build(), Path.End.OPEN, at);
      }
      switch (rule.judge(sample, netfilter, unknown)) {
        case FAILED -> {
          continue;
        }
        case OPEN -> {
          at.back();
          return new Path(met.build(), Path.End.OPEN, at);
        }
        case MET -> met.add(rule);
      }
      if (rule.target.ends()) {
        return new Path(met.build(), Path.End.RULE, at);
      }
      at.follow(rule, rule.target.apply(sample, netfilter));
      unknown |= rule.target.changes();
    }
    return new Path(met.build(), Path.End.POLICY, at);
  }
}
