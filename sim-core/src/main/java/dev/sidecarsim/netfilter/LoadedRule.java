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

  /** Whether a condition cannot be judged, or nobody knows what the target does. */
  final boolean unknown;

  @Nullable LoadedChain jump;
  private final Header header;
  private final Match[] matches;

  /** What of the conditions can be asked of a packet's words, and what then remains to be asked. */
  private final @Nullable WordTest tests;

  private final boolean headerRemains;
  private final boolean devicesRemain;
  private final Match[] remaining;
  private final LoadedChain chain;
  long packets;
  long bytes;

  LoadedRule(LoadedChain chain, Rule rule, int number) {
    this.chain = chain;
    this.rule = rule;
    this.number = number;
    this.target = rule.target().fresh();
    this.goTo = target instanceof JumpTarget jumping && jumping.goTo();
    this.unknown = rule.unknown() != null;
    this.header = rule.header();
    this.matches = judged(rule);
    RuleTests collected = new RuleTests();
    this.headerRemains = !header.tests(collected);
    this.devicesRemain = header.hasDevices();
    this.remaining = remaining(collected);
    this.tests = collected.first();
    this.packets = rule.counters().packets();
    this.bytes = rule.counters().bytes();
  }

  /** A rule in another chain or at another place, of whose conditions all has been found out. */
  LoadedRule(LoadedChain chain, Rule rule, int number, LoadedRule same) {
    this.chain = chain;
    this.rule = rule;
    this.number = number;
    this.target = same.target;
    this.goTo = same.goTo;
    this.unknown = same.unknown;
    this.header = same.header;
    this.matches = same.matches;
    this.tests = same.tests;
    this.headerRemains = same.headerRemains;
    this.devicesRemain = same.devicesRemain;
    this.remaining = same.remaining;
    this.packets = rule.counters().packets();
    this.bytes = rule.counters().bytes();
  }

  /** Whether it keeps something of the packets that it has seen. */
  boolean hasMemory() {
    boolean memory = target != rule.target();
    for (int i = 0; i < rule.matches().size() && !memory; i++) {
      memory = rule.matches().get(i).hasMemory();
    }
    return memory;
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

  /**
   * Collects the tests of the conditions, and gives those that ask for more. A condition that
   * remembers packets counts those that meet the conditions before it, so that it and all behind it
   * are asked in their order.
   */
  private Match[] remaining(RuleTests collected) {
    List<Match> remaining = new ArrayList<>();
    boolean inOrder = false;
    for (Match match : matches) {
      inOrder |= (match.reads() & Match.OPEN) != 0;
      if (inOrder || !match.tests(collected)) {
        remaining.add(match);
      }
    }
    return remaining.toArray(new Match[0]);
  }

  /**
   * Whether all conditions that can be judged are met.
   *
   * @param words those of the packet, as {@link ChainKey} writes them
   */
  boolean matches(Skb skb, int[] words, Netfilter netfilter) {
    if (!WordTest.allPass(tests, words)
        || (devicesRemain && !header.devicesMatch(skb))
        || (headerRemains && !header.matches(skb))) {
      return false;
    }
    for (Match match : remaining) {
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
    if (!unknown) {
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

  /** Bounds on a packet's words within which the rule must be asked. */
  int[] bounds() {
    RuleTests collected = new RuleTests();
    header.tests(collected);
    remaining(collected);
    return collected.bounds();
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
