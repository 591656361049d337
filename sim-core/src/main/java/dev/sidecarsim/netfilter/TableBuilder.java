package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A table while its lines are read: what the commands of iptables change. */
final class TableBuilder {

  /** XT_EXTENSION_MAXNAMELEN of the kernel, less one. */
  static final int NAME_LENGTH = 28;

  private final Family family;
  private final TableName name;
  private final Options.SetLookup sets;
  private final boolean dump;
  private final BiConsumer<Integer, String> remarks;
  private final Map<String, ChainBuilder> builtIn = new LinkedHashMap<>();
  private final Map<String, ChainBuilder> user = new TreeMap<>();
  private boolean continues;
  private boolean touched;

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
      ChainBuilder chain = new ChainBuilder();
      chain.policy = StandardTarget.ACCEPT;
      builtIn.put(hook.name(), chain);
    }
  }

  /** A table that is loaded anew keeps the policies that the new text does not name. */
  void inherit(Table before) {
    for (Hook hook : name.hooks()) {
      need(hook.name()).policy = before.chain(hook).policy();
    }
  }

  /** Begins with what the table holds; a chain that is declared again is emptied. */
  void continueFrom(Table before) {
    continues = true;
    before
        .chains()
        .forEach((chain, old) -> (isBuiltIn(chain) ? need(chain) : made(chain)).fill(old));
  }

  /** Notes that something has changed it, be it to what it was. */
  void touch() {
    touched = true;
  }

  /** Whether there is anything to load. */
  boolean isTouched() {
    return touched || !continues;
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

  void needChain(String chain) {
    need(chain);
  }

  private ChainBuilder need(String chain) {
    ChainBuilder found = builtIn.get(chain);
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
    if (chain.length() > NAME_LENGTH) {
      throw new BadRule("Invalid chain name `" + chain + "' (" + NAME_LENGTH + " chars max)");
    }
    if (continues && user.containsKey(chain)) {
      flush(chain);
    } else if (!builtIn.containsKey(chain)) {
      add(chain);
    }
    touch();
    need(chain).declared = true;
    if (!policy.equals("-")) {
      setPolicy(chain, policy, counters);
    }
  }

  /** {@code -N}, which is stricter about names than a declaration. */
  void create(String chain) {
    if (chain.isEmpty() || chain.length() > NAME_LENGTH) {
      throw new BadRule("chain name `" + chain + "' too long (must be under 29 chars)");
    }
    if (chain.startsWith("-") || chain.startsWith("!") || Words.hasBlank(chain)) {
      throw new BadRule("Invalid chain name `" + chain + "'");
    }
    if (Extensions.isTarget(chain, family)) {
      throw new BadRule("chain name `" + chain + "' may not clash with a target's name");
    }
    add(chain);
  }

  private void add(String chain) {
    if (has(chain) || StandardTarget.of(chain) != null || chain.equals("QUEUE")) {
      throw new BadRule("Chain already exists: " + chain);
    }
    made(chain).declared = true;
  }

  private ChainBuilder made(String chain) {
    ChainBuilder made = new ChainBuilder();
    user.put(chain, made);
    return made;
  }

  void rename(String from, String to) {
    ChainBuilder found = need(from);
    if (isBuiltIn(from)) {
      throw new BadRule("the built-in chain " + from + " cannot be renamed");
    }
    add(to);
    user.remove(from);
    user.put(to, found);
    all().forEach(chain -> chain.rules.replaceAll(made -> renamed(made, from, to)));
  }

  private static RuleDraft.Made renamed(RuleDraft.Made made, String from, String to) {
    Rule rule = made.rule();
    return rule.target() instanceof JumpTarget jump && jump.chain().equals(from)
        ? made.with(rule.withTarget(new JumpTarget(to, jump.goTo())))
        : made;
  }

  void setPolicy(String chain, String policy, Counters counters) {
    ChainBuilder found = builtIn.get(chain);
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
    found.counters = counters;
    found.declared = true;
  }

  void append(String chain, List<RuleDraft.Made> rules) {
    need(chain).rules.addAll(rules);
  }

  /** Each at the same place, so that of several the last comes first. */
  void insert(String chain, int number, List<RuleDraft.Made> rules) {
    List<RuleDraft.Made> old = need(chain).rules;
    if (number > old.size() + 1) {
      throw new BadRule("Index of insertion too big: " + chain + " has " + old.size() + " rules");
    }
    rules.forEach(rule -> old.add(number - 1, rule));
  }

  void replace(String chain, int number, List<RuleDraft.Made> rules) {
    List<RuleDraft.Made> old = need(chain).rules;
    if (rules.size() != 1) {
      throw new BadRule("Replacing with multiple addresses is not allowed");
    }
    old.set(index(chain, number, "replacement"), rules.get(0));
  }

  void delete(String chain, int number) {
    need(chain).rules.remove(index(chain, number, "deletion"));
  }

  private int index(String chain, int number, String what) {
    int size = need(chain).rules.size();
    if (number > size) {
      throw new BadRule("Index of " + what + " too big: " + chain + " has " + size + " rules");
    }
    return number - 1;
  }

  void delete(String chain, List<RuleDraft.Made> rules) {
    rules.forEach(rule -> need(chain).rules.remove(find(chain, rule.rule())));
  }

  void check(String chain, List<RuleDraft.Made> rules) {
    rules.forEach(rule -> find(chain, rule.rule()));
  }

  private int find(String chain, Rule wanted) {
    List<RuleDraft.Made> rules = need(chain).rules;
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).rule().text().equals(wanted.text())) {
        return i;
      }
    }
    throw new BadRule(
        "Bad rule (does a matching rule exist in that chain?): " + chain + wanted.text());
  }

  void flush(String chain) {
    need(chain).rules.clear();
  }

  void flush() {
    all().forEach(chain -> chain.rules.clear());
  }

  /** Sets the counters of a chain, or of one of its rules, to nothing. */
  void zero(String chain, int number) {
    ChainBuilder found = need(chain);
    if (number == 0) {
      found.zero();
    } else {
      found.zero(index(chain, number, "zeroing"));
    }
  }

  void zero() {
    all().forEach(ChainBuilder::zero);
  }

  /** Removes an empty user chain that no rule jumps to. */
  void remove(String chain) {
    ChainBuilder found = need(chain);
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

  void removeAll() {
    List.copyOf(user.keySet()).forEach(this::remove);
  }

  private boolean isJumpedTo(String chain) {
    return all().stream()
        .flatMap(building -> building.rules.stream())
        .anyMatch(made -> made.rule().target() instanceof JumpTarget j && j.chain().equals(chain));
  }

  private List<ChainBuilder> all() {
    List<ChainBuilder> all = new ArrayList<>(builtIn.values());
    all.addAll(user.values());
    return all;
  }

  /** The finished table; user chains are sorted by name, as the legacy tool keeps them. */
  Table build() {
    ImmutableMap.Builder<String, Chain> chains = ImmutableMap.builder();
    builtIn.forEach((chain, building) -> chains.put(chain, building.build(chain)));
    user.forEach((chain, building) -> chains.put(chain, building.build(chain)));
    return new Table(name, chains.buildOrThrow());
  }
}
