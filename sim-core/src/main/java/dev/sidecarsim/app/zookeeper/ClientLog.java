package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.function.Supplier;

/** What a server logs of its clients and their sessions, in the words of 3.7.0. */
final class ClientLog {

  private static final String WORKER = "NIOWorkerThread-1";

  private final ZooKeeperConfig config;
  private final LogWriter writer;

  ClientLog(ZooKeeperConfig config, LogWriter writer) {
    this.config = config;
    this.writer = writer;
  }

  void word(String word, Endpoint caller) {
    writer.line(
        LogLevel.INFO,
        WORKER,
        "NIOServerCnxn@514",
        () -> "Processing " + word + " command from /" + caller);
  }

  void tooMany(IpAddress address) {
    ClientAccess clients = config.clients();
    writer.line(
        LogLevel.WARN,
        "NIOServerCxnFactory.AcceptThread:%s/%s:%d"
            .formatted(clients.host(), clients.host(), clients.port()),
        "NIOServerCnxnFactory$AcceptThread@289",
        () ->
            "Error accepting new connection: Too many connections from /%s - max is %d"
                .formatted(address, clients.maxPerAddress()));
  }

  /** A client that would begin a session, while the server does not serve. */
  void notRunning() {
    writer.line(LogLevel.WARN, WORKER, "NIOServerCnxn@380", () -> "Close of session 0x0");
    writer.below(LogLevel.WARN, () -> "java.io.IOException: ZooKeeperServer not running");
  }

  /** A client ends its connection, and not its session. */
  void gone(long session, Endpoint client) {
    writer.line(LogLevel.WARN, WORKER, "NIOServerCnxn@371", () -> "Unexpected exception");
    writer.below(
        LogLevel.WARN,
        () ->
            ("EndOfStreamException: Unable to read additional data from client, it probably closed"
                    + " the socket: address = /%s, session = 0x%x")
                .formatted(client, session));
  }

  private void session(LogLevel level, String thread, String place, Supplier<String> text) {
    writer.line(level, thread, place, text);
  }

  /** A session counts with all servers. */
  void begun(long session, boolean leads) {
    session(
        LogLevel.INFO,
        "CommitProcessor:" + config.myId(),
        leads ? "LeaderSessionTracker@104" : "LearnerSessionTracker@116",
        () -> "Committing global session 0x" + Long.toHexString(session));
  }

  void expiring(long session, int timeoutMillis) {
    session(
        LogLevel.INFO,
        "SessionTracker",
        "ZooKeeperServer@628",
        () -> "Expiring session 0x%x, timeout of %dms exceeded".formatted(session, timeoutMillis));
  }

  void invalidSession(long session, Endpoint client) {
    session(
        LogLevel.INFO,
        WORKER,
        "ZooKeeperServer@1077",
        () -> "Invalid session 0x%x for client /%s, probably expired".formatted(session, client));
  }

  /** The client has heard of transactions that this server has not. */
  void seesTooMuch(Endpoint client, long seen, long own) {
    session(
        LogLevel.INFO,
        WORKER,
        "ZooKeeperServer@",
        () ->
            ("Refusing session request for client /%s as it has seen zxid 0x%x our last zxid is"
                    + " 0x%x client must try another server")
                .formatted(client, seen, own));
  }
}
