package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;

/**
 * A table of nft, with the chains that it can have, in the order in which Istio makes them.
 *
 * @param name without its family, which is {@code inet}
 */
record NftTable(String name, ImmutableList<Chain> chains) {

  /**
   * A chain.
   *
   * @param hook type, hook and priority; empty for a chain that is only jumped to
   */
  record Chain(String name, String hook) {}

  static NftTable of(String name, Chain base, Chain second, String... regular) {
    ImmutableList.Builder<Chain> chains = ImmutableList.builder();
    chains.add(base, second);
    for (String chain : regular) {
      chains.add(new Chain(chain, ""));
    }
    return new NftTable(name, chains.build());
  }

  /** The chain of a hook; knftables writes the priorities of nat, mangle and raw as numbers. */
  static Chain base(String hook, String type, int priority) {
    return new Chain(hook, "type " + type + " hook " + hook + " priority " + priority);
  }
}
