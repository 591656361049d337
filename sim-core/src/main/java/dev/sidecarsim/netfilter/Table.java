package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/** One table: its built-in chains, then the user's, in the order in which they were made. */
record Table(TableName name, ImmutableMap<String, Chain> chains) {

  /** The table before any rule is loaded. */
  static Table empty(TableName name) {
    ImmutableMap.Builder<String, Chain> chains = ImmutableMap.builder();
    for (Hook hook : name.hooks()) {
      Chain chain =
          new Chain(hook.name(), StandardTarget.ACCEPT, Counters.ZERO, false, ImmutableList.of());
      chains.put(hook.name(), chain);
    }
    return new Table(name, chains.buildOrThrow());
  }

  /** The chain of a hook; every table has one for each of its hooks. */
  Chain chain(Hook hook) {
    Chain chain = chains.get(hook.name());
    if (chain == null) {
      throw new IllegalArgumentException("table " + name + " is not consulted at " + hook);
    }
    return chain;
  }

  boolean needsConntrack() {
    return chains.values().stream()
        .anyMatch(chain -> chain.rules().stream().anyMatch(Rule::needsConntrack));
  }
}
