package dev.sidecarsim.netfilter;

import java.util.ArrayList;
import java.util.List;
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
    this.matches = judged(rule);
    this.packets = rule.counters().packets();
    this.bytes = rule.counters().bytes();
  }

  /**
   * The conditions that can be judged. The kernel asks one after another and stops at the first
   * that is not met, so that behind an unknown one nobody can say whether a condition with a memory
   * was asked, and behind such a one nothing at all.
   */
  private static Match[] judged(Rule rule) {
    List<Match> judged = new ArrayList<>();
    boolean unknown = false;
    for (Match match : rule.matches()) {
      Match fresh = match.fresh();
      if (unknown && match.hasMemory()) {
        break;
      }
      unknown |= match instanceof UnknownMatch;
      if (!(match instanceof CommentMatch || match instanceof UnknownMatch)) {
        judged.add(fresh);
      }
    }
    return judged.toArray(new Match[0]);
  }

  /**
   * Whether a packet goes on as it is, be the rule's unknown condition met or not. A list of {@code
   * -m recent} behind it is not as it is: other rules look at it too.
   */
  boolean letsGoOn() {
    List<Match> all = rule.matches();
    int unknown = 0;
    while (unknown < all.size() && !(all.get(unknown) instanceof UnknownMatch)) {
      unknown++;
    }
    return target.harmless()
        && all.subList(unknown, all.size()).stream().noneMatch(RecentMatch.class::isInstance);
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
    return letsGoOn() ? Judgement.FAILED : Judgement.OPEN;
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
      if (match.hasMemory() || !match.matches(skb, netfilter)) {
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
