package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.app.zookeeper.data.Change;
import dev.sidecarsim.app.zookeeper.data.Effect;
import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The client port: answers four-letter words, whether the server serves or not, keeps the clients'
 * sessions while it does, and turns away those that come from an address with too many connections.
 */
final class ClientPort implements Database.Observer {

  /** ExitCode.UNEXPECTED_ERROR. */
  private static final int UNEXPECTED_ERROR = 1;

  private final ZooKeeperServer server;
  private final FourLetterWords words;
  private final Clients clients;
  private final Watches watches = new Watches();
  private final Map<Long, ClientConnection> sessions = new LinkedHashMap<>();
  private long nextSession;

  ClientPort(ZooKeeperServer server) {
    this.server = server;
    this.clients = new Clients(server.config().clients());
    this.words = new FourLetterWords(server, clients, watches);
    this.nextSession = firstSession();
  }

  /** SessionTrackerImpl.initializeNextSessionId: the server's id, then the time. */
  private long firstSession() {
    long millis = Durations.toMillis(server.process().namespace().scheduler().now());
    return ((millis << 24) >>> 8) | (server.config().myId() << 56);
  }

  /** Opens the port, if there is one. */
  void listen() {
    ClientAccess access = server.config().clients();
    if (access.listens()) {
      bind(access);
    }
  }

  private void bind(ClientAccess access) {
    Optional<IpAddress> address = server.process().resolve(access.host()).stream().findFirst();
    Optional<Endpoint> port = address.map(local -> new Endpoint(local, access.port()));
    port.ifPresent(server.log().start()::bindingClientPort);
    Bound bound =
        port.map(local -> server.process().listen(local, this::accept))
            .orElseGet(() -> new Bound.Failed(ConnectFailure.EADDRNOTAVAIL));
    if (bound instanceof Bound.Failed failed) {
      server.log().start().unexpected(JavaExceptions.ofBind(failed.failure()), UNEXPECTED_ERROR);
      server.process().exit(UNEXPECTED_ERROR);
    }
  }

  private ConnectionHandler accept(Connection connection) {
    if (!clients.admits(connection.remote().address())) {
      server.log().clients().tooMany(connection.remote().address());
      connection.abort();
      return new ConnectionHandler() {};
    }
    ClientConnection client = new ClientConnection(this, connection);
    clients.add(client);
    return client;
  }

  /** A server that stops to lead or to follow leaves its clients to others. */
  void closeAll() {
    clients.closeAll();
  }

  @Override
  public void committed(Txn txn, Effect effect) {
    if (txn.change() instanceof Change.NewSession && !server.config().standalone()) {
      boolean leads = server.mode().filter("leader"::equals).isPresent();
      server.log().clients().begun(txn.session(), leads);
    }
    watches.fire(effect.events());
    Optional.ofNullable(sessions.get(txn.session()))
        .ifPresent(client -> client.session().committed(txn, effect));
  }

  // ---- what the connections ask

  ZooKeeperServer server() {
    return server;
  }

  FourLetterWords words() {
    return words;
  }

  Clients clients() {
    return clients;
  }

  Watches watches() {
    return watches;
  }

  long newSession() {
    return nextSession++;
  }

  /** A session goes on here; an earlier connection of it is closed. */
  void holds(long session, ClientConnection client) {
    Optional.ofNullable(sessions.put(session, client)).ifPresent(ClientConnection::end);
  }

  void gone(long session, ClientConnection client) {
    sessions.remove(session, client);
    watches.remove(client);
    clients.remove(client);
  }
}
