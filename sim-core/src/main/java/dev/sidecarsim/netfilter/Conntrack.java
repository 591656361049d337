package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Scheduler;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The connections that a host tracks.
 *
 * <p>As in the kernel it works only while some rule needs it: a conntrack or state match, a NAT
 * target, CONNMARK or CT. What it knew stays listed when the last such rule goes.
 */
public final class Conntrack {

  private final Scheduler scheduler;
  private final Nat nat;
  private final ConnectionTable table;
  private boolean always;
  private final Set<Family> needed = new LinkedHashSet<>();

  Conntrack(Scheduler scheduler, Random random) {
    this.scheduler = scheduler;
    this.table = new ConnectionTable(scheduler);
    this.nat = new Nat(table, random);
  }

  /** Keeps tracking on, whether or not a rule needs it, as on a host where Docker once ran. */
  public void setAlwaysOn(boolean on) {
    always = on;
  }

  void setNeeded(Family family, boolean need) {
    if (need) {
      needed.add(family);
    } else {
      needed.remove(family);
    }
  }

  /** Whether packets of a family are tracked. */
  public boolean isOn(Family family) {
    return always || needed.contains(family);
  }

  Nat nat() {
    return nat;
  }

  /** Forgets every connection, as {@code conntrack -F} does. */
  public void flush() {
    table.clear();
  }

  /**
   * Adds a connection that has seen both directions, as if it had been opened long ago.
   *
   * @param packet a packet of the connection's original direction
   * @param mark the connection's mark
   */
  public void establish(Packet packet, int mark) {
    Tuple original = Tuple.of(packet, 0);
    establish(original, original.inverse(0), mark);
  }

  /** The same, from a packet of the answering direction. */
  public void establishByReply(Packet packet, int mark) {
    Tuple reply = Tuple.of(packet, 0);
    Tuple original = reply.inverse(0);
    if (original != null) {
      establish(original, reply, mark);
    }
  }

  private void establish(Tuple original, @Nullable Tuple reply, int mark) {
    if (reply == null) {
      return;
    }
    Connection connection = new Connection(original, reply, Long.MIN_VALUE / 2);
    connection.mark = mark;
    connection.set(Connection.SEEN_REPLY | Connection.ASSURED);
    connection.set(Connection.SRC_DONE | Connection.DST_DONE);
    connection.tcp = TcpTracker.added(TcpState.ESTABLISHED);
    connection.expires = scheduler.now() + TcpState.ESTABLISHED.timeout();
    table.insert(connection);
  }

  /** The mark of the connection that knows a packet's addresses, in any zone; 0 if none does. */
  public int markOf(Packet packet) {
    Packet.Icmp icmp = packet.icmp();
    Packet quoted = icmp == null ? null : icmp.quoted();
    // what an error quotes is translated already, and so are the addresses of answers
    Tuple asked = quoted == null ? Tuple.of(packet, 0) : Tuple.of(quoted, 0).inverse(0);
    Connection known = asked == null ? null : table.inAnyZone(asked);
    return known == null ? 0 : known.mark;
  }

  /** Where the caller of an accepted connection wanted to go. */
  public Optional<Endpoint> originalDestination(Endpoint local, Endpoint peer) {
    Tuple answer =
        new Tuple(
            0, Protocol.TCP.number(), local.address(), local.port(), peer.address(), peer.port());
    Connection connection = table.either(answer);
    return connection == null ? Optional.empty() : Optional.of(connection.original().to());
  }

  /** What {@code conntrack -L} prints: a line for each connection, oldest first. */
  public String list() {
    ConntrackText text = new ConntrackText(scheduler.now());
    return table.connections().stream().map(text::listed).collect(Collectors.joining());
  }

  /** What {@code /proc/net/nf_conntrack} shows. */
  public String proc() {
    ConntrackText text = new ConntrackText(scheduler.now());
    return table.connections().stream().map(text::shown).collect(Collectors.joining());
  }

  /** How many connections are held, those among them whose time is over. */
  int size() {
    return table.size();
  }

  long now() {
    return scheduler.now();
  }

  void forget(Connection connection) {
    table.remove(connection);
  }

  /** {@code nf_conntrack_confirm()}: false if another connection took the same tuple meanwhile. */
  boolean confirm(Skb skb) {
    Connection connection = skb.connection;
    if (connection == null || connection.has(Connection.CONFIRMED) || skb.reply) {
      return true;
    }
    if (table.isTaken(connection.original(), connection)
        || table.isTaken(connection.reply(), connection)) {
      return false;
    }
    table.insert(connection);
    return true;
  }

  /** {@code nf_conntrack_in()}: finds or begins the packet's connection. */
  void track(Skb skb) {
    if (skb.connection != null || skb.ctState == CtState.UNTRACKED) {
      return;
    }
    skb.ctState = CtState.INVALID;
    skb.reply = false;
    if (skb.packet.isIcmpError()) {
      trackError(skb);
    } else if (!isBad(skb)) {
      attach(skb);
      follow(skb);
    }
    skb.template = null;
  }

  private void follow(Skb skb) {
    Connection connection = skb.connection;
    if (connection == null) {
      return;
    }
    if (!follow(skb, connection)) {
      skb.connection = null;
      skb.ctState = CtState.INVALID;
      skb.reply = false;
    } else if (skb.reply && skb.connection != null) {
      skb.connection.set(Connection.SEEN_REPLY);
    }
  }

  /** What a protocol's tracker refuses before it looks for a connection. */
  private static boolean isBad(Skb skb) {
    return switch (skb.packet.protocol().number()) {
      case 6 -> !TcpState.isValid(skb.packet.flags());
      // packets here carry no SCTP checksum, which is looked at when they come in
      case 132 -> skb.hook == Hook.PREROUTING;
      default -> false;
    };
  }

  private void attach(Skb skb) {
    int originalZone = CtTarget.originalZone(skb);
    int replyZone = CtTarget.replyZone(skb);
    Tuple tuple = Tuple.of(skb.packet, originalZone);
    Connection found = table.find(tuple, originalZone, replyZone);
    if (found == null) {
      begin(skb, tuple, replyZone);
      return;
    }
    skb.connection = found;
    skb.reply =
        originalZone == replyZone
            ? found.reply().equals(tuple.inZone(replyZone))
            : !found.original().equals(tuple);
    boolean answered = skb.reply || found.has(Connection.SEEN_REPLY);
    skb.ctState = answered ? CtState.ESTABLISHED : CtState.NEW;
  }

  private void begin(Skb skb, Tuple tuple, int replyZone) {
    Tuple reply = tuple.inverse(replyZone);
    if (reply != null) {
      skb.connection = new Connection(tuple, reply, scheduler.now());
      skb.connection.zoneSide = CtTarget.side(skb);
      skb.ctState = CtState.NEW;
      skb.reply = false;
    }
  }

  /** Moves the connection on; false if the packet does not belong to it. */
  private boolean follow(Skb skb, Connection connection) {
    return skb.packet.protocol().number() == 6
        ? followTcp(skb, connection)
        : OtherTrackers.follow(skb, connection, scheduler.now());
  }

  private boolean followTcp(Skb skb, Connection connection) {
    TcpState before = connection.tcp.state();
    switch (connection.tcp.follow(skb.packet, skb.reply)) {
      case INVALID -> {
        return false;
      }
      case IGNORED -> {
        return true;
      }
      case REOPENS -> {
        table.remove(connection);
        attach(skb);
        return skb.connection == null || followTcp(skb, skb.connection);
      }
      case FOLLOWED -> {}
    }
    TcpState now = connection.tcp.state();
    if (!connection.has(Connection.SEEN_REPLY)) {
      return followUnanswered(skb, connection, before);
    }
    boolean open = before == TcpState.SYN_RECV || before == TcpState.ESTABLISHED;
    if (open && now == TcpState.ESTABLISHED) {
      connection.set(Connection.ASSURED);
    }
    connection.expires = scheduler.now() + connection.tcp.timeout();
    return true;
  }

  private boolean followUnanswered(Skb skb, Connection connection, TcpState before) {
    TcpFlags flags = skb.packet.flags();
    if (flags.rst()) {
      // a refused call is forgotten at once
      table.remove(connection);
      return true;
    }
    if (TcpState.Kind.of(flags) == TcpState.Kind.SYN && before == TcpState.SYN_SENT) {
      // a SYN sent again gets no more time
      return true;
    }
    long timeout = connection.tcp.timeout();
    boolean pickedUp = connection.tcp.state() == TcpState.ESTABLISHED;
    connection.expires =
        scheduler.now() + (pickedUp ? Math.min(timeout, TcpTracker.UNACKNOWLEDGED) : timeout);
    return true;
  }

  /** An error belongs to the connection of the packet that it quotes. */
  private void trackError(Skb skb) {
    Packet.Icmp icmp = skb.packet.icmp();
    Packet quoted = icmp == null ? null : icmp.quoted();
    if (quoted == null) {
      return;
    }
    Tuple answer = Tuple.of(quoted, 0).inverse(CtTarget.replyZone(skb));
    if (answer == null) {
      return;
    }
    Connection found = table.byReply(answer);
    boolean reply = found != null;
    if (found == null) {
      found = table.byOriginal(answer.inZone(CtTarget.originalZone(skb)));
    }
    if (found == null) {
      return;
    }
    if (!found.tuple(reply).dst().equals(skb.packet.dst())) {
      return;
    }
    skb.connection = found;
    skb.reply = reply;
    skb.ctState = CtState.RELATED;
  }
}
