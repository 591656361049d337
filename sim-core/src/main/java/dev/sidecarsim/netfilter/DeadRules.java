package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds rules that no packet can ever meet. */
public final class DeadRules {

  private DeadRules() {}

  /**
   * Rules in chains that no built-in chain leads to, and rules behind another one of their chain
   * that catches all their packets. Each is named with its place and the reason.
   */
  public static ImmutableList<String> of(Ruleset ruleset) {
    ImmutableList.Builder<String> dead = ImmutableList.builder();
    for (Table table : ruleset.tables().values()) {
      Set<String> reached = new LinkedHashSet<>();
      table.name().hooks().forEach(hook -> reach(table, hook.name(), reached));
      for (Chain chain : table.chains().values()) {
        List<Rule> rules = chain.rules();
        for (int i = 0; i < rules.size(); i++) {
          String reason =
              reached.contains(chain.name()) ? covered(rules, i) : "nothing leads to its chain";
          if (!reason.isEmpty()) {
            dead.add(
                table.name()
                    + ":"
                    + chain.name()
                    + ":"
                    + (i + 1)
                    + " "
                    + reason
                    + ": -A "
                    + chain.name()
                    + rules.get(i).text());
          }
        }
      }
    }
    return dead.build();
  }

  private static void reach(Table table, String name, Set<String> reached) {
    Chain chain = table.chains().get(name);
    if (chain == null || !reached.add(name)) {
      return;
    }
    for (int i = 0; i < chain.rules().size(); i++) {
      Rule rule = chain.rules().get(i);
      if (rule.target() instanceof JumpTarget jump && covered(chain.rules(), i).isEmpty()) {
        reach(table, jump.chain(), reached);
      }
    }
  }

  /** The rule before it that lets none of its packets pass, in words; empty if there is none. */
  private static String covered(List<Rule> rules, int index) {
    Header wanted = rules.get(index).header();
    for (int i = 0; i < index; i++) {
      Rule before = rules.get(i);
      boolean ends =
          before.target() instanceof StandardTarget || before.target() instanceof RejectTarget;
      if (ends
          && before.matches().stream().allMatch(CommentMatch.class::isInstance)
          && before.header().covers(wanted)) {
        return "stands behind rule " + (i + 1) + ", which takes all its packets";
      }
    }
    return "";
  }
}
