package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/** The tables of one text of iptables-save; immutable. */
public final class Ruleset {

  private final Family family;
  private final ImmutableMap<TableName, Table> tables;
  private final ImmutableList<String> remarks;

  Ruleset(Family family, ImmutableMap<TableName, Table> tables, ImmutableList<String> remarks) {
    this.family = family;
    this.tables = tables;
    this.remarks = remarks;
  }

  /**
   * Reads a text as iptables-restore (or ip6tables-restore) does.
   *
   * @throws RulesetException where it would refuse the text
   */
  public static Ruleset restore(Family family, String text) {
    return SaveReader.read(family, text, SaveReader.Mode.RESTORE, IpSets.NONE);
  }

  /**
   * Reads a text that somebody found on a server: old negation, text between tables, carriage
   * returns and missing sets are taken, and each such line is among the {@link #remarks()}.
   *
   * @throws RulesetException where a line makes no sense
   */
  public static Ruleset dump(Family family, String text) {
    return SaveReader.read(family, text, SaveReader.Mode.DUMP, IpSets.ANY);
  }

  public Family family() {
    return family;
  }

  /** The tables in the order of the text. */
  public ImmutableList<TableName> tableNames() {
    return tables.keySet().asList();
  }

  ImmutableMap<TableName, Table> tables() {
    return tables;
  }

  /** Lines that were read in another way than they stand there. */
  public ImmutableList<String> remarks() {
    return remarks;
  }

  /** Rules that hold something that is not modelled, each with its line. */
  public ImmutableList<Rule> notModelled() {
    ImmutableList.Builder<Rule> found = ImmutableList.builder();
    for (Table table : tables.values()) {
      for (Chain chain : table.chains().values()) {
        chain.rules().stream().filter(rule -> !rule.isModelled()).forEach(found::add);
      }
    }
    return found.build();
  }

  /** The text that iptables-save would print, without its comments. */
  @Override
  public String toString() {
    return SavePrinter.print(tables.values(), false);
  }
}
