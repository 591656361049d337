package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds rules of a table that no packet can ever meet. */
public final class DeadRules {

  /** What stays as it is while a packet walks through a table. */
  private static final int FIXED =
      KeyWord.SOURCE.bit()
          | KeyWord.DESTINATION.bit()
          | KeyWord.PROTOCOL.bit()
          | KeyWord.SOURCE_PORT.bit()
          | KeyWord.DESTINATION_PORT.bit()
          | KeyWord.TCP_FLAGS.bit()
          | KeyWord.ICMP.bit()
          | KeyWord.UID.bit()
          | KeyWord.GID.bit();

  private final Table table;
  private final Set<String> reached = new LinkedHashSet<>();

  private DeadRules(Table table) {
    this.table = table;
    table.name().hooks().forEach(hook -> reach(hook.name()));
  }

  /**
   * Rules in chains that no built-in chain leads to, rules behind another one of their chain that
   * takes all their packets, and rules that ask for what no packet has. Each is named with its
   * place and the reason. There may be more: what is named is sure, not complete.
   */
  public static ImmutableList<String> of(Ruleset ruleset) {
    ImmutableList.Builder<String> dead = ImmutableList.builder();
    for (Table table : ruleset.tables().values()) {
      DeadRules found = new DeadRules(table);
      table.chains().values().forEach(chain -> found.addTo(dead, chain));
    }
    return dead.build();
  }

  private void addTo(ImmutableList.Builder<String> dead, Chain chain) {
    for (int i = 0; i < chain.rules().size(); i++) {
      String reason =
          reached.contains(chain.name()) ? reason(chain.rules(), i) : "nothing leads to its chain";
      if (!reason.isEmpty()) {
        String text = "-A " + chain.name() + chain.rules().get(i).text();
        dead.add(table.name() + ":" + chain.name() + ":" + (i + 1) + " " + reason + ": " + text);
      }
    }
  }

  private void reach(String name) {
    Chain chain = table.chains().get(name);
    if (chain == null || !reached.add(name)) {
      return;
    }
    for (int i = 0; i < chain.rules().size(); i++) {
      if (chain.rules().get(i).target() instanceof JumpTarget jump
          && reason(chain.rules(), i).isEmpty()) {
        reach(jump.chain());
      }
    }
  }

  /** Why no packet of its chain meets a rule; empty if some may. */
  private String reason(List<Rule> rules, int index) {
    Rule wanted = rules.get(index);
    if (wanted.header().isImpossible()) {
      return "asks for what no packet has";
    }
    for (int i = 0; i < index; i++) {
      if (endsChain(rules.get(i).target()) && covers(rules.get(i), wanted)) {
        return "stands behind rule " + (i + 1) + ", which takes all its packets";
      }
    }
    return "";
  }

  /** Whether no packet that meets a rule with the target sees the next rule of its chain. */
  private boolean endsChain(Target target) {
    return target instanceof JumpTarget jump
        ? jump.goTo() || neverReturns(jump.chain(), new LinkedHashSet<>())
        : endsWalk(target) || target.equals(StandardTarget.RETURN);
  }

  private static boolean endsWalk(Target target) {
    return target.ends()
        && !(target instanceof UnknownTarget)
        && !target.equals(StandardTarget.RETURN);
  }

  /** Whether the walk of every packet ends in a chain, or in those that it leads to. */
  private boolean neverReturns(String name, Set<String> asked) {
    Chain chain = table.chains().get(name);
    if (chain == null || !asked.add(name)) {
      return false;
    }
    for (Rule rule : chain.rules()) {
      Target target = rule.target();
      boolean onward = target instanceof JumpTarget jump && neverReturns(jump.chain(), asked);
      if (isForAll(rule) && (endsWalk(target) || onward)) {
        return true;
      }
      boolean leaves = target instanceof JumpTarget jump && jump.goTo() && !onward;
      if (leaves || target.equals(StandardTarget.RETURN)) {
        return false;
      }
    }
    return false;
  }

  private static boolean isForAll(Rule rule) {
    return rule.header().isEmpty()
        && rule.matches().stream().allMatch(CommentMatch.class::isInstance);
  }

  /** Whether every packet that meets one rule meets the one before it. */
  private boolean covers(Rule before, Rule wanted) {
    return before.header().covers(wanted.header())
        && before.matches().stream()
            .allMatch(
                match ->
                    match instanceof CommentMatch
                        || (isFixed(match) && wanted.matches().contains(match)));
  }

  private boolean isFixed(Match match) {
    int state = table.name() == TableName.RAW ? 0 : KeyWord.CONNECTION_STATE.bit();
    return (match.reads() & ~(FIXED | state)) == 0 && !match.hasMemory();
  }
}
