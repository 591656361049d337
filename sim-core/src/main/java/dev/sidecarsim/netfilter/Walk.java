package dev.sidecarsim.netfilter;

import dev.sidecarsim.trace.Tracer;

/**
 * The walk of a packet through the chains of one table, whether anybody listens or not.
 *
 * <p>The beginning of it may be known already as a {@link Path}; then only what the rules do is
 * done, in the same way.
 */
final class Walk {

  private final Netfilter netfilter;
  private final Position at = new Position(LoadedChain.NONE);

  Walk(Netfilter netfilter) {
    this.netfilter = netfilter;
  }

  Verdict run(LoadedTable table, Hook hook, Skb skb) {
    Tracer tracer = skb.tracer;
    boolean misses = tracer.on() && tracer instanceof MissTracer;
    Path known = misses ? null : table.tier(hook).path(skb, netfilter);
    if (known == null) {
      at.start(table.chain(hook));
      if (!misses) {
        at.seek(skb);
      }
      return walk(table, hook, skb, misses);
    }
    return follow(known, table, hook, skb);
  }

  /** Visits every rule, as if no table had been compiled and no index made. */
  Verdict runPlainly(LoadedTable table, Hook hook, Skb skb) {
    at.start(table.chain(hook));
    return walk(table, hook, skb, false);
  }

  private Verdict walk(LoadedTable table, Hook hook, Skb skb, boolean misses) {
    for (LoadedRule rule = at.next(); rule != null; rule = at.next()) {
      if (!rule.matches(skb, netfilter)) {
        if (misses) {
          new RuleSteps(netfilter, table, hook, skb).passed(rule);
        }
        continue;
      }
      if (rule.rule.unknown() != null) {
        if (rule.letsGoOn()) {
          if (misses) {
            new RuleSteps(netfilter, table, hook, skb).leftOpen(rule);
          }
          continue;
        }
        return end(Target.Action.UNKNOWN, rule, table, hook, skb);
      }
      Target.Action action = meet(rule, table, hook, skb);
      switch (action) {
        case CONTINUE -> at.changed();
        case RETURN, JUMP -> at.follow(rule, action);
        case ACCEPT, DROP, REJECT, UNKNOWN -> {
          return end(action, rule, table, hook, skb);
        }
      }
    }
    return policy(table, hook, skb);
  }

  private Verdict follow(Path path, LoadedTable table, Hook hook, Skb skb) {
    Target.Action action = Target.Action.CONTINUE;
    for (int i = 0; i < path.size(); i++) {
      action = meet(path.rule(i), table, hook, skb);
    }
    switch (path.end()) {
      case RULE -> {
        return end(action, path.rule(path.size() - 1), table, hook, skb);
      }
      case OPEN -> {
        at.set(path.rest());
        at.seek(skb);
        return walk(table, hook, skb, false);
      }
      default -> {
        return policy(table, hook, skb);
      }
    }
  }

  private Target.Action meet(LoadedRule rule, LoadedTable table, Hook hook, Skb skb) {
    rule.count(skb);
    if (skb.tracer.on()) {
      new RuleSteps(netfilter, table, hook, skb).matched(rule);
    }
    return rule.target.apply(skb, netfilter);
  }

  private Verdict end(
      Target.Action action, LoadedRule rule, LoadedTable table, Hook hook, Skb skb) {
    Verdict verdict =
        switch (action) {
          case DROP -> Verdict.DROP;
          case REJECT -> Verdict.REJECT;
          case UNKNOWN -> Verdict.UNKNOWN;
          default -> Verdict.ACCEPT;
        };
    if (skb.tracer.on()) {
      new RuleSteps(netfilter, table, hook, skb).ended(verdict, rule);
    }
    return verdict;
  }

  private Verdict policy(LoadedTable table, Hook hook, Skb skb) {
    LoadedChain base = table.chain(hook);
    base.count(skb);
    Verdict verdict = base.policy == Target.Action.DROP ? Verdict.DROP : Verdict.ACCEPT;
    if (skb.tracer.on()) {
      new RuleSteps(netfilter, table, hook, skb).policy(base, verdict);
    }
    return verdict;
  }
}
