package dev.sidecarsim.netfilter;

import dev.sidecarsim.trace.Tracer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a packet through the chains of one table: the only place where rules are evaluated,
 * whether anybody listens or not.
 */
final class Walk {

  private final Netfilter netfilter;
  private LoadedChain[] chains = new LoadedChain[16];
  private int[] places = new int[16];

  Walk(Netfilter netfilter) {
    this.netfilter = netfilter;
  }

  Verdict run(LoadedTable table, Hook hook, Skb skb) {
    LoadedChain base = table.chain(hook);
    LoadedChain chain = base;
    Tracer tracer = skb.tracer;
    boolean traced = tracer.on();
    boolean misses = traced && tracer instanceof MissTracer;
    int depth = 0;
    int place = 0;
    while (true) {
      if (place == chain.rules.length) {
        if (depth == 0) {
          return policy(table, base, hook, skb);
        }
        chain = chains[--depth];
        place = places[depth];
        continue;
      }
      LoadedRule rule = chain.rules[place++];
      if (!rule.matches(skb, netfilter)) {
        if (misses) {
          passed(table, hook, chain, rule, skb);
        }
        continue;
      }
      if (rule.rule.unknown() != null) {
        if (rule.target.harmless()) {
          continue;
        }
        return undecided(table, hook, chain, rule, skb);
      }
      rule.count(skb);
      if (traced) {
        tracer.step(
            new NetfilterStep.RuleMatched(
                netfilter.name(), hook, table.name, chain.name, rule.number, rule.rule));
      }
      switch (rule.target.apply(skb, netfilter)) {
        case CONTINUE -> {}
        case ACCEPT -> {
          return Verdict.ACCEPT;
        }
        case DROP -> {
          return dropped(table, hook, chain, rule, skb, Verdict.DROP);
        }
        case REJECT -> {
          return dropped(table, hook, chain, rule, skb, Verdict.REJECT);
        }
        case UNKNOWN -> {
          return undecided(table, hook, chain, rule, skb);
        }
        case RETURN -> place = chain.rules.length;
        case JUMP -> {
          LoadedChain next = rule.jump;
          if (next != null) {
            if (!rule.goTo) {
              push(depth++, chain, place);
            }
            chain = next;
            place = 0;
          }
        }
      }
    }
  }

  private void push(int depth, LoadedChain chain, int place) {
    if (depth == chains.length) {
      chains = Arrays.copyOf(chains, depth * 2);
      places = Arrays.copyOf(places, depth * 2);
    }
    chains[depth] = chain;
    places[depth] = place;
  }

  private Verdict policy(LoadedTable table, LoadedChain base, Hook hook, Skb skb) {
    base.packets++;
    base.bytes += skb.packet.length();
    if (skb.tracer.on() && base.declared) {
      skb.tracer.step(
          new NetfilterStep.PolicyReached(netfilter.name(), hook, table.name, base.policy + ""));
    }
    return base.policy == Target.Action.DROP
        ? dropped(table, hook, base, null, skb, Verdict.DROP)
        : Verdict.ACCEPT;
  }

  private Verdict dropped(
      LoadedTable table,
      Hook hook,
      LoadedChain chain,
      @Nullable LoadedRule rule,
      Skb skb,
      Verdict verdict) {
    Tracer tracer = skb.tracer;
    if (tracer.on()) {
      String host = netfilter.name();
      String place = place(table, chain, rule);
      String text = rule == null ? "" : "-A " + chain.name + rule.rule.text();
      tracer.step(new NetfilterStep.Dropped(host, hook, skb.packet, verdict));
      tracer.cause(
          verdict == Verdict.REJECT
              ? new NetfilterCause.RejectedByRule(host, place, text, skb.packet)
              : new NetfilterCause.DroppedByRule(host, place, text, skb.packet));
    }
    return verdict;
  }

  private static String place(LoadedTable table, LoadedChain chain, @Nullable LoadedRule rule) {
    return rule == null
        ? "the policy of " + table.name + " " + chain.name
        : "rule " + rule.number + " of " + table.name + " " + chain.name;
  }

  private Verdict undecided(
      LoadedTable table, Hook hook, LoadedChain chain, LoadedRule rule, Skb skb) {
    Tracer tracer = skb.tracer;
    if (tracer.on()) {
      String host = netfilter.name();
      tracer.step(
          new NetfilterStep.Undecided(host, hook, table.name, chain.name, rule.number, rule.rule));
      tracer.cause(
          new NetfilterCause.NotModelled(
              host,
              place(table, chain, rule),
              "-A " + chain.name + rule.rule.text(),
              rule.rule.notModelled()));
    }
    return Verdict.UNKNOWN;
  }

  private void passed(LoadedTable table, Hook hook, LoadedChain chain, LoadedRule rule, Skb skb) {
    skb.tracer.step(
        new NetfilterStep.RulePassed(
            netfilter.name(),
            hook,
            table.name,
            chain.name,
            rule.number,
            rule.rule,
            rule.firstFailure(skb, netfilter)));
  }
}
