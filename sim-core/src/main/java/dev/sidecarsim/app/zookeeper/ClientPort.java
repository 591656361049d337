package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Timer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client port: answers four-letter words, whether the server serves or not, and turns away
 * those that come from an address with too many connections.
 */
final class ClientPort {

  /** jute.maxbuffer: a longer first request is refused. */
  private static final int LARGEST = 0xfffff;

  /** ExitCode.UNEXPECTED_ERROR. */
  private static final int UNEXPECTED_ERROR = 1;

  /** zookeeper.nio.sessionlessCnxnTimeout: how long a connection may do without a session. */
  private static final long SESSIONLESS = 10 * SECOND;

  private final ZooKeeperServer server;
  private final FourLetterWords words;
  private final Clients clients;

  ClientPort(ZooKeeperServer server) {
    this.server = server;
    this.clients = new Clients(server.config().maxClientCnxns());
    this.words = new FourLetterWords(server, clients);
  }

  void listen() {
    ZooKeeperConfig config = server.config();
    Optional<IpAddress> address =
        server.process().resolve(config.clientHost()).stream().findFirst();
    Optional<Endpoint> port = address.map(local -> new Endpoint(local, config.clientPort()));
    port.ifPresent(server.log()::bindingClientPort);
    Bound bound =
        port.map(local -> server.process().listen(local, this::accept))
            .orElseGet(() -> new Bound.Failed(ConnectFailure.EADDRNOTAVAIL));
    if (bound instanceof Bound.Failed) {
      server.process().exit(UNEXPECTED_ERROR);
    }
  }

  void closeAll() {
    clients.closeAll();
  }

  /**
   * The next multiple of the time-out that is at least one time-out away, as ExpiryQueue has it.
   */
  private long untilExpiry() {
    long now = server.process().namespace().scheduler().now();
    return ((now + SESSIONLESS) / SESSIONLESS + 1) * SESSIONLESS - now;
  }

  private ConnectionHandler accept(Connection connection) {
    if (!clients.admits(connection.remote().address())) {
      server.log().tooMany(connection.remote().address());
      connection.abort();
      return new ConnectionHandler() {};
    }
    clients.add(connection);
    Client client = new Client();
    client.touch(connection);
    return client;
  }

  private final class Client implements ConnectionHandler {
    private final Input input = new Input();
    private boolean waitsForRequest;
    private @Nullable Timer expiry;

    void touch(Connection connection) {
      forget();
      expiry = server.process().after(untilExpiry(), () -> end(connection));
    }

    private void forget() {
      if (expiry != null) {
        expiry.cancel();
      }
    }

    @Override
    public void onData(Connection connection, Bytes data) {
      touch(connection);
      input.add(data);
      if (!waitsForRequest && input.has(4)) {
        clients.asked(connection);
        words
            .answer(input.peek(0, 4).text(), connection.remote())
            .ifPresentOrElse(
                answer -> {
                  connection.send(Bytes.of(answer));
                  end(connection);
                },
                () -> request(connection, input.peekInt(0)));
      }
    }

    /** The first four bytes of a client of another kind are the length of its request. */
    private void request(Connection connection, int length) {
      if (length < 0 || length > LARGEST || !server.serving()) {
        end(connection);
      } else {
        waitsForRequest = true;
      }
    }

    @Override
    public void onEof(Connection connection) {
      end(connection);
    }

    @Override
    public void onReset(Connection connection) {
      forget();
      clients.remove(connection);
    }

    private void end(Connection connection) {
      forget();
      clients.remove(connection);
      connection.close();
    }
  }
}
