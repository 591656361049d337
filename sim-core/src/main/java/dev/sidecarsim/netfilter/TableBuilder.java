package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A table while its lines are read: what the commands of iptables change. */
final class TableBuilder {

  /** XT_EXTENSION_MAXNAMELEN of the kernel, less one. */
  private static final int NAME_LENGTH = 28;

  private final Family family;
  private final TableName name;
  private final Options.SetLookup sets;
  private final boolean dump;
  private final BiConsumer<Integer, String> remarks;
  private final Map<String, Building> builtIn = new LinkedHashMap<>();
  private final Map<String, Building> user = new TreeMap<>();

  private static final class Building {
    @Nullable StandardTarget policy;
    Counters counters = Counters.ZERO;
    boolean declared;
    final List<Rule> rules = new ArrayList<>();

    Chain build(String name) {
      return new Chain(name, policy, counters, declared, ImmutableList.copyOf(rules));
    }
  }

  TableBuilder(
      Family family,
      TableName name,
      Options.SetLookup sets,
      boolean dump,
      BiConsumer<Integer, String> remarks) {
    this.family = family;
    this.name = name;
    this.sets = sets;
    this.dump = dump;
    this.remarks = remarks;
    for (Hook hook : name.hooks()) {
      Building chain = new Building();
      chain.policy = StandardTarget.ACCEPT;
      builtIn.put(hook.name(), chain);
    }
  }

  Family family() {
    return family;
  }

  TableName name() {
    return name;
  }

  Options.SetLookup sets() {
    return sets;
  }

  boolean isDump() {
    return dump;
  }

  void remark(int line, String text) {
    remarks.accept(line, text);
  }

  boolean has(String chain) {
    return builtIn.containsKey(chain) || user.containsKey(chain);
  }

  boolean isBuiltIn(String chain) {
    return builtIn.containsKey(chain);
  }

  private Building need(String chain) {
    Building found = builtIn.get(chain);
    if (found == null) {
      found = user.get(chain);
    }
    if (found == null) {
      throw new BadRule(
          "No chain/target/match by that name: table " + name + " has no chain " + chain);
    }
    return found;
  }

  /** A line {@code :CHAIN POLICY [packets:bytes]}. */
  void declare(String chain, String policy, Counters counters) {
    if (!has(chain)) {
      create(chain);
    }
    Building declared = need(chain);
    declared.declared = true;
    if (!policy.equals("-")) {
      setPolicy(chain, policy);
      declared.counters = counters;
    }
  }

  void create(String chain) {
    if (has(chain)) {
      throw new BadRule("Chain already exists: " + chain);
    }
    if (chain.isEmpty() || chain.length() > NAME_LENGTH) {
      throw new BadRule("chain name `" + chain + "' too long (must be under 29 chars)");
    }
    if (chain.startsWith("-") || chain.startsWith("!") || chain.indexOf(' ') >= 0) {
      throw new BadRule("Invalid chain name `" + chain + "'");
    }
    if (Extensions.isTarget(chain)) {
      throw new BadRule("chain name `" + chain + "' may not clash with a target's name");
    }
    Building made = new Building();
    made.declared = true;
    user.put(chain, made);
  }

  void setPolicy(String chain, String policy) {
    Building found = builtIn.get(chain);
    if (found == null) {
      need(chain);
      throw new BadRule("Bad built-in chain name: " + chain + " has no policy");
    }
    found.policy =
        switch (policy) {
          case "ACCEPT" -> StandardTarget.ACCEPT;
          case "DROP" -> StandardTarget.DROP;
          default ->
              throw new BadRule("Bad policy name " + policy + "; a policy is ACCEPT or DROP");
        };
    found.declared = true;
  }

  void append(String chain, List<Rule> rules) {
    need(chain).rules.addAll(rules);
  }

  void insert(String chain, int number, List<Rule> rules) {
    List<Rule> old = need(chain).rules;
    if (number < 1 || number > old.size() + 1) {
      throw new BadRule("Index of insertion too big: " + chain + " has " + old.size() + " rules");
    }
    old.addAll(number - 1, rules);
  }

  void replace(String chain, int number, List<Rule> rules) {
    List<Rule> old = need(chain).rules;
    if (number < 1 || number > old.size()) {
      throw new BadRule("Index of replacement too big: " + chain + " has " + old.size() + " rules");
    }
    if (rules.size() != 1) {
      throw new BadRule("Replacing with multiple addresses is not allowed");
    }
    old.set(number - 1, rules.get(0));
  }

  void delete(String chain, int number) {
    List<Rule> old = need(chain).rules;
    if (number < 1 || number > old.size()) {
      throw new BadRule("Index of deletion too big: " + chain + " has " + old.size() + " rules");
    }
    old.remove(number - 1);
  }

  void delete(String chain, List<Rule> rules) {
    List<Rule> old = need(chain).rules;
    for (Rule rule : rules) {
      int index = indexOf(old, rule);
      if (index < 0) {
        throw new BadRule(
            "Bad rule (does a matching rule exist in that chain?): " + chain + rule.text());
      }
      old.remove(index);
    }
  }

  private static int indexOf(List<Rule> rules, Rule wanted) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).text().equals(wanted.text())) {
        return i;
      }
    }
    return -1;
  }

  /** Empties a chain, or all of them. */
  void flush(@Nullable String chain) {
    if (chain != null) {
      need(chain).rules.clear();
      return;
    }
    builtIn.values().forEach(c -> c.rules.clear());
    user.values().forEach(c -> c.rules.clear());
  }

  /** Removes an empty user chain that no rule jumps to, or all user chains. */
  void remove(@Nullable String chain) {
    if (chain == null) {
      List.copyOf(user.keySet()).forEach(this::remove);
      return;
    }
    Building found = need(chain);
    if (isBuiltIn(chain)) {
      throw new BadRule("the built-in chain " + chain + " cannot be removed");
    }
    if (!found.rules.isEmpty()) {
      throw new BadRule("Directory not empty: chain " + chain + " has rules");
    }
    if (isJumpedTo(chain)) {
      throw new BadRule("Too many links: a rule jumps to chain " + chain);
    }
    user.remove(chain);
  }

  private boolean isJumpedTo(String chain) {
    for (Map<String, Building> chains : List.of(builtIn, user)) {
      for (Building building : chains.values()) {
        for (Rule rule : building.rules) {
          if (rule.target() instanceof JumpTarget jump && jump.chain().equals(chain)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** The finished table; user chains are sorted by name, as the legacy tool keeps them. */
  Table build() {
    ImmutableMap.Builder<String, Chain> chains = ImmutableMap.builder();
    builtIn.forEach((chain, building) -> chains.put(chain, building.build(chain)));
    user.forEach((chain, building) -> chains.put(chain, building.build(chain)));
    return new Table(name, chains.buildOrThrow());
  }
}
