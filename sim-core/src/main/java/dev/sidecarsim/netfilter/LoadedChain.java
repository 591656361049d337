package dev.sidecarsim.netfilter;

import dev.sidecarsim.classify.BoxIndex;
import dev.sidecarsim.classify.Boxes;
import dev.sidecarsim.classify.ChangedBoxes;
import dev.sidecarsim.classify.PartitionedTree;
import java.util.ArrayList;
import java.util.List;
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
  private static final int WALKS = 256;

  /**
   * Loads a chain.
   *
   * @param before the chain that had its name; null if none had
   */
  LoadedChain(Chain chain, LoadedChain[] table, int number, @Nullable LoadedChain before) {
    this.table = table;
    this.number = number;
    this.name = chain.name();
    this.policy = chain.policy() == null ? null : chain.policy().action();
    this.declared = chain.declared();
    this.packets = chain.counters().packets();
    this.bytes = chain.counters().bytes();
    this.rules = new LoadedRule[chain.rules().size()];
    if (before == null) {
      load(chain, 0, rules.length);
    } else {
      change(chain, before);
    }
  }

  private void load(Chain chain, int from, int to) {
    for (int i = from; i < to; i++) {
      rules[i] = new LoadedRule(this, chain.rules().get(i), i + 1);
    }
  }

  /** Takes over what was made of the rules at the beginning and at the end that stayed. */
  private void change(Chain chain, LoadedChain before) {
    int shorter = Math.min(rules.length, before.rules.length);
    int head = 0;
    while (head < shorter && keep(chain, head, before.rules[head])) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && keep(chain, rules.length - 1 - tail, before.rules[before.rules.length - 1 - tail])) {
      tail++;
    }
    load(chain, head, rules.length - tail);
    index = before.changedIndex(this, head, before.rules.length - head - tail);
  }

  private boolean keep(Chain chain, int place, LoadedRule old) {
    Rule rule = chain.rules().get(place);
    if (!rule.isSameAs(old.rule)) {
      return false;
    }
    rules[place] =
        old.hasMemory()
            ? new LoadedRule(this, rule, place + 1)
            : new LoadedRule(this, rule, place + 1, old);
    return true;
  }

  /** The index with other rules in the place of some; null where one is to be made anew. */
  private @Nullable BoxIndex changedIndex(LoadedChain changed, int place, int gone) {
    int added = gone + changed.rules.length - rules.length;
    if (index == null || !changed.isLong()) {
      return null;
    }
    ChangedBoxes known = ChangedBoxes.of(index, rules.length);
    if (!known.serves(added)) {
      return null;
    }
    List<int[]> come = new ArrayList<>();
    for (int i = place; i < place + added; i++) {
      come.add(changed.rules[i].bounds());
    }
    return known.replace(place, gone, come);
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
    index = PartitionedTree.of(boxes);
  }

  void count(Skb skb) {
    packets++;
    bytes += skb.packet.length();
  }
}
