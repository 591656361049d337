package dev.sidecarsim.netfilter;

import dev.sidecarsim.trace.Tracer;

/** Tells a tracer what a table does with a packet. */
final class RuleSteps {

  private final Netfilter netfilter;
  private final LoadedTable table;
  private final Hook hook;
  private final Skb skb;
  private final Tracer tracer;
  private final String host;

  RuleSteps(Netfilter netfilter, LoadedTable table, Hook hook, Skb skb) {
    this.netfilter = netfilter;
    this.table = table;
    this.hook = hook;
    this.skb = skb;
    this.tracer = skb.tracer;
    this.host = netfilter.name();
  }

  void matched(LoadedRule met) {
    String chain = met.chain().name;
    tracer.step(new NetfilterStep.RuleMatched(host, hook, table.name, chain, met.number, met.rule));
  }

  void passed(LoadedRule missed) {
    tracer.step(
        new NetfilterStep.RulePassed(
            host,
            hook,
            table.name,
            missed.chain().name,
            missed.number,
            missed.rule,
            missed.firstFailure(skb, netfilter)));
  }

  void leftOpen(LoadedRule unjudged) {
    String chain = unjudged.chain().name;
    tracer.step(
        new NetfilterStep.LeftOpen(host, hook, table.name, chain, unjudged.number, unjudged.rule));
  }

  /** The end that a rule made of it. */
  void ended(Verdict verdict, LoadedRule by) {
    String chain = by.chain().name;
    String place = "rule " + by.number + " of " + table.name + " " + chain;
    String text = "-A " + chain + by.rule.text();
    switch (verdict) {
      case DROP, REJECT -> dropped(verdict, place, text);
      case UNKNOWN -> {
        tracer.step(new NetfilterStep.Undecided(host, hook, table.name, chain, by.number, by.rule));
        tracer.cause(new NetfilterCause.NotModelled(host, place, text, by.rule.notModelled()));
      }
      default -> {}
    }
  }

  void policy(LoadedChain base, Verdict verdict) {
    if (base.declared) {
      tracer.step(new NetfilterStep.PolicyReached(host, hook, table.name, base.policy + ""));
    }
    if (verdict == Verdict.DROP) {
      dropped(verdict, "the policy of " + table.name + " " + base.name, "");
    }
  }

  private void dropped(Verdict verdict, String place, String text) {
    tracer.step(new NetfilterStep.Dropped(host, hook, skb.packet, verdict));
    tracer.cause(
        verdict == Verdict.REJECT
            ? new NetfilterCause.RejectedByRule(host, place, text, skb.packet)
            : new NetfilterCause.DroppedByRule(host, place, text, skb.packet));
  }
}
