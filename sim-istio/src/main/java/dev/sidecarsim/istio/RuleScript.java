package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The commands for one IP family, table by table: a chain is made before its first rule. */
final class RuleScript {

  private static final String OWN_PREFIX = "ISTIO_";

  private static final class Table {
    private final Set<String> chains = new LinkedHashSet<>();
    private final List<String> rules = new ArrayList<>();
  }

  private final Map<String, Table> tables = new TreeMap<>();

  void append(String table, String chain, String rule) {
    add(table, chain, "-A " + chain + " " + rule);
  }

  void insert(String table, String chain, int position, String rule) {
    add(table, chain, "-I " + chain + " " + position + " " + rule);
  }

  private void add(String name, String chain, String command) {
    Table table = tables.computeIfAbsent(name, unused -> new Table());
    if (chain.startsWith(OWN_PREFIX)) {
      table.chains.add(chain);
    }
    table.rules.add(command);
  }

  /** The commands of each table that has any, tables by name. */
  ImmutableMap<String, ImmutableList<String>> tables() {
    ImmutableMap.Builder<String, ImmutableList<String>> all = ImmutableMap.builder();
    tables.forEach(
        (name, table) -> {
          ImmutableList.Builder<String> commands = ImmutableList.builder();
          table.chains.forEach(chain -> commands.add("-N " + chain));
          all.put(name, commands.addAll(table.rules).build());
        });
    return all.buildOrThrow();
  }
}
