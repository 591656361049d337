package dev.sidecarsim.app.zookeeper;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.app.zookeeper.data.Change;
import dev.sidecarsim.app.zookeeper.data.DataTree;
import dev.sidecarsim.app.zookeeper.data.Effect;
import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.app.zookeeper.wire.ConnectRequest;
import dev.sidecarsim.app.zookeeper.wire.ConnectResponse;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Read;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.net.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;

/** The session of a connection, whose operations are answered in their order. */
final class ClientSession {

  private enum Stage {
    NEW,
    OPENING,
    OPEN
  }

  private record Asked(int xid, Operation operation) {}

  private final ClientPort port;
  private final ClientConnection connection;
  private final Deque<Asked> waiting = new ArrayDeque<>();
  private Stage stage = Stage.NEW;
  private long id;
  private int timeoutMillis;

  ClientSession(ClientPort port, ClientConnection connection) {
    this.port = port;
    this.connection = connection;
  }

  /** Its number; 0 before it has one. */
  long id() {
    return id;
  }

  int timeoutMillis() {
    return timeoutMillis;
  }

  boolean isNew() {
    return stage == Stage.NEW;
  }

  boolean open() {
    return stage == Stage.OPEN;
  }

  // ---- its beginning

  /** The first record of a client. */
  void begin(ConnectRequest wish) {
    long zxid = port.server().zxid();
    if (wish.lastZxid() > zxid) {
      port.server().log().clients().seesTooMuch(connection.remote(), wish.lastZxid(), zxid);
      connection.end();
      return;
    }
    stage = Stage.OPENING;
    timeoutMillis = port.server().config().timing().sessionTimeout(wish.timeoutMillis());
    id = wish.session() == 0 ? port.newSession() : wish.session();
    port.holds(id, connection);
    if (wish.session() == 0) {
      submit(0, new Operation.CreateSession(timeoutMillis));
    } else {
      port.server()
          .requests()
          .ifPresent(leader -> leader.revalidate(id, timeoutMillis, this::opened));
    }
  }

  private void opened(boolean valid) {
    if (connection.ended()) {
      return;
    }
    stage = Stage.OPEN;
    connection.send(
        valid ? new ConnectResponse(timeoutMillis, id).encode() : ConnectResponse.EXPIRED.encode());
    if (valid) {
      connection.touch();
    } else {
      port.server().log().clients().invalidSession(id, connection.remote());
      connection.end();
    }
  }

  // ---- its operations

  /** A later record. */
  void read(ByteArrayDataInput in) {
    int xid = in.readInt();
    Operation.read(in.readInt(), in)
        .ifPresentOrElse(
            known -> ask(new Asked(xid, known)),
            () -> reply(xid, ErrorCode.UNIMPLEMENTED, Bytes.EMPTY));
  }

  private void ask(Asked asked) {
    waiting.add(asked);
    if (waiting.size() == 1) {
      begin(asked);
    }
  }

  private void begin(Asked asked) {
    if (asked.operation() instanceof Operation.Sync sync) {
      // What the leader sends comes in order, so that after any answer of its own all is known.
      port.server()
          .requests()
          .ifPresent(
              leader ->
                  leader.revalidate(id, timeoutMillis, valid -> synced(asked.xid(), sync.path())));
    } else if (asked.operation().changes()) {
      submit(asked.xid(), asked.operation());
    } else {
      answer(asked);
      next();
    }
  }

  private void submit(int cxid, Operation operation) {
    Wish wish = new Wish(id, cxid, connection.remote().address(), operation);
    port.server().requests().ifPresent(leader -> leader.submit(wish));
  }

  private void next() {
    waiting.remove();
    if (!waiting.isEmpty()) {
      begin(waiting.element());
    }
  }

  private void synced(int xid, String path) {
    if (!connection.ended()) {
      reply(xid, ErrorCode.OK, Reply.ofPath(path));
      next();
    }
  }

  private void answer(Asked asked) {
    connection.stats().answered(asked.operation(), asked.xid(), port.server().zxid());
    if (!(asked.operation() instanceof Read read)) {
      reply(asked.xid(), ErrorCode.OK, Bytes.EMPTY);
      return;
    }
    DataTree.Answer found = port.server().tree().read(read, connection.remote().address());
    if (read.watch() && (found.error() == ErrorCode.OK || read instanceof Read.Exists)) {
      port.watches().add(read, connection);
    }
    reply(asked.xid(), found.error(), found.body());
  }

  /** A transaction of this session counts. */
  void committed(Txn txn, Effect effect) {
    boolean awaited = !waiting.isEmpty() && waiting.element().xid() == txn.cxid();
    if (stage == Stage.OPENING && txn.change() instanceof Change.NewSession) {
      connection
          .stats()
          .answered(new Operation.CreateSession(timeoutMillis), 0, port.server().zxid());
      opened(true);
    } else if (awaited) {
      Operation asked = waiting.element().operation();
      connection.stats().answered(asked, txn.cxid(), txn.zxid());
      replyTo(asked, txn, effect);
      next();
    }
    if (txn.change() instanceof Change.NoSession) {
      connection.end();
    }
  }

  private void replyTo(Operation asked, Txn txn, Effect effect) {
    if (txn.change() instanceof Change.Refusal refusal) {
      reply(txn.cxid(), refusal.error(), Bytes.EMPTY);
    } else {
      reply(txn.cxid(), ErrorCode.OK, new Results(effect).of(asked, txn.change()));
    }
  }

  private void reply(int xid, ErrorCode error, Bytes body) {
    connection.send(new Reply(xid, port.server().zxid(), error, body).encode());
  }
}
