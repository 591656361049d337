package dev.sidecarsim.istio.rules;

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
    private final Set<String> jumpedTo = new LinkedHashSet<>();
    private final List<String> rules = new ArrayList<>();
  }

  private final Map<String, Table> tables = new TreeMap<>();
  private final RulePreset preset;
  private final boolean logs;

  RuleScript(RulePreset preset, boolean logs) {
    this.preset = preset;
    this.logs = logs;
  }

  void append(String table, String chain, String rule) {
    add(table, chain, "-A " + chain, rule);
  }

  void insert(String table, String chain, int position, String rule) {
    add(table, chain, "-I " + chain + " " + position, rule);
  }

  /** Appends a rule behind one that logs the same packets, if logging is on. */
  void append(String event, String table, String chain, String rule) {
    if (logs) {
      append(table, chain, logging(event, rule));
    }
    append(table, chain, rule);
  }

  /** Inserts a rule; the one that logs comes later and so stands before it. */
  void insert(String event, String table, String chain, int position, String rule) {
    insert(table, chain, position, rule);
    if (logs) {
      insert(table, chain, position, logging(event, rule));
    }
  }

  /** The log target of tools/istio-iptables: group 1337, twenty bytes of each packet. */
  private String logging(String event, String rule) {
    String match = rule.substring(0, rule.indexOf("-j "));
    String prefix = preset.has(RuleChange.BARE_LOG_PREFIX) ? event : '"' + event + '"';
    return match + "-j NFLOG --nflog-prefix " + prefix + " --nflog-group 1337 --nflog-size 20";
  }

  private void add(String name, String chain, String command, String rule) {
    Table table = tables.computeIfAbsent(name, unused -> new Table());
    if (chain.startsWith(OWN_PREFIX)) {
      table.chains.add(chain);
    }
    int target = rule.indexOf("-j " + OWN_PREFIX);
    if (target >= 0 && preset.has(RuleChange.ONLY_OWN_CHAINS)) {
      table.jumpedTo.add(rule.substring(target + "-j ".length()));
    }
    table.rules.add(command + " " + rule);
  }

  /** The commands of each table that has any, tables by name. */
  ImmutableMap<String, ImmutableList<String>> tables() {
    ImmutableMap.Builder<String, ImmutableList<String>> all = ImmutableMap.builder();
    tables.forEach(
        (name, table) -> {
          Set<String> chains = new LinkedHashSet<>(table.chains);
          chains.addAll(table.jumpedTo);
          ImmutableList.Builder<String> commands = ImmutableList.builder();
          chains.forEach(chain -> commands.add("-N " + chain));
          all.put(name, commands.addAll(table.rules).build());
        });
    return all.buildOrThrow();
  }
}
