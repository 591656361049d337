package dev.sidecarsim.netfilter;

import org.jspecify.annotations.Nullable;

/**
 * A rule in force: with counters, with the state of its counting matches, and its jump resolved.
 */
final class LoadedRule {

  final Rule rule;
  final int number;
  final Target target;
  final boolean goTo;
  @Nullable LoadedChain jump;
  private final Header header;
  private final Match[] matches;
  private final boolean plain;
  long packets;
  long bytes;

  LoadedRule(Rule rule, int number) {
    this.rule = rule;
    this.number = number;
    this.target = rule.target();
    this.goTo = target instanceof JumpTarget jumping && jumping.goTo();
    this.header = rule.header();
    this.plain = header.isEmpty();
    this.matches =
        rule.matches().stream()
            .filter(match -> !(match instanceof CommentMatch || match instanceof UnknownMatch))
            .map(Match::fresh)
            .toArray(Match[]::new);
    this.packets = rule.counters().packets();
    this.bytes = rule.counters().bytes();
  }

  /** Whether all conditions that can be judged are met. */
  boolean matches(Skb skb, Netfilter netfilter) {
    if (!plain && !header.matches(skb)) {
      return false;
    }
    for (Match match : matches) {
      if (!match.matches(skb, netfilter)) {
        return false;
      }
    }
    return true;
  }

  /** The first condition that a packet does not meet; asked only of conditions without memory. */
  String firstFailure(Skb skb, Netfilter netfilter) {
    String failed = header.firstFailure(skb);
    if (!failed.isEmpty()) {
      return failed;
    }
    for (Match match : matches) {
      if (match.fresh() != match || !match.matches(skb, netfilter)) {
        return match.save();
      }
    }
    return "met";
  }

  void count(Skb skb) {
    packets++;
    bytes += skb.packet.length();
  }
}
