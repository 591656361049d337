package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of the election, one for each pair: the larger id opens the one that stays.
 *
 * <p>A smaller id dials all the same. Its hello asks to be called back, and it closes at once.
 */
final class ElectionNetwork {

  private final QuorumPeer peer;
  private final Map<Long, Outbox> outboxes = new TreeMap<>();
  private final Map<Long, ElectionLink> links = new TreeMap<>();
  private final Set<Long> dialling = new TreeSet<>();
  private BiConsumer<Long, Bytes> receiver = (from, message) -> {};

  /** What waits for one peer: of several messages the newest. */
  static final class Outbox {
    private @Nullable Bytes waiting;
    private @Nullable Bytes lastSent;

    boolean isEmpty() {
      return waiting == null;
    }

    /** What the next link has to send: what waits, else the last message once more. */
    Optional<Bytes> first() {
      Bytes message = waiting != null ? waiting : lastSent;
      sent(message);
      return Optional.ofNullable(message);
    }

    private void sent(@Nullable Bytes message) {
      lastSent = message;
      waiting = null;
    }
  }

  ElectionNetwork(QuorumPeer peer) {
    this.peer = peer;
  }

  void receiver(BiConsumer<Long, Bytes> messages) {
    receiver = messages;
  }

  void listen() {
    new ElectionListener(peer, this).bind();
  }

  private long myId() {
    return peer.config().myId();
  }

  // ---- sending

  void send(long sid, Bytes message) {
    if (sid == myId()) {
      peer.process().after(0, () -> receiver.accept(sid, message));
      return;
    }
    outbox(sid).waiting = message;
    ElectionLink link = links.get(sid);
    if (link != null) {
      outbox(sid).sent(message);
      link.write(message);
    } else {
      connect(sid);
    }
  }

  private Outbox outbox(long sid) {
    return outboxes.computeIfAbsent(sid, any -> new Outbox());
  }

  /** Whether the newest message has left for at least one peer. */
  boolean delivered() {
    return outboxes.values().stream().anyMatch(Outbox::isEmpty);
  }

  void connectAll() {
    List.copyOf(outboxes.keySet()).forEach(this::connect);
  }

  // ---- dialling

  /** Dials a peer by the name in the configuration, resolved anew each time. */
  private void connect(long sid) {
    QuorumServer server = peer.config().servers().get(sid);
    if (server == null || links.containsKey(sid) || dialling.contains(sid)) {
      return;
    }
    List<IpAddress> addresses = peer.resolve(server.host());
    if (addresses.isEmpty()) {
      peer.encounters().unresolved(sid, server.electionPort(), server.host());
    } else {
      dial(sid, new Endpoint(addresses.get(0), server.electionPort()));
    }
  }

  private void dial(long sid, Endpoint to) {
    if (!links.containsKey(sid) && dialling.add(sid)) {
      peer.process()
          .connect(
              Dial.to(to).within(peer.config().election().connectNanos()),
              new Dialled(sid, to.port()));
    }
  }

  private final class Dialled implements ConnectionHandler {
    private final long sid;
    private final int port;

    Dialled(long sid, int port) {
      this.sid = sid;
      this.port = port;
    }

    @Override
    public void onFailed(Connection connection, ConnectFailure failure) {
      dialling.remove(sid);
      peer.encounters().failed(sid, port, failure);
      peer.log()
          .links()
          .cannotOpen(sid, peer.config().server(sid).host(), connection.remote(), failure);
    }

    @Override
    public void onConnected(Connection connection) {
      dialling.remove(sid);
      connection.send(hello());
      if (sid > myId()) {
        peer.encounters().answered(sid, port);
        peer.log().links().smallerId(sid);
        connection.close();
      } else {
        hold(new ElectionLink(peer, ElectionNetwork.this, connection, sid, port, true));
      }
    }
  }

  private Bytes hello() {
    return peer.config().release().helloHasAddress()
        ? ElectionHello.encode(myId(), helloAddress())
        : ElectionHello.encode(myId());
  }

  /** Linux takes a call of the wildcard address for one of the loopback address. */
  private static Endpoint reached(Endpoint called) {
    return called.isWildcard() ? new Endpoint(called.address().loopback(), called.port()) : called;
  }

  /** The own election address as it resolves now; the name where it does not. */
  private String helloAddress() {
    QuorumServer self = peer.config().self();
    return peer.resolve(self.host()).stream()
        .findFirst()
        .map(address -> new Endpoint(address, self.electionPort()).toString())
        .orElse(self.host() + ":" + self.electionPort());
  }

  // ---- accepted connections

  /** A peer has said who it is; returns who is told of the connection from now on. */
  void accepted(Connection connection, ElectionHello hello, Input rest, Bytes firstBytes) {
    long sid = hello.sid();
    if (sid < myId()) {
      drop(sid);
      connection.close();
      hello
          .callBack(peer.config().release().callsWildcardBack())
          .ifPresentOrElse(address -> dial(sid, reached(address)), () -> connect(sid));
    } else if (sid > myId()) {
      QuorumServer caller = peer.config().servers().get(sid);
      if (caller != null) {
        peer.encounters().answered(sid, caller.electionPort());
      }
      int port = peer.config().self().electionPort();
      ElectionLink link = new ElectionLink(peer, this, connection, sid, port, false);
      hold(link);
      link.receive(rest, firstBytes);
    }
  }

  private void hold(ElectionLink link) {
    drop(link.sid());
    links.put(link.sid(), link);
    link.start(outbox(link.sid()).first());
  }

  private void drop(long sid) {
    ElectionLink old = links.remove(sid);
    if (old != null) {
      old.giveWay();
    }
  }

  // ---- called by links

  void received(long sid, Bytes message) {
    receiver.accept(sid, message);
  }

  void broken(ElectionLink link) {
    links.remove(link.sid(), link);
  }

  /** The connections that peers opened and that still stand. */
  ImmutableList<QuorumPeer.AcceptedLink> accepted() {
    return links.values().stream()
        .filter(link -> peer.config().servers().containsKey(link.sid()))
        .flatMap(link -> link.accepted().stream())
        .collect(ImmutableList.toImmutableList());
  }
}
