package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Flow;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.netfilter.HostView;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The TCP sockets of one namespace: who listens, which connections there are, who gets a segment.
 */
final class TcpStack {

  /** net.ipv4.ip_local_port_range of Linux. */
  private static final int FIRST_EPHEMERAL = 32768;

  private static final int EPHEMERAL_PORTS = 60999 - FIRST_EPHEMERAL + 1;

  private final NetworkNamespace namespace;
  private final Random random;
  private final Map<Endpoint, Listener> listeners = new LinkedHashMap<>();
  private final Map<Flow, TcpConnection> connections = new LinkedHashMap<>();

  TcpStack(NetworkNamespace namespace, Seed seed) {
    this.namespace = namespace;
    this.random = seed.stream("tcp " + namespace.name());
  }

  /**
   * Binds and listens.
   *
   * @param v6Only whether a wildcard IPv6 address leaves IPv4 alone (IPV6_V6ONLY)
   */
  Bound bind(Process process, Endpoint wanted, boolean v6Only, Acceptor acceptor) {
    Endpoint local = wanted.port() == 0 ? new Endpoint(wanted.address(), freePort()) : wanted;
    if (!local.isWildcard() && !namespace.ip().isLocal(local.address())) {
      return new Bound.Failed(ConnectFailure.EADDRNOTAVAIL);
    }
    boolean takesBoth = local.address().equals(IpAddress.ANY_V6) && !v6Only;
    if (listeners.values().stream().anyMatch(other -> clash(other, local, takesBoth))) {
      return new Bound.Failed(ConnectFailure.EADDRINUSE);
    }
    Listener listener = new Listener(process, local, takesBoth, acceptor);
    listeners.put(local, listener);
    return new Bound.Listening(listener);
  }

  /** Two sockets of a port clash on the same address, or where one of them takes all addresses. */
  private static boolean clash(Listener other, Endpoint b, boolean takesBoth) {
    Endpoint a = other.local();
    if (a.port() != b.port()) {
      return false;
    }
    boolean reach = a.address().v6() == b.address().v6() || other.takesBoth() || takesBoth;
    return reach && (a.isWildcard() || b.isWildcard() || a.address().equals(b.address()));
  }

  void unbind(Listener listener) {
    listeners.remove(listener.local());
  }

  Connection connect(Process process, Dial asked, ConnectionHandler handler) {
    Dial dial = asked.withoutWildcard();
    Optional<IpAddress> source =
        dial.source().isPresent() ? dial.source() : namespace.ip().sourceFor(dial.to().address());
    if (source.isEmpty()) {
      return unroutable(process, dial, handler, dial.to().address().any());
    }
    OptionalInt port = freePort(source.get(), dial.to());
    Endpoint local = new Endpoint(source.get(), port.orElse(0));
    TcpConnection connection = new TcpConnection(this, process, local, dial, handler);
    boolean mayBind = dial.transparent() || namespace.ip().isLocal(source.get());
    if (port.isEmpty() || !mayBind) {
      connection.failSoon(ConnectFailure.EADDRNOTAVAIL);
      return connection;
    }
    connections.put(connection.flow(), connection);
    connection.open(firstSequence());
    return connection;
  }

  private Connection unroutable(
      Process process, Dial dial, ConnectionHandler handler, IpAddress source) {
    TcpConnection connection =
        new TcpConnection(this, process, new Endpoint(source, 0), dial, handler);
    connection.failSoon(ConnectFailure.ENETUNREACH);
    return connection;
  }

  void receive(Packet packet, Tracer tracer) {
    receive(packet, packet.to(), tracer);
  }

  /**
   * Takes a segment; a new connection goes to a socket that need not have its destination.
   *
   * @param socket where the listening socket is bound, or a wildcard of its family is
   */
  void receive(Packet packet, Endpoint socket, Tracer tracer) {
    TcpConnection connection = connections.get(flowOf(packet));
    if (connection != null && !connection.givesWayTo(packet)) {
      connection.receive(packet);
      return;
    }
    Listener listener = packet.flags().opens() ? listenerFor(socket) : null;
    if (listener != null) {
      if (connection != null) {
        remove(connection);
      }
      TcpConnection accepted = new TcpConnection(this, listener, packet, tracer);
      connections.put(accepted.flow(), accepted);
      accepted.answer(packet, firstSequence());
    } else if (!packet.flags().rst()) {
      refuse(packet, tracer);
    }
  }

  void receiveError(Packet.Icmp icmp, Tracer tracer) {
    Packet quoted = icmp.quoted();
    if (quoted == null || !quoted.protocol().equals(Protocol.TCP)) {
      return;
    }
    TcpConnection connection = connections.get(quoted.flow());
    if (connection != null) {
      connection.receiveError(icmpFailure(icmp, quoted.src().v6()));
    }
  }

  /** icmp_err_convert of net/ipv4/icmp.c, as far as its errors differ for a connecting socket. */
  private static ConnectFailure icmpFailure(Packet.Icmp icmp, boolean v6) {
    if (v6) {
      return icmp.code() == 4
          ? ConnectFailure.ECONNREFUSED
          : icmp.code() == 0 ? ConnectFailure.ENETUNREACH : ConnectFailure.EHOSTUNREACH;
    }
    return switch (icmp.code()) {
      case 0, 6, 9, 11 -> ConnectFailure.ENETUNREACH;
      case 3 -> ConnectFailure.ECONNREFUSED;
      default -> ConnectFailure.EHOSTUNREACH;
    };
  }

  private void refuse(Packet packet, Tracer tracer) {
    if (tracer.on()) {
      tracer.step(new HostStep.NoSocket(namespace.name(), packet.to()));
      if (packet.flags().opens()) {
        tracer.cause(whyNobodyListens(packet.to()));
      }
    }
    boolean acked = packet.flags().ack();
    Packet reset =
        Packet.tcp(
            packet.to(),
            packet.from(),
            acked ? TcpFlags.RST : TcpFlags.RST_ACK,
            acked ? packet.ack() : 0,
            acked ? 0 : Sequence.after(packet),
            Bytes.EMPTY);
    namespace.ip().send(reset, SocketOwner.KERNEL, 0, tracer);
  }

  private HostCause whyNobodyListens(Endpoint called) {
    ImmutableList<Endpoint> elsewhere =
        listeners.keySet().stream()
            .filter(local -> local.port() == called.port())
            .collect(ImmutableList.toImmutableList());
    return elsewhere.isEmpty()
        ? new HostCause.NothingListens(namespace.name(), called)
        : new HostCause.ListensElsewhere(namespace.name(), called, elsewhere);
  }

  private @Nullable Listener listenerFor(Endpoint called) {
    Listener exact = listeners.get(called);
    if (exact != null) {
      return exact;
    }
    Listener wildcard = listeners.get(new Endpoint(called.address().any(), called.port()));
    if (wildcard != null) {
      return wildcard;
    }
    Listener both = listeners.get(new Endpoint(IpAddress.ANY_V6, called.port()));
    return both != null && both.takesBoth() ? both : null;
  }

  /** Whether a socket takes the packet as it is. */
  boolean takes(Packet packet, HostView.Sockets among) {
    if (!packet.protocol().equals(Protocol.TCP)) {
      return false;
    }
    Listener listener = among == HostView.Sockets.CONNECTED ? null : listenerFor(packet.to());
    return connections.containsKey(flowOf(packet))
        || (listener != null && (among == HostView.Sockets.ALL || !listener.local().isWildcard()));
  }

  /** Forgets all connections; no segment leaves. */
  void forgetAll() {
    List.copyOf(connections.values()).forEach(TcpConnection::vanish);
  }

  void remove(TcpConnection connection) {
    connections.remove(connection.flow(), connection);
  }

  NetworkNamespace namespace() {
    return namespace;
  }

  List<SocketRow> rows() {
    List<SocketRow> rows = new ArrayList<>();
    for (Listener listener : listeners.values()) {
      Endpoint any = new Endpoint(listener.local().address().any(), 0);
      rows.add(new SocketRow(listener.local(), any, TcpState.LISTEN, listener.process().name()));
    }
    for (TcpConnection connection : connections.values()) {
      rows.add(connection.row());
    }
    return List.copyOf(rows);
  }

  /** The flow of the segments that this end sends, which is how connections are found. */
  private static Flow flowOf(Packet received) {
    return new Flow(Protocol.TCP, received.to(), received.from());
  }

  private long firstSequence() {
    return Sequence.of(random.nextInt());
  }

  /** A port that no connection to the same destination has; empty if all are taken. */
  private OptionalInt freePort(IpAddress source, Endpoint to) {
    int start = random.nextInt(EPHEMERAL_PORTS);
    for (int i = 0; i < EPHEMERAL_PORTS; i++) {
      int port = FIRST_EPHEMERAL + (start + i) % EPHEMERAL_PORTS;
      Endpoint local = new Endpoint(source, port);
      boolean taken = connections.containsKey(new Flow(Protocol.TCP, local, to));
      if (!taken && listenerFor(local) == null) {
        return OptionalInt.of(port);
      }
    }
    return OptionalInt.empty();
  }

  private int freePort() {
    int start = random.nextInt(EPHEMERAL_PORTS);
    for (int i = 0; i < EPHEMERAL_PORTS; i++) {
      int port = FIRST_EPHEMERAL + (start + i) % EPHEMERAL_PORTS;
      if (listeners.keySet().stream().noneMatch(local -> local.port() == port)) {
        return port;
      }
    }
    throw new IllegalStateException(namespace.name() + " has no free port to listen on");
  }
}
