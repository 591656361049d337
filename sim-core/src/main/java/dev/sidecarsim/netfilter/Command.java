package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a line asks for, such as {@code -I INPUT 2}.
 *
 * @param option which command
 * @param chain the chain's name, or null for all
 * @param number a rule's number, or 0 for none
 * @param word a policy or a new name
 */
record Command(BasicOption option, @Nullable String chain, int number, String word) {

  /** Reads the arguments of a command, of which the first may be joined to it. */
  static Command read(BasicOption option, @Nullable String joined, Words words) {
    String chain = joined != null ? joined : words.hasArgument() ? words.next() : null;
    return switch (option) {
      case REPLACE -> new Command(option, chain, number(words.argument("-R")), "");
      case INSERT, DELETE, ZERO, LIST, LIST_RULES ->
          new Command(option, chain, words.hasArgument() ? number(words.next()) : 0, "");
      case RENAME_CHAIN, POLICY ->
          new Command(option, chain, 0, words.hasArgument() ? words.next() : missing(option));
      default -> new Command(option, chain, 0, "");
    };
  }

  private static String missing(BasicOption option) {
    throw new BadRule(
        option + " requires a chain and a " + (option == BasicOption.POLICY ? "policy" : "name"));
  }

  private static int number(String word) {
    String digits = word.startsWith("+") ? word.substring(1) : word;
    return (int) Numbers.parse("a rule's number", "", digits, 1, Integer.MAX_VALUE);
  }

  /** Refuses options that say nothing to this command. */
  void check(Set<BasicOption> given) {
    for (BasicOption option : given) {
      boolean fits =
          switch (option) {
            case COUNTERS -> takesCounters();
            case NUMERIC, EXACT, LINE_NUMBERS -> this.option == BasicOption.LIST;
            default -> !option.describesRule() || takesRule();
          };
      if (!fits) {
        throw new BadRule("Illegal option `" + option + "' with this command");
      }
    }
  }

  private boolean takesRule() {
    return EnumSet.of(
                BasicOption.APPEND, BasicOption.INSERT, BasicOption.REPLACE, BasicOption.CHECK)
            .contains(option)
        || (option == BasicOption.DELETE && number == 0);
  }

  private boolean onlyAsks() {
    return EnumSet.of(BasicOption.CHECK, BasicOption.LIST, BasicOption.LIST_RULES).contains(option);
  }

  private boolean takesCounters() {
    return EnumSet.of(
            BasicOption.APPEND, BasicOption.INSERT, BasicOption.REPLACE, BasicOption.POLICY)
        .contains(option);
  }

  /** Changes the table. */
  void run(TableBuilder table, RuleDraft draft) {
    if (!onlyAsks()) {
      table.touch();
    }
    ImmutableList<RuleDraft.Made> rules =
        takesRule() && chain != null ? draft.rules(chain) : ImmutableList.of();
    if (chain == null) {
      runOnAll(table);
      return;
    }
    switch (option) {
      case APPEND -> table.append(chain, rules);
      case INSERT -> table.insert(chain, Math.max(1, number), rules);
      case REPLACE -> table.replace(chain, number, rules);
      case DELETE -> {
        if (number > 0) {
          table.delete(chain, number);
        } else {
          table.delete(chain, rules);
        }
      }
      case CHECK -> table.check(chain, rules);
      case NEW_CHAIN -> table.create(chain);
      case DELETE_CHAIN -> table.remove(chain);
      case RENAME_CHAIN -> table.rename(chain, word);
      case FLUSH -> table.flush(chain);
      case ZERO -> table.zero(chain, number);
      case POLICY -> {
        if (table.name() == TableName.NAT && word.equals("DROP")) {
          throw new BadRule(RuleDraft.NAT_DROP);
        }
        table.setPolicy(chain, word, draft.counters());
      }
      default -> table.needChain(chain);
    }
  }

  private void runOnAll(TableBuilder table) {
    switch (option) {
      case FLUSH -> table.flush();
      case DELETE_CHAIN -> table.removeAll();
      case ZERO -> table.zero();
      default -> {}
    }
  }
}
