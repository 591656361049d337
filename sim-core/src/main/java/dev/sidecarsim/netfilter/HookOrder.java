package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Packet;
import org.jspecify.annotations.Nullable;

/** What happens to a packet at each hook: tables by priority, connection tracking, translation. */
final class HookOrder {

  private final Netfilter netfilter;
  private final Conntrack conntrack;
  private final Walk walk;

  HookOrder(Netfilter netfilter) {
    this.netfilter = netfilter;
    this.conntrack = netfilter.conntrack();
    this.walk = new Walk(netfilter);
  }

  Verdict run(Hook hook, Skb skb) {
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
    LoadedTable table = table(skb.family, name);
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
      skb.tracer.step(new NetfilterStep.Tracked(netfilter.name(), skb.hook, state, skb.reply));
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
    if (table(skb.family, TableName.NAT) == null) {
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
    LoadedTable table = table(skb.family, TableName.NAT);
    Connection connection = skb.connection;
    if (table == null || connection == null || !conntrack.isOn(skb.family)) {
      return Verdict.ACCEPT;
    }
    boolean source = Nat.isSource(skb.hook);
    Packet before = skb.packet;
    if (skb.ctState == CtState.RELATED && skb.packet.icmp() != null) {
      if (!Nat.translateError(skb, connection, source)) {
        return lost(skb, "a redirect about a translated connection");
      }
    } else {
      if (movedAway(skb, connection)) {
        conntrack.forget(connection);
        return lost(skb, "its connection was masqueraded for another interface");
      }
      Verdict verdict = bind(table, skb, connection, source);
      if (verdict != Verdict.ACCEPT) {
        return verdict;
      }
      Nat.translate(skb, connection, source);
    }
    if (skb.tracer.on() && !skb.packet.equals(before)) {
      skb.tracer.step(new NetfilterStep.Translated(netfilter.name(), skb.hook, before, skb.packet));
    }
    return Verdict.ACCEPT;
  }

  /** {@code nf_nat_oif_changed()}: MASQUERADE chose an address of another interface. */
  private static boolean movedAway(Skb skb, Connection connection) {
    return skb.hook == Hook.POSTROUTING
        && !skb.reply
        && !connection.masqueradeDevice.isEmpty()
        && !connection.masqueradeDevice.equals(skb.out);
  }

  private Verdict lost(Skb skb, String reason) {
    return lost(skb, new NetfilterCause.Untranslatable(netfilter.name(), skb.packet, reason));
  }

  private Verdict lost(Skb skb, NetfilterCause cause) {
    if (skb.tracer.on()) {
      skb.tracer.step(new NetfilterStep.Lost(netfilter.name(), skb.hook, skb.packet));
      skb.tracer.cause(cause);
    }
    return Verdict.DROP;
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
    return conntrack.confirm(skb)
        ? Verdict.ACCEPT
        : lost(skb, new NetfilterCause.Clash(netfilter.name(), skb.packet));
  }

  private @Nullable LoadedTable table(Family family, TableName name) {
    return netfilter.tables(family).get(name);
  }
}
