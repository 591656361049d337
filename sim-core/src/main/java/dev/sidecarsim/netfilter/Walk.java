package dev.sidecarsim.netfilter;

import org.jspecify.annotations.Nullable;

/**
 * The walk of a packet through the chains of one table, whether anybody listens or not.
 *
 * <p>The beginning of it may be known already as a {@link Path}; then only what the rules do is
 * done, in the same way.
 */
final class Walk {

  private final Netfilter netfilter;
  private final int[] words = new int[ChainKey.WORDS];

  Walk(Netfilter netfilter) {
    this.netfilter = netfilter;
  }

  Verdict run(LoadedTable table, Hook hook, Skb skb) {
    Tier tier = table.tier(hook);
    boolean misses = tellsMisses(skb);
    Path known = misses ? null : tier.path(skb, netfilter);
    if (known != null) {
      return follow(known, table, tier, skb);
    }
    tier.at.start(tier.base);
    return walk(table, tier, skb, misses ? null : words);
  }

  /** Visits every rule, as if no table had been compiled and no index made. */
  Verdict runPlainly(LoadedTable table, Hook hook, Skb skb) {
    Tier tier = table.tier(hook);
    tier.at.start(tier.base);
    return walk(table, tier, skb, null);
  }

  private static boolean tellsMisses(Skb skb) {
    return skb.tracer.on() && skb.tracer instanceof MissTracer;
  }

  /**
   * Goes on from where the tier stands.
   *
   * @param passing the packet's words, to pass over rules that it cannot meet; null to visit all
   */
  private Verdict walk(LoadedTable table, Tier tier, Skb skb, int @Nullable [] passing) {
    Position at = tier.at;
    ChainKey.write(skb, words);
    for (LoadedRule rule = at.next(passing); rule != null; rule = at.next(passing)) {
      if (!rule.matches(skb, words, netfilter)) {
        if (tellsMisses(skb)) {
          steps(table, skb).passed(rule);
        }
        continue;
      }
      if (rule.unknown) {
        if (!rule.letsGoOn()) {
          return end(Target.Action.UNKNOWN, rule, table, skb);
        }
        if (tellsMisses(skb)) {
          steps(table, skb).leftOpen(rule);
        }
        continue;
      }
      Target.Action action = meet(rule, table, skb);
      switch (action) {
        case CONTINUE -> ChainKey.write(skb, words);
        case RETURN, JUMP -> at.follow(rule, action);
        case ACCEPT, DROP, REJECT, UNKNOWN -> {
          return end(action, rule, table, skb);
        }
      }
    }
    return policy(table, tier.base, skb);
  }

  private Verdict follow(Path path, LoadedTable table, Tier tier, Skb skb) {
    Target.Action action = Target.Action.CONTINUE;
    for (int i = 0; i < path.size(); i++) {
      action = meet(path.rule(i), table, skb);
    }
    switch (path.end()) {
      case RULE -> {
        return end(action, path.rule(path.size() - 1), table, skb);
      }
      case OPEN -> {
        tier.at.set(path.rest());
        return walk(table, tier, skb, words);
      }
      default -> {
        return policy(table, tier.base, skb);
      }
    }
  }

  private Target.Action meet(LoadedRule rule, LoadedTable table, Skb skb) {
    rule.count(skb);
    if (skb.tracer.on()) {
      steps(table, skb).matched(rule);
    }
    return rule.target.apply(skb, netfilter);
  }

  private Verdict end(Target.Action action, LoadedRule rule, LoadedTable table, Skb skb) {
    Verdict verdict =
        switch (action) {
          case DROP -> Verdict.DROP;
          case REJECT -> Verdict.REJECT;
          case UNKNOWN -> Verdict.UNKNOWN;
          default -> Verdict.ACCEPT;
        };
    if (skb.tracer.on()) {
      steps(table, skb).ended(verdict, rule);
    }
    return verdict;
  }

  private Verdict policy(LoadedTable table, LoadedChain base, Skb skb) {
    base.count(skb);
    Verdict verdict = base.policy == Target.Action.DROP ? Verdict.DROP : Verdict.ACCEPT;
    if (skb.tracer.on()) {
      steps(table, skb).policy(base, verdict);
    }
    return verdict;
  }

  private RuleSteps steps(LoadedTable table, Skb skb) {
    return new RuleSteps(netfilter, table, skb.hook, skb);
  }
}
