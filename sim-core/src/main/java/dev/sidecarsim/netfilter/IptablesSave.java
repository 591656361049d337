package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and prints the format of iptables-save. */
final class IptablesSave {

  /** How strictly a text is read. */
  enum Mode {
    /** As iptables-restore reads it. */
    RESTORE,
    /** As people read it. */
    DUMP
  }

  private final Family family;
  private final Mode mode;
  private final Options.SetLookup sets;
  private final Map<TableName, Table> tables = new LinkedHashMap<>();
  private final ImmutableList.Builder<String> remarks = ImmutableList.builder();
  private @Nullable TableBuilder open;
  private @Nullable RulesetException refused;
  private int number;

  private IptablesSave(Family family, Mode mode, Options.SetLookup sets) {
    this.family = family;
    this.mode = mode;
    this.sets = sets;
  }

  /** What was read, and what stopped the reading. */
  record Result(Ruleset ruleset, @Nullable RulesetException refused) {}

  static Ruleset read(Family family, String text, Mode mode, Options.SetLookup sets) {
    Result result = readSome(family, text, mode, sets);
    if (result.refused() != null) {
      throw result.refused();
    }
    return result.ruleset();
  }

  /** Reads as far as the text is good: tables that were committed before a bad line hold. */
  static Result readSome(Family family, String text, Mode mode, Options.SetLookup sets) {
    IptablesSave reader = new IptablesSave(family, mode, sets);
    RulesetException refused = null;
    try {
      reader.lines(text);
    } catch (RulesetException e) {
      refused = e;
    }
    Ruleset read = new Ruleset(family, ImmutableMap.copyOf(reader.tables), reader.remarks.build());
    return new Result(read, refused);
  }

  private void lines(String text) {
    for (String line : Splitter.on('\n').split(text)) {
      number++;
      try {
        line(line);
      } catch (BadRule | KernelRefusal e) {
        throw new RulesetException(number, String.valueOf(e.getMessage()));
      }
    }
    if (open != null) {
      if (mode == Mode.RESTORE) {
        throw new RulesetException(
            number, "COMMIT expected: table " + open.name() + " is not closed");
      }
      remark(number, "table " + open.name() + " has no COMMIT");
      commit(open);
    }
  }

  private void line(String text) {
    String line = text;
    if (mode == Mode.DUMP && line.endsWith("\r")) {
      line = line.substring(0, line.length() - 1);
    }
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    TableBuilder table = open;
    if (table == null) {
      begin(line);
    } else if (line.equals("COMMIT")) {
      commit(table);
    } else if (line.startsWith(":")) {
      declare(table, line.substring(1));
    } else {
      command(table, line);
    }
  }

  private void begin(String line) {
    if (line.startsWith("*")) {
      String name = line.substring(1).strip();
      TableName table = TableName.of(name);
      if (table == null || !line.equals("*" + name)) {
        throw new BadRule(
            "no table is named '"
                + line.substring(1)
                + "'; tables are raw, mangle, nat, filter, security");
      }
      open = new TableBuilder(family, table, sets, mode == Mode.DUMP, this::remark);
      refused = null;
    } else if (mode == Mode.DUMP) {
      if (!line.isBlank()) {
        remark(number, "text outside of a table is passed over: " + line);
      }
    } else {
      throw new BadRule("'" + line + "' stands outside of a table; a table begins with *NAME");
    }
  }

  private void remark(int line, String text) {
    remarks.add("line " + line + ": " + text);
  }

  private void declare(TableBuilder table, String line) {
    Words words = Words.of(line);
    String chain = words.hasNext() ? words.next() : "";
    if (!words.hasNext()) {
      throw new BadRule("chain '" + chain + "' has no policy; write :" + chain + " - [0:0]");
    }
    String policy = words.next();
    table.declare(chain, policy, words.hasNext() ? counters(words.next()) : Counters.ZERO);
  }

  /** Reads {@code [packets:bytes]}. */
  private static Counters counters(String text) {
    int colon = text.indexOf(':');
    if (!text.startsWith("[") || !text.endsWith("]") || colon < 0) {
      throw new BadRule("counters are written [packets:bytes], not " + text);
    }
    try {
      return new Counters(
          Long.parseLong(text.substring(1, colon)),
          Long.parseLong(text.substring(colon + 1, text.length() - 1)));
    } catch (NumberFormatException e) {
      throw new BadRule("counters are written [packets:bytes], not " + text);
    }
  }

  private void command(TableBuilder table, String line) {
    Words words = Words.of(line);
    if (!words.hasNext()) {
      return;
    }
    Counters counters = words.peek().startsWith("[") ? counters(words.next()) : Counters.ZERO;
    String command = words.hasNext() ? words.next() : "";
    try {
      run(table, command, words, counters);
    } catch (KernelRefusal e) {
      if (refused == null) {
        refused = new RulesetException(number, String.valueOf(e.getMessage()));
      }
    }
  }

  private void run(TableBuilder table, String command, Words words, Counters counters) {
    switch (command) {
      case "-A", "--append" -> {
        String chain = words.argument(command);
        table.append(chain, rules(table, chain, words, counters));
      }
      case "-I", "--insert" -> {
        String chain = words.argument(command);
        int at = startsWithDigit(words.peek()) ? index(words.next()) : 1;
        table.insert(chain, at, rules(table, chain, words, counters));
      }
      case "-R", "--replace" -> {
        String chain = words.argument(command);
        int at = index(words.argument(command));
        table.replace(chain, at, rules(table, chain, words, counters));
      }
      case "-D", "--delete" -> {
        String chain = words.argument(command);
        if (startsWithDigit(words.peek())) {
          table.delete(chain, index(words.next()));
        } else {
          table.delete(chain, rules(table, chain, words, counters));
        }
      }
      case "-N", "--new-chain" -> table.create(words.argument(command));
      case "-P", "--policy" -> policy(table, words.argument(command), words.argument(command));
      case "-F", "--flush" -> table.flush(words.hasNext() ? words.next() : null);
      case "-X", "--delete-chain" -> table.remove(words.hasNext() ? words.next() : null);
      case "-Z", "--zero" -> {
        if (words.hasNext()) {
          words.next();
        }
      }
      default ->
          throw new BadRule(
              command.startsWith("-")
                  ? "unknown option \"" + command + "\"; a line begins with a command such as -A"
                  : "Bad argument `" + command + "'; a line begins with a command such as -A");
    }
    if (words.hasNext()) {
      throw new BadRule("Bad argument `" + words.next() + "'");
    }
  }

  private static void policy(TableBuilder table, String chain, String policy) {
    if (table.name() == TableName.NAT && policy.equals("DROP")) {
      throw new BadRule(RuleReader.NAT_DROP);
    }
    table.setPolicy(chain, policy);
  }

  private static boolean startsWithDigit(String word) {
    return !word.isEmpty() && Character.isDigit(word.charAt(0));
  }

  private static int index(String word) {
    return (int) Numbers.parse("a rule's number", "", word, 0, Integer.MAX_VALUE);
  }

  private List<Rule> rules(TableBuilder table, String chain, Words words, Counters counters) {
    if (!table.has(chain)) {
      throw new BadRule(
          "No chain/target/match by that name: table " + table.name() + " has no chain " + chain);
    }
    return new RuleReader(table, chain, number, words, counters).read();
  }

  /** Here the kernel judges the table as a whole. */
  private void commit(TableBuilder builder) {
    open = null;
    if (refused != null) {
      throw refused;
    }
    Table table = builder.build();
    Reachability.check(table);
    tables.remove(table.name());
    tables.put(table.name(), table);
  }

  /** The text that iptables-save (with counters: {@code -c}) prints, without its comments. */
  static String print(Iterable<Table> tables, boolean withCounters) {
    StringBuilder out = new StringBuilder();
    for (Table table : tables) {
      out.append('*').append(table.name()).append('\n');
      for (Chain chain : table.chains().values()) {
        String policy = chain.policy() == null ? "-" : chain.policy().action().toString();
        out.append(':').append(chain.name()).append(' ').append(policy).append(' ');
        out.append(chain.counters()).append('\n');
      }
      for (Chain chain : table.chains().values()) {
        for (Rule rule : chain.rules()) {
          out.append(withCounters ? rule.counters() + " " : "");
          out.append("-A ").append(chain.name()).append(rule.text()).append('\n');
        }
      }
      out.append("COMMIT\n");
    }
    return out.toString();
  }
}
