package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Scheduler;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
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

  /** Defaults of net.netfilter.nf_conntrack_*_timeout. */
  private static final long UDP_TIMEOUT = Durations.seconds(30);

  private static final long UDP_STREAM_TIMEOUT = Durations.seconds(120);
  private static final long ICMP_TIMEOUT = Durations.seconds(30);
  private static final long GENERIC_TIMEOUT = Durations.seconds(600);

  private final Scheduler scheduler;
  private final Nat nat;
  private final Map<Tuple, Connection> table = new LinkedHashMap<>();
  private final Map<Tuple, Set<Connection>> bySource = new LinkedHashMap<>();
  private boolean always;
  private final Set<Family> needed = new LinkedHashSet<>();

  Conntrack(Scheduler scheduler, Random random) {
    this.scheduler = scheduler;
    this.nat = new Nat(this, random);
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
    bySource.clear();
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
    Connection connection = new Connection(original, reply);
    connection.mark = mark;
    connection.set(Connection.SEEN_REPLY | Connection.ASSURED);
    connection.set(Connection.SRC_DONE | Connection.DST_DONE);
    connection.tcp = TcpState.ESTABLISHED;
    connection.expires = scheduler.now() + TcpState.ESTABLISHED.timeout();
    insert(connection);
  }

  /** The mark of the connection that knows a packet's addresses, in zone 0; 0 if none does. */
  public int markOf(Packet packet) {
    Packet.Icmp icmp = packet.icmp();
    Packet quoted = icmp == null ? null : icmp.quoted();
    Connection known = find(Tuple.of(quoted == null ? packet : quoted, 0));
    return known == null ? 0 : known.mark;
  }

  /** Where the caller of an accepted connection wanted to go. */
  public Optional<Endpoint> originalDestination(Endpoint local, Endpoint peer) {
    Tuple answer =
        new Tuple(
            0, Protocol.TCP.number(), local.address(), local.port(), peer.address(), peer.port());
    Connection connection = find(answer);
    return connection == null ? Optional.empty() : Optional.of(connection.original().to());
  }

  ImmutableList<Connection> connections() {
    ImmutableList.Builder<Connection> found = ImmutableList.builder();
    table.forEach(
        (tuple, connection) -> {
          if (tuple.equals(connection.original()) && connection.expires >= scheduler.now()) {
            found.add(connection);
          }
        });
    return found.build();
  }

  /** What {@code conntrack -L} prints: a line for each connection, oldest first. */
  public String list() {
    ConntrackText text = new ConntrackText(scheduler.now());
    return connections().stream().map(text::listed).collect(Collectors.joining());
  }

  /** What {@code /proc/net/nf_conntrack} shows. */
  public String proc() {
    ConntrackText text = new ConntrackText(scheduler.now());
    return connections().stream().map(text::shown).collect(Collectors.joining());
  }

  long now() {
    return scheduler.now();
  }

  private @Nullable Connection find(Tuple tuple) {
    Connection found = table.get(tuple);
    if (found != null && found.expires < scheduler.now()) {
      remove(found);
      return null;
    }
    return found;
  }

  boolean isTaken(Tuple reply, Connection by) {
    Connection found = find(reply);
    return found != null && found != by;
  }

  void rememberSource(Connection connection) {
    bySource
        .computeIfAbsent(sourceKey(connection.original()), key -> new LinkedHashSet<>())
        .add(connection);
  }

  @Nullable Connection withSource(Tuple original) {
    Set<Connection> found = bySource.get(sourceKey(original));
    return found == null || found.isEmpty() ? null : found.iterator().next();
  }

  private static Tuple sourceKey(Tuple original) {
    return original.withDestination(original.src().any(), original.isIcmp() ? original.dport() : 0);
  }

  private void insert(Connection connection) {
    connection.set(Connection.CONFIRMED);
    table.put(connection.original(), connection);
    table.put(connection.reply(), connection);
  }

  private void remove(Connection connection) {
    table.remove(connection.original(), connection);
    table.remove(connection.reply(), connection);
    Set<Connection> same = bySource.get(sourceKey(connection.original()));
    if (same != null) {
      same.remove(connection);
      if (same.isEmpty()) {
        bySource.remove(sourceKey(connection.original()));
      }
    }
  }

  /** {@code nf_conntrack_confirm()}: false if another connection took the same tuple meanwhile. */
  boolean confirm(Skb skb) {
    Connection connection = skb.connection;
    if (connection == null || connection.has(Connection.CONFIRMED) || skb.reply) {
      return true;
    }
    if (find(connection.original()) != null || find(connection.reply()) != null) {
      return false;
    }
    insert(connection);
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
      return;
    }
    if (isBad(skb)) {
      return;
    }
    attach(skb);
    Connection connection = skb.connection;
    if (connection == null) {
      return;
    }
    if (!follow(skb, connection)) {
      skb.connection = null;
      skb.ctState = CtState.INVALID;
      skb.reply = false;
    } else if (skb.reply) {
      connection.set(Connection.SEEN_REPLY);
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
    CtTarget zone = skb.template;
    int originalZone = zone == null || !zone.original() ? 0 : zone.zone();
    int replyZone = zone == null || !zone.reply() ? 0 : zone.zone();
    Tuple tuple = Tuple.of(skb.packet, originalZone);
    Connection found = find(tuple);
    if (found != null && !found.original().equals(tuple) && originalZone != replyZone) {
      found = null;
    }
    if (found == null && replyZone != originalZone) {
      Connection answered = find(tuple.inZone(replyZone));
      found =
          answered != null && answered.reply().equals(tuple.inZone(replyZone)) ? answered : null;
    }
    if (found != null && isReopening(skb.packet, found)) {
      remove(found);
      found = null;
    }
    if (found == null) {
      Tuple reply = tuple.inverse(replyZone);
      if (reply != null) {
        skb.connection = new Connection(tuple, reply);
        skb.ctState = CtState.NEW;
      }
      return;
    }
    skb.connection = found;
    skb.reply = !found.original().equals(tuple);
    boolean answered = skb.reply || found.has(Connection.SEEN_REPLY);
    skb.ctState = answered ? CtState.ESTABLISHED : CtState.NEW;
  }

  /** A SYN where the last connection of the same addresses and ports has ended. */
  private static boolean isReopening(Packet packet, Connection found) {
    return packet.protocol().equals(Protocol.TCP)
        && packet.flags().opens()
        && (found.tcp == TcpState.TIME_WAIT || found.tcp == TcpState.CLOSE);
  }

  /** Moves the connection on; false if the packet does not belong to it. */
  private boolean follow(Skb skb, Connection connection) {
    long now = scheduler.now();
    switch (skb.packet.protocol().number()) {
      case 6 -> {
        return followTcp(skb, connection);
      }
      case 1, 58 -> {
        connection.expires = now + ICMP_TIMEOUT;
        return mayOpen(connection.original());
      }
      case 17, 136 -> {
        boolean stream = skb.reply || connection.has(Connection.SEEN_REPLY);
        connection.expires = now + (stream ? UDP_STREAM_TIMEOUT : UDP_TIMEOUT);
        if (stream) {
          connection.set(Connection.ASSURED);
        }
      }
      default -> connection.expires = now + GENERIC_TIMEOUT;
    }
    return true;
  }

  private static boolean mayOpen(Tuple original) {
    return switch (original.icmpType()) {
      case 8, 13, 15, 17 -> original.protocol() == 1;
      case 128, 139 -> original.protocol() == 58;
      default -> false;
    };
  }

  private boolean followTcp(Skb skb, Connection connection) {
    TcpState next = connection.tcp.after(skb.packet.flags(), skb.reply);
    if (next == null) {
      return false;
    }
    if (skb.packet.flags().rst() && skb.reply && !connection.has(Connection.SEEN_REPLY)) {
      // a refused call is forgotten at once
      remove(connection);
    }
    if (next == TcpState.ESTABLISHED
        && skb.reply == false
        && connection.has(Connection.SEEN_REPLY)) {
      connection.set(Connection.ASSURED);
    }
    connection.tcp = next;
    connection.expires = scheduler.now() + next.timeout();
    return true;
  }

  /** An error belongs to the connection of the packet that it quotes. */
  private void trackError(Skb skb) {
    Packet.Icmp icmp = skb.packet.icmp();
    Packet quoted = icmp == null ? null : icmp.quoted();
    if (quoted == null) {
      return;
    }
    CtTarget zone = skb.template;
    Tuple answer = Tuple.of(quoted, 0).inverse(zone == null ? 0 : zone.zone());
    Connection found = answer == null ? null : find(answer);
    if (answer == null || found == null) {
      return;
    }
    boolean reply = !found.original().equals(answer);
    if (!found.tuple(reply).dst().equals(skb.packet.dst())) {
      return;
    }
    skb.connection = found;
    skb.reply = reply;
    skb.ctState = CtState.RELATED;
  }
}
