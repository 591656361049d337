package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects rules, and writes the commands that make their tables, chains and themselves. */
final class NftScript {

  private static final int APPENDED = -1;

  /**
   * @param index of the rule before which it is to stand, or {@link #APPENDED}
   */
  private record Rule(String table, String chain, int index, String text) {}

  private final ImmutableList<NftTable> tables;
  private final boolean unusedChains;
  private final boolean counts;
  private final boolean appendsPastTheEnd;
  private final List<Rule> rules = new ArrayList<>();

  /**
   * @param tables in the order in which they are made, if they have rules
   * @param unusedChains whether chains without rules are made, too
   */
  NftScript(ImmutableList<NftTable> tables, boolean unusedChains, RulePreset preset) {
    this.tables = tables;
    this.unusedChains = unusedChains;
    this.counts = preset.has(RuleChange.NFT_COUNTERS);
    this.appendsPastTheEnd = preset.has(RuleChange.NFT_TPROXY_MENDED);
  }

  /** Adds a rule that counts, in versions that count. */
  void append(String table, String chain, String match, String statement) {
    rules.add(new Rule(table, chain, APPENDED, counted(match, statement)));
  }

  /** Adds a rule that never counts. */
  void appendPlain(String table, String chain, String text) {
    rules.add(new Rule(table, chain, APPENDED, text));
  }

  void insert(String table, String chain, int index, String match, String statement) {
    rules.add(new Rule(table, chain, index, counted(match, statement)));
  }

  private String counted(String match, String statement) {
    String counter = counts ? "counter " : "";
    return match + (match.isEmpty() ? "" : " ") + counter + statement;
  }

  NftRules rules() {
    ImmutableMap.Builder<String, ImmutableList<String>> all = ImmutableMap.builder();
    for (NftTable table : tables) {
      List<Rule> own = rules.stream().filter(rule -> rule.table.equals(table.name())).toList();
      if (!own.isEmpty()) {
        all.put(table.name(), commands(table, own));
      }
    }
    return new NftRules(all.buildOrThrow());
  }

  private ImmutableList<String> commands(NftTable table, List<Rule> own) {
    String name = "inet " + table.name();
    ImmutableList.Builder<String> commands = ImmutableList.builder();
    commands.add("add table " + name, "flush table " + name);
    for (NftTable.Chain chain : table.chains()) {
      if (unusedChains || own.stream().anyMatch(rule -> rule.chain.equals(chain.name()))) {
        String hook = chain.hook().isEmpty() ? "" : " { " + chain.hook() + " ; }";
        commands.add("add chain " + name + " " + chain.name() + hook);
      }
    }
    Map<String, Integer> lengths = new HashMap<>();
    for (Rule rule : own) {
      int length = lengths.merge(rule.chain, 1, Integer::sum) - 1;
      String place = name + " " + rule.chain + " ";
      commands.add(
          inserts(rule, length)
              ? "insert rule " + place + "index " + rule.index + " " + rule.text
              : "add rule " + place + rule.text);
    }
    return commands.build();
  }

  /** Nothing can be inserted before a rule that is not there. */
  private boolean inserts(Rule rule, int length) {
    return rule.index != APPENDED && length > 0 && (rule.index < length || !appendsPastTheEnd);
  }
}
