package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** A table in force: its chains with their jumps resolved. */
final class LoadedTable {

  final TableName name;
  final Table source;
  private final ImmutableMap<String, LoadedChain> chains;
  private final Map<Hook, Tier> tiers = new EnumMap<>(Hook.class);

  LoadedTable(Table table) {
    this(table, ImmutableMap.of());
  }

  private LoadedTable(Table table, ImmutableMap<String, LoadedChain> before) {
    this.name = table.name();
    this.source = table;
    LoadedChain[] all = new LoadedChain[table.chains().size()];
    ImmutableMap.Builder<String, LoadedChain> loaded = ImmutableMap.builder();
    int number = 0;
    for (Chain chain : table.chains().values()) {
      all[number] = new LoadedChain(chain, all, number, before.get(chain.name()));
      loaded.put(chain.name(), all[number++]);
    }
    chains = loaded.buildOrThrow();
    for (LoadedChain chain : all) {
      for (LoadedRule rule : chain.rules) {
        if (rule.target instanceof JumpTarget jump) {
          rule.jump = chains.get(jump.chain());
        }
      }
    }
    for (Hook hook : name.hooks()) {
      LoadedChain chain = chains.get(hook.name());
      if (chain != null) {
        tiers.put(hook, new Tier(chain, hook));
      }
    }
  }

  /** A table with mostly the same rules; what was made of those serves again. */
  LoadedTable changed(Table table) {
    return new LoadedTable(table, chains);
  }

  LoadedChain chain(Hook hook) {
    return tier(hook).base;
  }

  /** The table as it is asked at a hook. */
  Tier tier(Hook hook) {
    Tier found = tiers.get(hook);
    if (found == null) {
      throw new IllegalArgumentException("table " + name + " is not consulted at " + hook);
    }
    return found;
  }

  void compile(Netfilter netfilter, Family family) {
    tiers.values().forEach(tier -> tier.compile(netfilter, family));
    chains.values().stream().filter(LoadedChain::isLong).forEach(LoadedChain::buildIndex);
  }

  /** The table with the counters that it has by now. */
  Table snapshot() {
    ImmutableMap.Builder<String, Chain> now = ImmutableMap.builder();
    for (Chain chain : source.chains().values()) {
      LoadedChain loaded = chains.get(chain.name());
      if (loaded != null) {
        Counters counters =
            chain.policy() == null ? Counters.ZERO : new Counters(loaded.packets, loaded.bytes);
        ImmutableList<Rule> rules =
            Arrays.stream(loaded.rules)
                .map(LoadedTable::counted)
                .collect(ImmutableList.toImmutableList());
        now.put(chain.name(), new Chain(chain.name(), chain.policy(), counters, true, rules));
      }
    }
    return new Table(name, now.buildOrThrow());
  }

  private static Rule counted(LoadedRule rule) {
    return new Rule(
        rule.rule.header(),
        rule.rule.matches(),
        rule.rule.target(),
        new Counters(rule.packets, rule.bytes),
        rule.rule.line());
  }
}
