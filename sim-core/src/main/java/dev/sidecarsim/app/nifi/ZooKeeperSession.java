package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.zookeeper.wire.ClientFrames;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * A client of ZooKeeper that wants a session: it asks one server after the other. A server that
 * does not serve closes the connection at once; one that does keeps it.
 */
final class ZooKeeperSession implements ConnectionHandler {

  private static final long PAUSE = seconds(1);

  /** A connection that stands so long after the request is one to a server that serves. */
  private static final long PROOF = seconds(2);

  /** A third of the time-out that is asked for. */
  private static final long PING = seconds(10);

  private final Process process;
  private final List<String> servers;
  private final Encounters encounters;
  private int next;
  private boolean open;

  ZooKeeperSession(Process process, List<String> servers, Encounters encounters) {
    this.process = process;
    this.servers = servers;
    this.encounters = encounters;
  }

  boolean open() {
    return open;
  }

  /** Tries the next server. */
  void connect() {
    if (servers.isEmpty()) {
      encounters.note("has no ZooKeeper: nifi.zookeeper.connect.string is empty");
      return;
    }
    String server = servers.get(next++ % servers.size());
    int colon = server.indexOf(':');
    String host = colon < 0 ? server : server.substring(0, colon);
    String rest = colon < 0 ? "2181" : server.substring(colon + 1);
    int port = Endpoint.parsePort(rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest);
    List<IpAddress> found = process.resolve(host);
    if (found.isEmpty()) {
      encounters.failed(host, port, "no address for the name");
      process.after(PAUSE, this::connect);
    } else {
      process.connect(Dial.to(new Endpoint(found.get(0), port)), this);
    }
  }

  /** ConnectRequest: protocol version, last zxid, time-out, session id, password, read-only. */
  @Override
  public void onConnected(Connection connection) {
    ByteBuffer request = ByteBuffer.allocate(4 + 45);
    request.putInt(45).putInt(0).putLong(0).putInt(30_000).putLong(0).putInt(16);
    connection.send(Bytes.of(request.array()));
    pingLater(connection);
    process.after(
        PROOF,
        () -> {
          if (connection.state().name().equals("ESTABLISHED")) {
            open = true;
            encounters.answered("ZooKeeper", connection.remote().port());
          }
        });
  }

  private void pingLater(Connection connection) {
    process.after(
        PING,
        () -> {
          if (connection.state().name().equals("ESTABLISHED")) {
            Bytes ping = new Operation.Ping().encode(Operation.PING_XID);
            connection.send(new ClientFrames().encode(ping));
            pingLater(connection);
          }
        });
  }

  @Override
  public void onEof(Connection connection) {
    connection.close();
    ended(connection, "accepted, then closed: that server does not serve");
  }

  @Override
  public void onReset(Connection connection) {
    ended(connection, "accepted, then reset");
  }

  @Override
  public void onFailed(Connection connection, ConnectFailure failure) {
    ended(connection, failure.message().toLowerCase(Locale.ROOT));
  }

  private void ended(Connection connection, String what) {
    open = false;
    encounters.failed("ZooKeeper", connection.remote().port(), what);
    process.after(PAUSE, this::connect);
  }
}
