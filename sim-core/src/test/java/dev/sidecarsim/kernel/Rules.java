package dev.sidecarsim.kernel;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A case's own rules: for {@code table:CHAIN} the texts behind {@code -A CHAIN}. Every table and
 * built-in chain is declared, so that what was loaded before goes.
 */
record Rules(
    boolean v6,
    ImmutableMap<String, ImmutableList<String>> chains,
    ImmutableMap<String, String> policies) {

  static final ImmutableMap<String, ImmutableList<String>> BUILT_IN =
      ImmutableMap.of(
          "raw", ImmutableList.of("PREROUTING", "OUTPUT"),
          "mangle", ImmutableList.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
          "nat", ImmutableList.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
          "filter", ImmutableList.of("INPUT", "FORWARD", "OUTPUT"),
          "security", ImmutableList.of("INPUT", "FORWARD", "OUTPUT"));

  static Rules none(boolean v6) {
    return new Rules(v6, ImmutableMap.of(), ImmutableMap.of());
  }

  /** Reads the text of iptables-save. */
  static Rules of(String text) {
    Map<String, List<String>> chains = new LinkedHashMap<>();
    Map<String, String> policies = new LinkedHashMap<>();
    String table = "";
    for (String line : Splitter.on('\n').split(text)) {
      List<String> words = Splitter.on(' ').limit(3).splitToList(line);
      if (line.startsWith("*")) {
        table = line.substring(1);
      } else if (line.startsWith(":")) {
        String chain = table + words.get(0);
        chains.put(chain, new ArrayList<>());
        if (words.get(1).equals("DROP")) {
          policies.put(chain, "DROP");
        }
      } else if (line.startsWith("-A")) {
        chains.get(table + ":" + words.get(1)).add(words.get(2));
      }
    }
    ImmutableMap.Builder<String, ImmutableList<String>> all = ImmutableMap.builder();
    chains.forEach((chain, rules) -> all.put(chain, ImmutableList.copyOf(rules)));
    return new Rules(false, all.buildOrThrow(), ImmutableMap.copyOf(policies));
  }

  /** The text that both the kernel and the model load. */
  String text() {
    StringBuilder out = new StringBuilder();
    BUILT_IN.forEach(
        (table, builtIn) -> {
          out.append('*').append(table).append('\n');
          for (String chain : builtIn) {
            String policy = policies.getOrDefault(table + ":" + chain, "ACCEPT");
            out.append(':').append(chain).append(' ').append(policy).append(" [0:0]\n");
          }
          all(table)
              .forEach(
                  (chain, rules) -> {
                    if (!builtIn.contains(chain)) {
                      out.append(':').append(chain).append(" - [0:0]\n");
                    }
                  });
          all(table)
              .forEach(
                  (chain, rules) ->
                      rules.forEach(
                          rule ->
                              out.append("-A ")
                                  .append(chain)
                                  .append(' ')
                                  .append(rule)
                                  .append('\n')));
          out.append("COMMIT\n");
        });
    return out.toString();
  }

  private Map<String, List<String>> all(String table) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String chain : BUILT_IN.get(table)) {
      all.put(chain, Prologue.of(table, chain, v6));
    }
    chains.forEach(
        (key, rules) -> {
          if (key.startsWith(table + ":")) {
            all.computeIfAbsent(key.substring(table.length() + 1), chain -> new ArrayList<>())
                .addAll(rules);
          }
        });
    return all;
  }

  /** How many rules a chain has. */
  int size(String table, String chain) {
    return all(table).getOrDefault(chain, List.of()).size();
  }

  /** The rule or policy that a line of a trace names. */
  String at(String place) {
    List<String> parts = Splitter.on(':').splitToList(place);
    if (parts.get(2).equals("policy")) {
      return "-j " + policies.getOrDefault(parts.get(0) + ":" + parts.get(1), "ACCEPT");
    }
    return all(parts.get(0)).get(parts.get(1)).get(Integer.parseInt(parts.get(2)) - 1);
  }

  /** The same with nothing in one chain. */
  Rules without(String key) {
    Map<String, ImmutableList<String>> fewer = new LinkedHashMap<>(chains);
    fewer.put(key, ImmutableList.of());
    return new Rules(v6, ImmutableMap.copyOf(fewer), policies);
  }

  /** The same without one rule. */
  Rules without(String key, int index) {
    Map<String, ImmutableList<String>> fewer = new LinkedHashMap<>(chains);
    List<String> rest = new ArrayList<>(chains.get(key));
    rest.remove(index);
    fewer.put(key, ImmutableList.copyOf(rest));
    return new Rules(v6, ImmutableMap.copyOf(fewer), policies);
  }

  Rules with(String key, int index, String rule) {
    Map<String, ImmutableList<String>> changed = new LinkedHashMap<>(chains);
    List<String> rest = new ArrayList<>(chains.get(key));
    rest.set(index, rule);
    changed.put(key, ImmutableList.copyOf(rest));
    return new Rules(v6, ImmutableMap.copyOf(changed), policies);
  }

  Rules withoutPolicies() {
    return new Rules(v6, chains, ImmutableMap.of());
  }
}
