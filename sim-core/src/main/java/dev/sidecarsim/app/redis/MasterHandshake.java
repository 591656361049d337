package dev.sidecarsim.app.redis;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a replica says to its master before it gets the stream (syncWithMaster). */
final class MasterHandshake {

  /**
   * Not of Redis: tells a report which pod calls. Nothing decides on it; a real replica is known by
   * its address only.
   */
  static final String POD = "sidecarsim-pod";

  private final Replication replication;
  private final RedisLog log;
  private final Deque<Resp> commands = new ArrayDeque<>();
  private boolean answered;

  MasterHandshake(RedisServer server) {
    this.replication = server.replication();
    this.log = server.log();
    ReplicationConfig config = server.config().replication();
    if (!config.masterAuth().isEmpty()) {
      commands.add(Resp.command("AUTH", config.masterAuth()));
    }
    int port = config.announcePort().orElse(server.config().port());
    commands.add(
        Resp.command(
            "REPLCONF", POD, server.config().pod(), "listening-port", Integer.toString(port)));
    config.announceIp().ifPresent(ip -> commands.add(Resp.command("REPLCONF", "ip-address", ip)));
    commands.add(Resp.command("REPLCONF", "capa", "eof", "capa", "psync2"));
  }

  /** Whether the answer that has come is the one to PING. */
  boolean first() {
    boolean first = !answered;
    answered = true;
    return first;
  }

  /** A master with a password may say so in answer to PING; AUTH is to come. */
  boolean survives(Resp.Failure refusal) {
    return commands.size() > 1 && refusal.text().startsWith("NOAUTH");
  }

  /** The next command; in the end PSYNC, from where the own stream ends. */
  Resp next() {
    return commands.isEmpty() ? psync() : commands.remove();
  }

  private Resp psync() {
    ReplicationStream stream = replication.stream();
    if (!replication.continuable()) {
      log.notice("Partial resynchronization not possible (no cached master)");
      return Resp.command("PSYNC", "?", "-1");
    }
    String next = Long.toString(stream.offset() + 1);
    log.notice("Trying a partial resynchronization (request %s:%s).".formatted(stream.id(), next));
    return Resp.command("PSYNC", stream.id(), next);
  }
}
