package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/** A chain in force. */
final class LoadedChain {

  final String name;
  final Target.@Nullable Action policy;
  final boolean declared;
  final LoadedRule[] rules;
  long packets;
  long bytes;

  /** Stands for no chain. */
  static final LoadedChain NONE =
      new LoadedChain(new Chain("", null, Counters.ZERO, false, ImmutableList.of()));

  LoadedChain(Chain chain) {
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

  void count(Skb skb) {
    packets++;
    bytes += skb.packet.length();
  }
}
