package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import dev.sidecarsim.app.zookeeper.wire.ClientFrames;
import dev.sidecarsim.app.zookeeper.wire.ConnectRequest;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Timer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of the client port: a four-letter word, or a client with a session. */
final class ClientConnection implements ConnectionHandler {

  /** zookeeper.nio.sessionlessCnxnTimeout: how long a connection may do without a session. */
  private static final long SESSIONLESS = 10 * SECOND;

  private static final ClientFrames FRAMES = new ClientFrames();

  private final ClientPort port;
  private final Connection connection;
  private final ConnectionStats stats;
  private final Input input = new Input();
  private final ClientSession session;
  private boolean request;
  private boolean ended;
  private @Nullable Timer expiry;

  ClientConnection(ClientPort port, Connection connection) {
    this.port = port;
    this.connection = connection;
    this.session = new ClientSession(port, this);
    this.stats = new ConnectionStats(port.server().process().namespace().scheduler()::now);
    touch();
  }

  Endpoint remote() {
    return connection.remote();
  }

  /** As stat shows it. */
  String brief() {
    return line(stats.brief());
  }

  /** As cons shows it. */
  String line() {
    return line(stats.full(session.id(), session.timeoutMillis()));
  }

  /** A word takes the connection from the selector; others wait to be read. */
  private String line(String counted) {
    boolean word = session.isNew() && stats.receivedSoFar() > 0;
    return " /%s[%d](%s)".formatted(connection.remote(), word ? 0 : 1, counted);
  }

  void resetStatistics() {
    stats.reset();
  }

  /** A connection on which nothing comes is closed, though the session may go on elsewhere. */
  void touch() {
    forget();
    long limit = session.open() ? millis(session.timeoutMillis()) : SESSIONLESS;
    expiry = port.server().process().after(untilExpiry(limit), this::end);
    if (session.open()) {
      port.server()
          .requests()
          .ifPresent(leader -> leader.touch(session.id(), session.timeoutMillis()));
    }
  }

  /** The next multiple of the sessionless time-out after that, as ExpiryQueue has it. */
  private long untilExpiry(long limit) {
    long now = port.server().process().namespace().scheduler().now();
    return ((now + limit) / SESSIONLESS + 1) * SESSIONLESS - now;
  }

  private void forget() {
    if (expiry != null) {
      expiry.cancel();
    }
  }

  // ---- what comes

  @Override
  public void onData(Connection same, Bytes data) {
    touch();
    input.add(data);
    if (!request && input.has(4)) {
      begin();
    }
    while (request && !ended && wholeFrame()) {
      int length = input.peekInt(0);
      input.take(4);
      read(input.take(length));
    }
  }

  private boolean wholeFrame() {
    return input.has(4) && input.has(4 + input.peekInt(0));
  }

  /** The first four bytes are a word, or the length of the request of a client of another kind. */
  private void begin() {
    stats.received();
    Optional<String> answer = port.words().answer(input.peek(0, 4).text(), connection.remote());
    int length = input.peekInt(0);
    if (answer.isPresent()) {
      connection.send(Bytes.of(answer.get()));
      end();
    } else if (length < 0 || length > ClientFrames.LONGEST) {
      end();
    } else if (!port.server().serving()) {
      port.server().log().clients().notRunning();
      end();
    } else {
      request = true;
    }
  }

  private void read(Bytes frame) {
    port.words().count(1, 0);
    try {
      if (session.isNew()) {
        session.begin(ConnectRequest.decode(frame));
      } else {
        stats.received();
        session.read(Jute.reader(frame));
      }
    } catch (IllegalStateException e) {
      // A record that is too short: the server closes the connection.
      end();
    }
  }

  // ---- what its session asks

  ClientSession session() {
    return session;
  }

  ConnectionStats stats() {
    return stats;
  }

  boolean ended() {
    return ended;
  }

  /** What a watch of this client has seen. */
  void notify(WatchEvent event) {
    send(event.encode());
  }

  void send(Bytes record) {
    stats.sent();
    port.words().count(0, 1);
    connection.send(FRAMES.encode(record));
  }

  // ---- the end

  @Override
  public void onEof(Connection same) {
    if (!ended && session.open()) {
      port.server().log().clients().gone(session.id(), remote());
    }
    end();
  }

  @Override
  public void onReset(Connection same) {
    end();
  }

  /** Closes the connection; a session lasts until it expires, or goes on with another server. */
  void end() {
    if (!ended) {
      ended = true;
      forget();
      port.gone(session.id(), this);
      connection.close();
    }
  }
}
