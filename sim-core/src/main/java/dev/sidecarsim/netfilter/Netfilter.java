package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.time.Scheduler;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The rules of one host, and the connections that it tracks. */
public final class Netfilter {

  private final HostView host;
  private final Scheduler scheduler;
  private final Random random;
  private final Conntrack conntrack;
  private final Walk walk = new Walk(this);
  private final Map<Family, Map<TableName, LoadedTable>> loaded = new EnumMap<>(Family.class);
  private final Map<String, RecentList> recent = new LinkedHashMap<>();
  private IpSets sets = IpSets.NONE;

  public Netfilter(HostView host, Scheduler scheduler, Random random) {
    this.host = host;
    this.scheduler = scheduler;
    this.random = random;
    this.conntrack = new Conntrack(scheduler, random);
    for (Family family : Family.values()) {
      loaded.put(family, new LinkedHashMap<>());
    }
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
    IptablesSave.Result read = IptablesSave.readSome(family, text, IptablesSave.Mode.RESTORE, sets);
    load(read.ruleset());
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
    Ruleset read = IptablesSave.read(family, text, IptablesSave.Mode.DUMP, sets.amongOthers());
    load(read);
    return read.remarks();
  }

  /** Puts a rule set in force, its tables in place of those of the same names. */
  public void load(Ruleset ruleset) {
    Map<TableName, LoadedTable> tables = tables(ruleset.family());
    ruleset
        .tables()
        .forEach(
            (name, table) -> {
              tables.remove(name);
              tables.put(name, new LoadedTable(table));
            });
    judgeNeed(ruleset.family());
  }

  /** Removes all rules of a family, and its tables. */
  public void clear(Family family) {
    tables(family).clear();
    judgeNeed(family);
  }

  private void judgeNeed(Family family) {
    boolean need =
        tables(family).values().stream().anyMatch(table -> table.source.needsConntrack());
    conntrack.setNeeded(family, need);
  }

  private Map<TableName, LoadedTable> tables(Family family) {
    return loaded.getOrDefault(family, ImmutableMap.of());
  }

  /** What iptables-save prints: the table that was loaded last comes first. */
  public String save(Family family, boolean counters) {
    List<Table> now = new ArrayList<>();
    tables(family).values().forEach(table -> now.add(table.snapshot()));
    return IptablesSave.print(Lists.reverse(now), counters);
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

  RecentList recent(String name, int hits) {
    RecentList list = recent.computeIfAbsent(name, key -> new RecentList(hits));
    list.grow(hits);
    return list;
  }

  /** Shows a packet to a hook's tables, by priority. */
  public Verdict run(Hook hook, Skb skb) {
    skb.hook = hook;
    skb.family = skb.packet.dst().v6() ? Family.IPV6 : Family.IPV4;
    return switch (hook) {
      case PREROUTING -> preRouting(skb);
      case INPUT -> input(skb);
      case FORWARD -> forward(skb);
      case OUTPUT -> output(skb);
      case POSTROUTING -> postRouting(skb);
    };
  }

  private Verdict preRouting(Skb skb) {
    Verdict verdict = table(TableName.RAW, skb);
    if (verdict == Verdict.ACCEPT) {
      track(skb);
      verdict = table(TableName.MANGLE, skb);
    }
    return verdict == Verdict.ACCEPT ? nat(skb) : verdict;
  }

  private Verdict input(Skb skb) {
    Verdict verdict = table(TableName.MANGLE, skb);
    if (verdict == Verdict.ACCEPT) {
      verdict = table(TableName.FILTER, skb);
    }
    if (verdict == Verdict.ACCEPT) {
      verdict = table(TableName.SECURITY, skb);
    }
    if (verdict == Verdict.ACCEPT) {
      verdict = nat(skb);
    }
    return verdict == Verdict.ACCEPT ? confirm(skb) : verdict;
  }

  private Verdict forward(Skb skb) {
    Verdict verdict = table(TableName.MANGLE, skb);
    if (verdict == Verdict.ACCEPT) {
      verdict = table(TableName.FILTER, skb);
    }
    return verdict == Verdict.ACCEPT ? table(TableName.SECURITY, skb) : verdict;
  }

  private Verdict output(Skb skb) {
    Verdict verdict = table(TableName.RAW, skb);
    if (verdict == Verdict.ACCEPT) {
      track(skb);
      verdict = mangleOutput(skb);
    }
    if (verdict == Verdict.ACCEPT) {
      verdict = natOutput(skb);
    }
    if (verdict == Verdict.ACCEPT) {
      verdict = table(TableName.FILTER, skb);
    }
    return verdict == Verdict.ACCEPT ? table(TableName.SECURITY, skb) : verdict;
  }

  private Verdict postRouting(Skb skb) {
    Verdict verdict = table(TableName.MANGLE, skb);
    if (verdict == Verdict.ACCEPT) {
      verdict = nat(skb);
    }
    return verdict == Verdict.ACCEPT ? confirm(skb) : verdict;
  }

  private Verdict table(TableName name, Skb skb) {
    LoadedTable table = tables(skb.family).get(name);
    return table == null ? Verdict.ACCEPT : walk.run(table, skb.hook, skb);
  }

  private void track(Skb skb) {
    boolean untracked = skb.ctState == CtState.UNTRACKED;
    if (!conntrack.isOn(skb.family)) {
      return;
    }
    boolean seen = skb.connection != null;
    conntrack.track(skb);
    if (skb.tracer.on() && !seen) {
      CtState state = untracked ? CtState.UNTRACKED : skb.ctState;
      skb.tracer.step(new NetfilterStep.Tracked(name(), skb.hook, state, skb.reply));
    }
  }

  /** {@code ipt_mangle_out()}: routes anew if a rule changed what routing looks at. */
  private Verdict mangleOutput(Skb skb) {
    Packet before = skb.packet;
    int mark = skb.mark;
    Verdict verdict = table(TableName.MANGLE, skb);
    if (verdict != Verdict.ACCEPT) {
      return verdict;
    }
    Packet after = skb.packet;
    boolean changed =
        mark != skb.mark
            || before.tos() != after.tos()
            || (skb.family.v6() && before.ttl() != after.ttl());
    return !changed || reroute(skb) ? Verdict.ACCEPT : Verdict.UNROUTABLE;
  }

  /** {@code nf_nat_ipv4_local_fn()}: routes anew if the connection's destination is another one. */
  private Verdict natOutput(Skb skb) {
    if (!tables(skb.family).containsKey(TableName.NAT)) {
      return Verdict.ACCEPT;
    }
    Verdict verdict = nat(skb);
    Connection connection = skb.connection;
    if (verdict != Verdict.ACCEPT || connection == null) {
      return verdict;
    }
    boolean translated =
        !connection.tuple(skb.reply).dst().equals(connection.tuple(!skb.reply).src());
    return !translated || reroute(skb) ? Verdict.ACCEPT : Verdict.UNROUTABLE;
  }

  private static boolean reroute(Skb skb) {
    Rerouter rerouter = skb.rerouter;
    return rerouter == null || rerouter.reroute(skb);
  }

  /** {@code nf_nat_inet_fn()}: rules decide once a connection; then packets are rewritten. */
  private Verdict nat(Skb skb) {
    LoadedTable table = tables(skb.family).get(TableName.NAT);
    Connection connection = skb.connection;
    if (table == null || connection == null || !conntrack.isOn(skb.family)) {
      return Verdict.ACCEPT;
    }
    boolean source = Nat.isSource(skb.hook);
    Packet before = skb.packet;
    if (skb.ctState == CtState.RELATED && skb.packet.icmp() != null) {
      Nat.translateError(skb, connection, source);
    } else {
      Verdict verdict = bind(table, skb, connection, source);
      if (verdict != Verdict.ACCEPT) {
        return verdict;
      }
      Nat.translate(skb, connection, source);
    }
    if (skb.tracer.on() && !skb.packet.equals(before)) {
      skb.tracer.step(new NetfilterStep.Translated(name(), skb.hook, before, skb.packet));
    }
    return Verdict.ACCEPT;
  }

  private Verdict bind(LoadedTable table, Skb skb, Connection connection, boolean source) {
    boolean first = skb.ctState == CtState.NEW || skb.ctState == CtState.RELATED;
    if (!first || Nat.isBound(connection, source)) {
      return Verdict.ACCEPT;
    }
    Verdict verdict = walk.run(table, skb.hook, skb);
    if (verdict == Verdict.ACCEPT && !Nat.isBound(connection, source)) {
      conntrack.nat().bind(connection, source, NatRange.KEEP);
    }
    return verdict;
  }

  private Verdict confirm(Skb skb) {
    if (conntrack.confirm(skb)) {
      return Verdict.ACCEPT;
    }
    if (skb.tracer.on()) {
      skb.tracer.step(new NetfilterStep.Dropped(name(), skb.hook, skb.packet, Verdict.DROP));
      skb.tracer.cause(new NetfilterCause.Clash(name(), skb.packet));
    }
    return Verdict.DROP;
  }

  /** The rules of a family's table as they are in force, with their counters; null if none. */
  @Nullable Table inForce(Family family, TableName name) {
    LoadedTable table = tables(family).get(name);
    return table == null ? null : table.snapshot();
  }
}
