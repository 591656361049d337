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
  private final LoadedChain chain;
  long packets;
  long bytes;

  LoadedRule(LoadedChain chain, Rule rule, int number) {
    this.chain = chain;
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

  /** What can be said of a packet before it comes. */
  enum Judgement {
    MET,
    FAILED,
    /** Only the packet itself can be asked. */
    OPEN
  }

  /**
   * Judges by the key of a packet alone.
   *
   * @param sample any packet with the key
   * @param open words whose value is not known by now, as bits of {@link KeyWord}
   */
  Judgement judge(Skb sample, Netfilter netfilter, int open) {
    if (!header.isPlain()) {
      return Judgement.OPEN;
    }
    if (!header.matches(sample)) {
      return Judgement.FAILED;
    }
    for (Match match : matches) {
      if ((match.reads() & (open | Match.OPEN)) != 0) {
        return Judgement.OPEN;
      }
      if (!match.matches(sample, netfilter)) {
        return Judgement.FAILED;
      }
    }
    if (rule.unknown() == null) {
      return Judgement.MET;
    }
    return target.harmless() ? Judgement.FAILED : Judgement.OPEN;
  }

  /** Says where along the words of a key its judgement changes. */
  void cut(Cuts cuts) {
    if (!header.isPlain()) {
      return;
    }
    header.cut(cuts);
    for (Match match : matches) {
      if ((match.reads() & Match.OPEN) != 0) {
        return;
      }
      match.cut(cuts);
    }
  }

  /**
   * Bounds within which the rule must be asked. A condition that remembers packets counts those
   * that meet the conditions before it, so only these narrow the bounds.
   */
  int[] bounds() {
    ChainKey key = new ChainKey();
    header.bound(key);
    for (Match match : matches) {
      if ((match.reads() & Match.OPEN) != 0) {
        break;
      }
      match.bound(key);
    }
    return key.bounds();
  }

  LoadedChain chain() {
    return chain;
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
