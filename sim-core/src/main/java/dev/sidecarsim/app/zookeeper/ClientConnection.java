package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.app.zookeeper.data.Change;
import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.app.zookeeper.wire.ClientFrames;
import dev.sidecarsim.app.zookeeper.wire.ConnectRequest;
import dev.sidecarsim.app.zookeeper.wire.ConnectResponse;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Timer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the client port: a four-letter word, or a client with a session, whose
 * operations are answered in their order.
 */
final class ClientConnection implements ConnectionHandler {

  /** zookeeper.nio.sessionlessCnxnTimeout: how long a connection may do without a session. */
  private static final long SESSIONLESS = 10 * SECOND;

  private enum Stage {
    NEW,
    OPENING,
    OPEN
  }

  private record Asked(int xid, Operation operation) {}

  private static final ClientFrames FRAMES = new ClientFrames();

  private final ClientPort port;
  private final Connection connection;
  private final ConnectionStats stats;
  private final Input input = new Input();
  private final Deque<Asked> waiting = new ArrayDeque<>();
  private Stage stage = Stage.NEW;
  private boolean request;
  private boolean ended;
  private long session;
  private int timeoutMillis;
  private @Nullable Timer expiry;

  ClientConnection(ClientPort port, Connection connection) {
    this.port = port;
    this.connection = connection;
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
    return line(stats.full(session, timeoutMillis));
  }

  /** A word takes the connection from the selector; others wait to be read. */
  private String line(String counted) {
    boolean word = stage == Stage.NEW && stats.receivedSoFar() > 0;
    return " /%s[%d](%s)".formatted(connection.remote(), word ? 0 : 1, counted);
  }

  void resetStatistics() {
    stats.reset();
  }

  /** A connection on which nothing comes is closed, though the session may go on elsewhere. */
  private void touch() {
    forget();
    long limit = stage == Stage.OPEN ? millis(timeoutMillis) : SESSIONLESS;
    expiry = port.server().process().after(untilExpiry(limit), this::end);
    if (stage == Stage.OPEN) {
      port.server().requests().ifPresent(leader -> leader.touch(session, timeoutMillis));
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
      if (stage == Stage.NEW) {
        open(ConnectRequest.decode(frame));
      } else {
        stats.received();
        ByteArrayDataInput in = Jute.reader(frame);
        int xid = in.readInt();
        Optional<Operation> operation = Operation.read(in.readInt(), in);
        operation.ifPresentOrElse(
            known -> ask(new Asked(xid, known)),
            () -> reply(xid, ErrorCode.UNIMPLEMENTED, Bytes.EMPTY));
      }
    } catch (IllegalStateException e) {
      // A record that is too short: the server closes the connection.
      end();
    }
  }

  // ---- the session

  private void open(ConnectRequest wish) {
    if (wish.lastZxid() > port.server().zxid()) {
      port.server()
          .log()
          .clients()
          .seesTooMuch(connection.remote(), wish.lastZxid(), port.server().zxid());
      end();
      return;
    }
    stage = Stage.OPENING;
    timeoutMillis = port.server().config().timing().sessionTimeout(wish.timeoutMillis());
    session = wish.session() == 0 ? port.newSession() : wish.session();
    port.holds(session, this);
    if (wish.session() == 0) {
      submit(0, new Operation.CreateSession(timeoutMillis));
    } else {
      port.server()
          .requests()
          .ifPresent(leader -> leader.revalidate(session, timeoutMillis, this::opened));
    }
  }

  private void submit(int cxid, Operation wish) {
    port.server().requests().ifPresent(leader -> leader.submit(session, cxid, wish));
  }

  private void opened(boolean valid) {
    if (ended) {
      return;
    }
    stage = Stage.OPEN;
    send(
        valid
            ? new ConnectResponse(timeoutMillis, session).encode()
            : ConnectResponse.EXPIRED.encode());
    if (valid) {
      touch();
    } else {
      port.server().log().clients().invalidSession(session, connection.remote());
      end();
    }
  }

  // ---- its operations

  private void ask(Asked asked) {
    waiting.add(asked);
    if (waiting.size() == 1) {
      begin(asked);
    }
  }

  private void begin(Asked asked) {
    if (asked.operation().changes()) {
      submit(asked.xid(), asked.operation());
    } else {
      answer(asked);
      next();
    }
  }

  private void next() {
    waiting.remove();
    if (!waiting.isEmpty()) {
      begin(waiting.element());
    }
  }

  private void answer(Asked asked) {
    stats.answered(asked.operation(), asked.xid(), port.server().zxid());
    if (!(asked.operation() instanceof Operation.Read read)) {
      reply(asked.xid(), ErrorCode.OK, Bytes.EMPTY);
      return;
    }
    Optional<Bytes> found = port.server().tree().read(read);
    if (read.watch() && (found.isPresent() || read instanceof Operation.Exists)) {
      port.watches().add(read, this);
    }
    reply(
        asked.xid(),
        found.isPresent() ? ErrorCode.OK : ErrorCode.NO_NODE,
        found.orElse(Bytes.EMPTY));
  }

  /** A transaction of this session counts. */
  void committed(Txn txn) {
    boolean awaited = !waiting.isEmpty() && waiting.element().xid() == txn.cxid();
    if (stage == Stage.OPENING && txn.change() instanceof Change.NewSession) {
      stats.answered(new Operation.CreateSession(timeoutMillis), 0, txn.zxid());
      opened(true);
    } else if (awaited) {
      stats.answered(waiting.element().operation(), txn.cxid(), txn.zxid());
      replyTo(txn);
      next();
    }
    if (txn.change() instanceof Change.NoSession) {
      end();
    }
  }

  private void replyTo(Txn txn) {
    if (txn.change() instanceof Change.Refusal refusal) {
      reply(txn.cxid(), refusal.error(), Bytes.EMPTY);
    } else {
      reply(
          txn.cxid(),
          ErrorCode.OK,
          txn.change() instanceof Change.NewNode created
              ? Reply.ofPath(created.path())
              : Bytes.EMPTY);
    }
  }

  /** Its number; 0 before it has one. */
  long session() {
    return session;
  }

  /** What a watch of this client has seen. */
  void notify(WatchEvent event) {
    send(event.encode());
  }

  private void reply(int xid, ErrorCode error, Bytes body) {
    send(new Reply(xid, port.server().zxid(), error, body).encode());
  }

  private void send(Bytes record) {
    stats.sent();
    port.words().count(0, 1);
    connection.send(FRAMES.encode(record));
  }

  // ---- the end

  @Override
  public void onEof(Connection same) {
    if (!ended && stage == Stage.OPEN) {
      port.server().log().clients().gone(session, remote());
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
      port.gone(session, this);
      connection.close();
    }
  }
}
