package dev.sidecarsim.netfilter;

import dev.sidecarsim.classify.BoxIndex;
import dev.sidecarsim.classify.BoxIndexes;
import dev.sidecarsim.classify.Boxes;
import org.jspecify.annotations.Nullable;

/** A chain in force. */
final class LoadedChain {

  /** All chains of the table, and the place of this one among them. */
  final LoadedChain[] table;

  final int number;
  final String name;
  final Target.@Nullable Action policy;
  final boolean declared;
  final LoadedRule[] rules;
  private @Nullable BoxIndex index;
  private long visited;
  long packets;
  long bytes;

  /** From so many rules on a chain gets an index. */
  private static final int LONG = 64;

  /** So many walks through a chain take about as long as to make its index. */
  private static final int WALKS = 64;

  LoadedChain(Chain chain, LoadedChain[] table, int number) {
    this.table = table;
    this.number = number;
    this.name = chain.name();
    this.policy = chain.policy() == null ? null : chain.policy().action();
    this.declared = chain.declared();
    this.packets = chain.counters().packets();
    this.bytes = chain.counters().bytes();
    this.rules = new LoadedRule[chain.rules().size()];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = new LoadedRule(this, chain.rules().get(i), i + 1);
    }
  }

  /** Whether an index is worth its memory. */
  boolean isLong() {
    return rules.length >= LONG;
  }

  /** The index of a long chain, once enough of its rules have been visited; null before. */
  @Nullable BoxIndex index() {
    if (index == null && isLong() && ++visited >= (long) WALKS * rules.length) {
      buildIndex();
    }
    return index;
  }

  void buildIndex() {
    Boxes boxes = new Boxes(ChainKey.WORDS);
    for (LoadedRule rule : rules) {
      boxes.add(rule.bounds());
    }
    index = BoxIndexes.best(boxes);
  }

  void count(Skb skb) {
    packets++;
    bytes += skb.packet.length();
  }
}
