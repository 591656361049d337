package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.classify.CrossTable;
import dev.sidecarsim.trace.Tracer;
import java.util.Arrays;
import java.util.Optional;

/**
 * One table at one hook, for who asks about very many packets: each is written once as a key of
 * {@link CrossTable#WORDS} words, and a key leads to the number of its path without an object being
 * made.
 *
 * <pre>{@code
 * CompiledTable table = netfilter.compiled(Family.IPV4, TableName.NAT, Hook.OUTPUT, 100_000).get();
 * table.write(skb, words, 0);
 * int path = PathIndexes.best(table.table()).find(words, 0);
 * table.rules(path);
 * }</pre>
 */
public final class CompiledTable {

  private final TableProgram program;
  private final LoadedTable table;
  private final Hook hook;
  private final Walk walk;

  CompiledTable(TableProgram program, LoadedTable table, Hook hook, Walk walk) {
    this.program = program;
    this.table = table;
    this.hook = hook;
    this.walk = walk;
  }

  /** Paths by the intervals of a key's words; other forms can be made of it. */
  public CrossTable table() {
    return program.table();
  }

  /** Writes a packet's key. */
  public void write(Skb skb, int[] words, int at) {
    Arrays.fill(words, at, at + CrossTable.WORDS, 0);
    program.keys().write(skb, words, at);
  }

  /** How many paths there are. */
  public int paths() {
    return program.paths();
  }

  /** The rules that packets of a path meet, in their order. */
  public ImmutableList<Rule> rules(int path) {
    ImmutableList.Builder<Rule> rules = ImmutableList.builder();
    Path found = program.path(path);
    for (int i = 0; i < found.size(); i++) {
      rules.add(found.rule(i).rule);
    }
    return rules.build();
  }

  /**
   * The rule that ends a path; empty if the policy does, or a rule that the packet must be asked.
   */
  public Optional<Rule> decidedBy(int path) {
    Path found = program.path(path);
    return found.end() == Path.End.RULE
        ? Optional.of(found.rule(found.size() - 1).rule)
        : Optional.empty();
  }

  /** Whether a key says all: rules with limits, sets and the like must be asked of the packet. */
  public boolean isClosed(int path) {
    return program.path(path).end() != Path.End.OPEN;
  }

  /** Walks the rules with a packet, which they may change, and looks nothing up. */
  public Verdict walk(Skb skb) {
    if (skb.hook != hook) {
      skb.hook = hook;
    }
    return walk.runPlainly(table, hook, skb);
  }

  /** The rules that a packet meets by {@link #walk}. */
  public ImmutableList<Rule> walked(Skb skb) {
    ImmutableList.Builder<Rule> rules = ImmutableList.builder();
    skb.tracer = new RuleTracer(rules::add);
    walk(skb);
    skb.tracer = Tracer.OFF;
    return rules.build();
  }
}
