package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What the kernel checks of rules that packets can reach ({@code mark_source_chains()}): jumps must
 * not run in a circle, and matches and targets must be allowed at the hook.
 */
final class Reachability {

  private final Table table;
  private final Hook hook;
  private final Set<String> onTheWay = new LinkedHashSet<>();
  private final Set<String> visited = new LinkedHashSet<>();

  private Reachability(Table table, Hook hook) {
    this.table = table;
    this.hook = hook;
  }

  /**
   * Checks the whole table.
   *
   * @throws RulesetException at the first rule that breaks a condition
   */
  static void check(Table table) {
    for (Hook hook : table.name().hooks()) {
      new Reachability(table, hook).visit(table.chain(hook));
    }
  }

  private void visit(Chain chain) {
    if (!visited.add(chain.name())) {
      return;
    }
    onTheWay.add(chain.name());
    ImmutableList<Rule> rules = chain.rules();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      checkHook(rule, chain.name());
      if (rule.target() instanceof JumpTarget jump) {
        jump(rule, jump.chain());
      } else if (rule.isUnconditional() && rule.target() instanceof StandardTarget) {
        break;
      }
    }
    onTheWay.remove(chain.name());
  }

  private void jump(Rule rule, String name) {
    Chain chain = table.chains().get(name);
    if (chain == null) {
      throw new RulesetException(
          rule.line(), "no chain of table " + table.name() + " is named " + name);
    }
    if (onTheWay.contains(name)) {
      throw new RulesetException(
          rule.line(),
          "Too many levels of symbolic links: the jump to " + name + " runs in a circle");
    }
    visit(chain);
  }

  private void checkHook(Rule rule, String chain) {
    boolean allowed = rule.target().allowedAt(hook);
    for (Match match : rule.matches()) {
      allowed &= match.allowedAt(hook);
    }
    if (!allowed) {
      throw new RulesetException(
          rule.line(),
          "Invalid argument: '-A " + chain + rule.text() + "' cannot be used at " + hook);
    }
  }
}
