package dev.sidecarsim.netfilter;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the format of iptables-save, line by line and table by table. */
final class SaveReader {

  /** How strictly a text is read. */
  enum Mode {
    /** As iptables-restore reads it; only that the last line may lack its end. */
    RESTORE,
    /** As people read it. */
    DUMP
  }

  private static final Splitter BLANKS = Splitter.on(CharMatcher.anyOf(" \t")).omitEmptyStrings();

  private final Family family;
  private final Mode mode;
  private final Options.SetLookup sets;
  private final @Nullable Function<TableName, Table> inForce;
  private final Map<TableName, Table> tables = new LinkedHashMap<>();
  private final ImmutableList.Builder<String> remarks = ImmutableList.builder();
  private @Nullable TableBuilder open;
  private int number;

  private SaveReader(
      Family family,
      Mode mode,
      Options.SetLookup sets,
      @Nullable Function<TableName, Table> inForce) {
    this.family = family;
    this.mode = mode;
    this.sets = sets;
    this.inForce = inForce;
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
    return new SaveReader(family, mode, sets, null).read(text);
  }

  /**
   * Reads a text that changes tables, as iptables-restore does with {@code --noflush}.
   *
   * @param inForce what a table holds before the text
   */
  static Result readChange(
      Family family, String text, Options.SetLookup sets, Function<TableName, Table> inForce) {
    return new SaveReader(family, Mode.RESTORE, sets, inForce).read(text);
  }

  private Result read(String text) {
    RulesetException refused = null;
    try {
      lines(text);
    } catch (RulesetException e) {
      refused = e;
    }
    return new Result(new Ruleset(family, ImmutableMap.copyOf(tables), remarks.build()), refused);
  }

  private void lines(String text) {
    for (String line : Splitter.on('\n').split(text)) {
      number++;
      try {
        line(line);
      } catch (BadRule e) {
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
      List<String> words = BLANKS.splitToList(line.substring(1));
      TableName table = words.isEmpty() ? null : TableName.of(words.get(0));
      if (table == null) {
        throw new BadRule(
            "no table is named '"
                + line.substring(1)
                + "'; tables are raw, mangle, nat, filter, security");
      }
      open = new TableBuilder(family, table, sets, mode == Mode.DUMP, this::remark);
      Table before = tables.get(table);
      if (inForce != null) {
        open.continueFrom(before != null ? before : inForce.apply(table));
      } else if (before != null) {
        open.inherit(before);
      }
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
    List<String> words = BLANKS.splitToList(line);
    if (words.size() < 2) {
      String chain = words.isEmpty() ? "" : words.get(0);
      throw new BadRule("chain '" + chain + "' has no policy; write :" + chain + " - [0:0]");
    }
    Counters counters = words.size() > 2 ? counters(words.get(2)) : Counters.ZERO;
    table.declare(words.get(0), words.get(1), counters);
  }

  /** Reads {@code [packets:bytes]}, for which iptables-restore has no eye without {@code -c}. */
  private Counters counters(String text) {
    int colon = text.indexOf(':');
    return mode == Mode.DUMP && text.startsWith("[") && text.endsWith("]") && colon > 0
        ? Counters.parse(text.substring(1, colon), text.substring(colon + 1, text.length() - 1))
        : Counters.ZERO;
  }

  private void command(TableBuilder table, String line) {
    Counters counters = Counters.ZERO;
    String rest = line;
    if (line.startsWith("[")) {
      int colon = line.indexOf(':');
      int end = line.indexOf(']');
      if (colon < 2 || end < colon) {
        throw new BadRule("counters in front of a command are written [packets:bytes]: " + line);
      }
      counters = counters(line.substring(0, end + 1));
      rest = line.substring(end + 1);
    }
    if (mode == Mode.RESTORE || !rest.isBlank()) {
      new LineReader(table, number, Words.of(rest), counters).run();
    }
  }

  /** Here the kernel judges the table as a whole. */
  private void commit(TableBuilder builder) {
    open = null;
    if (!builder.isTouched()) {
      return;
    }
    Table table = builder.build();
    Reachability.check(table);
    tables.put(table.name(), table);
  }
}
