package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.time.Scheduler;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rules of one host, and the connections that it tracks. */
public final class Netfilter {

  private final HostView host;
  private final Scheduler scheduler;
  private final Random random;
  private final Conntrack conntrack;
  private final Tables v4 = new Tables();
  private final Tables v6 = new Tables();
  private final SharedLists shared = new SharedLists();
  private final HookOrder order;
  private IpSets sets = IpSets.NONE;

  public Netfilter(HostView host, Scheduler scheduler, Random random) {
    this.host = host;
    this.scheduler = scheduler;
    this.random = random;
    this.conntrack = new Conntrack(scheduler, random);
    this.order = new HookOrder(this);
  }

  /** Sets the sets that {@code -m set} finds from now on. */
  public void setIpSets(IpSets sets) {
    this.sets = sets;
  }

  /**
   * Loads what iptables-restore (or ip6tables-restore) would load from this text: tables that it
   * names replace the old ones, others stay.
   *
   * @throws RulesetException if the text is refused; tables before the bad one are loaded
   */
  public void restore(Family family, String text) {
    SaveReader.Result read = SaveReader.readSome(family, text, SaveReader.Mode.RESTORE, sets);
    load(read.ruleset());
    if (read.refused() != null) {
      throw read.refused();
    }
  }

  /**
   * Changes what is in force as iptables-restore (or ip6tables-restore) does with {@code
   * --noflush}: {@code -A}, {@code -I}, {@code -D} and the like apply to the rules that are there,
   * which keep their counters. The kernel is given the table as a whole, so that limits and other
   * memories of all its rules begin anew, as do the counters of its policies; here, one rule of
   * very many is changed without the others being read or compiled again.
   *
   * <pre>{@code
   * netfilter.change(Family.IPV4, "*filter\n-I INPUT 7 -s 10.0.0.9 -j DROP\nCOMMIT\n");
   * }</pre>
   *
   * @throws RulesetException if the text is refused; tables before the bad one are changed
   */
  public void change(Family family, String text) {
    Tables tables = tables(family);
    SaveReader.Result read = SaveReader.readChange(family, text, sets, tables::now);
    force(read.ruleset(), tables::change);
    if (read.refused() != null) {
      throw read.refused();
    }
  }

  /**
   * Loads a text that somebody found on a server, as {@link Ruleset#dump} reads it.
   *
   * @return lines that were read in another way than they stand there
   * @throws RulesetException where a line makes no sense
   */
  public ImmutableList<String> restoreDump(Family family, String text) {
    Ruleset read = SaveReader.read(family, text, SaveReader.Mode.DUMP, sets.amongOthers());
    load(read);
    return read.remarks();
  }

  /** Puts a rule set in force, its tables in place of those of the same names. */
  public void load(Ruleset ruleset) {
    force(ruleset, tables(ruleset.family())::load);
  }

  private void force(Ruleset ruleset, Consumer<Iterable<Table>> loading) {
    Family family = ruleset.family();
    shared.join(family, ruleset.tables().values(), now());
    loading.accept(ruleset.tables().values());
    shared.leave(family, tables(family).sources());
    judgeNeed(family);
  }

  /**
   * Compiles the tables in force at once, as far as they are small, and not only once many packets
   * have passed. No answer depends on it.
   */
  public void compile() {
    for (Family family : Family.values()) {
      tables(family).compile(this, family);
    }
  }

  /**
   * A table in force as it is at a hook, compiled for who asks about very many packets; empty if
   * there is no such table, or if it would take more cells than given.
   */
  public Optional<CompiledTable> compiled(Family family, TableName name, Hook hook, long maxCells) {
    LoadedTable table = tables(family).get(name);
    if (table == null || TableProgram.cells(table.chain(hook)) > maxCells) {
      return Optional.empty();
    }
    TableProgram program = TableProgram.compile(this, family, table.chain(hook), hook);
    return Optional.of(new CompiledTable(program, table, hook, new Walk(this)));
  }

  /** Removes all rules of a family, and its tables. */
  public void clear(Family family) {
    tables(family).clear();
    shared.leave(family, ImmutableList.of());
    judgeNeed(family);
  }

  private void judgeNeed(Family family) {
    conntrack.setNeeded(family, tables(family).needConntrack());
  }

  Tables tables(Family family) {
    return family.v6() ? v6 : v4;
  }

  /** What iptables-save prints: the table that was loaded last comes first. */
  public String save(Family family, boolean counters) {
    return SavePrinter.print(tables(family).snapshot(), counters);
  }

  public Conntrack conntrack() {
    return conntrack;
  }

  HostView host() {
    return host;
  }

  String name() {
    return host.name();
  }

  Random random() {
    return random;
  }

  long now() {
    return scheduler.now();
  }

  RecentList recent(Family family, RecentMatch rule) {
    return shared.recent(family, rule);
  }

  HashLimits hashLimits(Family family, HashLimitMatch rule) {
    return shared.limits(family, rule, now());
  }

  /** Shows a packet to a hook's tables, by priority. */
  public Verdict run(Hook hook, Skb skb) {
    skb.hook = hook;
    skb.family = skb.packet.dst().v6() ? Family.IPV6 : Family.IPV4;
    return order.run(hook, skb);
  }

  /** The rules of a family's table as they are in force, with their counters; null if none. */
  @Nullable Table inForce(Family family, TableName name) {
    LoadedTable table = tables(family).get(name);
    return table == null ? null : table.snapshot();
  }
}
