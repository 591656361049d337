package dev.sidecarsim.app.zookeeper.client;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.zookeeper.wire.ClientFrames;
import dev.sidecarsim.app.zookeeper.wire.ConnectRequest;
import dev.sidecarsim.app.zookeeper.wire.ConnectResponse;
import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Timer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One session, from the first connection until a server says that it is over (ClientCnxn of 3.5 and
 * later).
 */
final class ClientHandle implements Channel.Handler<Bytes> {

  /** Who is told how the session goes. */
  interface Listener {
    void connected(int timeoutMillis);

    void disconnected();

    void expired();

    void watched(WatchEvent event);
  }

  private record Asked(int xid, Consumer<Reply> answer) {}

  /** How reports name whoever answers. */
  private static final String SERVER = "ZooKeeper";

  /** hostProvider.next(1000): the pause when every server has been asked. */
  private static final long SPIN = seconds(1);

  private static final int MOST_PAUSE_MILLIS = 1000;

  private static final ClientFrames FRAMES = new ClientFrames();

  private final Process process;
  private final ServerList servers;
  private final Random random;
  private final Encounters encounters;
  private final Listener listener;
  private final Deque<Asked> asked = new ArrayDeque<>();
  private int timeoutMillis;
  private long session;
  private long lastZxid;
  private int nextXid = 1;
  private boolean open;
  private boolean over;
  private @Nullable Channel<Bytes> channel;
  private @Nullable Timer silence;
  private @Nullable Timer ping;

  ClientHandle(
      Process process,
      ServerList servers,
      int timeoutMillis,
      Random random,
      Encounters encounters,
      Listener listener) {
    this.process = process;
    this.servers = servers;
    this.timeoutMillis = timeoutMillis;
    this.random = random;
    this.encounters = encounters;
    this.listener = listener;
  }

  /** Asks the first server. */
  void start() {
    servers.allAsked();
    dial();
  }

  boolean open() {
    return open;
  }

  // ---- the connection

  private void dial() {
    if (over) {
      return;
    }
    ServerList.Server server = servers.next();
    Optional<IpAddress> address = process.resolve(server.host()).stream().findFirst();
    if (address.isEmpty()) {
      encounters.failed(SERVER, server.port(), "no address for the name " + server.host());
      again();
      return;
    }
    Endpoint to = new Endpoint(address.get(), server.port());
    long limit = millis(timeoutMillis) / servers.size();
    channel = Channel.dial(process, Dial.to(to).within(limit), FRAMES, this);
    limitSilence(limit);
  }

  private void again() {
    long pause = millis(random.nextInt(MOST_PAUSE_MILLIS)) + (servers.allAsked() ? SPIN : 0);
    process.after(pause, this::dial);
  }

  @Override
  public void onOpen(Channel<Bytes> opened) {
    opened.send(new ConnectRequest(lastZxid, timeoutMillis, session).encode());
  }

  @Override
  public void onEnd(Channel<Bytes> same, End end) {
    lost(same, end.text());
  }

  /** ClientCnxn gives up a server of which it has not heard for two thirds of the time-out. */
  private void limitSilence(long nanos) {
    cancel(silence);
    Channel<Bytes> now = channel;
    silence =
        process.after(
            nanos,
            () -> {
              if (now != null) {
                now.close();
                lost(now, "no answer in time");
              }
            });
  }

  private void lost(Channel<Bytes> same, String why) {
    cancel(silence);
    cancel(ping);
    encounters.failed(SERVER, same.remote().port(), open ? "the connection was lost" : why);
    boolean was = open;
    open = false;
    if (was) {
      listener.disconnected();
    }
    while (!asked.isEmpty()) {
      Asked next = asked.remove();
      next.answer().accept(new Reply(next.xid(), 0, ErrorCode.CONNECTION_LOSS, Bytes.EMPTY));
    }
    again();
  }

  private static void cancel(@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Gives the session up; a server that hears of it ends it. */
  void close() {
    if (channel != null && !over) {
      over = true;
      cancel(silence);
      cancel(ping);
      channel.send(new Operation.CloseSession().encode(nextXid));
      channel.close();
    }
    over = true;
    open = false;
  }

  // ---- what servers say

  @Override
  public void onMessage(Channel<Bytes> same, Bytes record) {
    if (!open) {
      opened(ConnectResponse.decode(record));
      return;
    }
    limitSilence(millis(timeoutMillis) * 2 / 3);
    Reply reply = Reply.decode(record);
    lastZxid = Math.max(lastZxid, reply.zxid());
    if (reply.xid() == WatchEvent.XID) {
      listener.watched(WatchEvent.decode(record));
    } else if (reply.xid() != Operation.PING_XID && !asked.isEmpty()) {
      asked.remove().answer().accept(reply);
    }
  }

  private void opened(ConnectResponse response) {
    encounters.answered(SERVER, port());
    if (response.timeoutMillis() <= 0) {
      close();
      listener.expired();
      return;
    }
    servers.answered();
    open = true;
    session = response.session();
    timeoutMillis = response.timeoutMillis();
    limitSilence(millis(timeoutMillis) * 2 / 3);
    pingLater();
    listener.connected(timeoutMillis);
  }

  private int port() {
    return channel == null ? 0 : channel.remote().port();
  }

  // ---- what is asked

  /** Half of the time after which a silent server is given up, if nothing else is sent. */
  private void pingLater() {
    cancel(ping);
    ping =
        process.after(
            millis(timeoutMillis) / 3,
            () -> {
              send(new Operation.Ping().encode(Operation.PING_XID));
              pingLater();
            });
  }

  /** Asks the server that holds the session; there must be one. */
  void request(Operation operation, Consumer<Reply> answer) {
    int xid = nextXid++;
    asked.add(new Asked(xid, answer));
    send(operation.encode(xid));
    pingLater();
  }

  private void send(Bytes record) {
    if (channel != null) {
      channel.send(record);
    }
  }
}
