package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Witness;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The replicas of a server, as it knows them: by the address that their connection comes from,
 * unless they announce another one. A full copy is made in the background, for all that wait.
 */
final class Replicas {

  /** repl-timeout. */
  private static final long TIMEOUT = 60 * SECOND;

  /** A small copy on disk is made within a round of serverCron, which finds that it is there. */
  private static final long DISK_COPY = millis(100);

  /** How far a replica is, as INFO says it. */
  enum Stage {
    /** It has said REPLCONF and not asked for the stream: INFO does not show it. */
    GREETED(""),
    /** It waits for a copy to begin. */
    WAITING("wait_bgsave"),
    /** The copy is being made on disk. */
    COPYING("wait_bgsave"),
    /** The copy was sent and not acknowledged: INFO has no word for it. */
    SENT(""),
    ONLINE("online");

    private final String word;

    Stage(String word) {
      this.word = word;
    }
  }

  /** What REPLCONF and PSYNC have said of one of them. */
  static final class Replica {
    private final Channel<Resp> channel;
    private String pod = "?";
    private int port;
    private Optional<String> announced = Optional.empty();
    private Stage stage = Stage.GREETED;
    private long ackedOffset;
    private long ackedAt;
    private long waitsSince;

    Replica(Channel<Resp> channel) {
      this.channel = channel;
    }

    /** replicationGetSlaveName and INFO: the announced address, else getpeername. */
    String host() {
      return announced.orElseGet(() -> channel.remote().address().toString());
    }

    /** As the log names it. */
    String name() {
      return host() + ":" + port;
    }

    boolean shown() {
      return !stage.word.isEmpty();
    }

    boolean online() {
      return stage == Stage.ONLINE;
    }

    int port() {
      return port;
    }

    long ackedOffset() {
      return ackedOffset;
    }

    String infoLine(int index, long now) {
      return "slave%d:ip=%s,port=%d,state=%s,offset=%d,lag=%d"
          .formatted(
              index,
              host(),
              port,
              stage.word,
              ackedOffset,
              online() ? (now - ackedAt) / SECOND : 0);
    }
  }

  private final RedisServer server;
  private final Map<ClientSession, Replica> all = new LinkedHashMap<>();

  Replicas(RedisServer server) {
    this.server = server;
  }

  private ReplicationStream stream() {
    return server.replication().stream();
  }

  private Replica of(ClientSession session, Channel<Resp> channel) {
    return all.computeIfAbsent(session, any -> new Replica(channel));
  }

  /** REPLCONF option value …; answers as the server does. */
  Resp configure(ClientSession session, Channel<Resp> channel, List<String> options) {
    Replica replica = of(session, channel);
    for (int i = 0; i + 1 < options.size(); i += 2) {
      String value = options.get(i + 1);
      switch (options.get(i)) {
        case "listening-port" -> replica.port = Integer.parseInt(value);
        case "ip-address" -> replica.announced = Optional.of(value);
        case MasterHandshake.POD -> replica.pod = value;
        default -> {
          // capa: what the replica can do decides about nothing here.
        }
      }
    }
    return Resp.ok();
  }

  // ---- synchronising

  /** PSYNC: goes on where the replica is, if what it lacks is kept; else it waits for a copy. */
  void synchronise(ClientSession session, Channel<Resp> channel, String history, long from) {
    Replica replica = of(session, channel);
    channel.limitSilence(TIMEOUT);
    server.log().notice("Replica " + replica.name() + " asks for synchronization");
    Optional<ImmutableList<Resp>> missing = stream().since(history, from);
    if (missing.isPresent()) {
      goOn(replica, missing.get(), from);
    } else {
      copyLater(replica, history, from);
    }
  }

  private void goOn(Replica replica, List<Resp> missing, long from) {
    replica.stage = Stage.ONLINE;
    replica.ackedAt = server.now();
    replica.channel.send(new Resp.Simple("CONTINUE " + stream().id()));
    missing.forEach(replica.channel::send);
    server
        .log()
        .notice(
            ("Partial resynchronization request from %s accepted. Sending %d bytes of backlog"
                    + " starting from offset %d.")
                .formatted(replica.name(), stream().offset() + 1 - from, from));
  }

  private void copyLater(Replica replica, String history, long from) {
    if (history.equals("?")) {
      server.log().notice("Full resync requested by replica " + replica.name());
    } else {
      server.log().notice(refused(history, from));
    }
    if (stream().startKeeping()) {
      server
          .log()
          .notice(
              "Replication backlog created, my new replication IDs are '%s' and '%s'"
                  .formatted(stream().id(), stream().olderId()));
    }
    replica.waitsSince = server.now();
    replica.stage = Stage.WAITING;
    if (server.config().replication().disklessSync()) {
      server.log().notice("Delay next BGSAVE for diskless SYNC");
    } else {
      copyToDisk();
    }
  }

  private String refused(String history, long from) {
    ReplicationStream stream = stream();
    if (history.equals(stream.id())) {
      return "Unable to partial resync with replica for lack of backlog (Replica request was: %d)."
          .formatted(from);
    }
    String why =
        history.equals(stream.olderId())
            ? "Requested offset for second ID was %d, but I can reply up to %d"
                .formatted(from, stream.olderEnd())
            : "Replication ID mismatch (Replica asked for '%s', my replication IDs are '%s' and '%s')"
                .formatted(history, stream.id(), stream.olderId());
    return "Partial resynchronization not accepted: " + why;
  }

  /** Once a second: a copy straight to the sockets begins when one has waited long enough. */
  void cron() {
    long second = server.now() / SECOND;
    int delay = server.config().replication().syncDelay();
    List<Replica> waiting = in(Stage.WAITING);
    boolean due = waiting.stream().anyMatch(each -> second - each.waitsSince / SECOND >= delay);
    if (due && server.config().replication().disklessSync()) {
      server.log().notice("Starting BGSAVE for SYNC with target: replicas sockets");
      waiting.forEach(this::announceCopy);
      waiting.forEach(this::sendCopy);
    }
  }

  private void copyToDisk() {
    server.log().notice("Starting BGSAVE for SYNC with target: disk");
    List<Replica> waiting = in(Stage.WAITING);
    waiting.forEach(this::announceCopy);
    waiting.forEach(replica -> replica.stage = Stage.COPYING);
    server.process().after(DISK_COPY, () -> in(Stage.COPYING).forEach(this::sendCopy));
  }

  private void announceCopy(Replica replica) {
    replica.ackedOffset = 0;
    replica.channel.send(new Resp.Simple("FULLRESYNC " + stream().id() + " " + stream().offset()));
  }

  private void sendCopy(Replica replica) {
    replica.channel.send(Resp.bulk(server.keys().dump()));
    replica.stage = Stage.SENT;
  }

  /** REPLCONF ACK; the first one after a copy has the stream begin (replicaPutOnline). */
  void acked(ClientSession session, long offset) {
    Replica replica = all.get(session);
    if (replica != null) {
      replica.ackedOffset = offset;
      replica.ackedAt = server.now();
      if (replica.stage == Stage.SENT) {
        replica.stage = Stage.ONLINE;
        server.log().notice("Synchronization with replica " + replica.name() + " succeeded");
      }
    }
  }

  void forget(ClientSession session) {
    Replica gone = all.remove(session);
    if (gone != null && gone.stage != Stage.GREETED) {
      server.log().warning("Connection with replica " + gone.name() + " lost.");
    }
  }

  /** Replicas of a server whose history changes have to synchronise anew. */
  void dropAll() {
    List.copyOf(all.values()).forEach(replica -> replica.channel.close());
    all.clear();
  }

  /** To all that have a copy, or wait for one that was begun. */
  void send(Resp command) {
    all.values().stream()
        .filter(replica -> replica.stage == Stage.SENT || replica.online())
        .forEach(replica -> replica.channel.send(command));
  }

  // ---- who there is

  boolean isReplica(ClientSession session) {
    Replica replica = all.get(session);
    return replica != null && replica.stage != Stage.GREETED;
  }

  private ImmutableList<Replica> in(Stage stage) {
    return all.values().stream()
        .filter(replica -> replica.stage == stage)
        .collect(ImmutableList.toImmutableList());
  }

  ImmutableList<Replica> online() {
    return in(Stage.ONLINE);
  }

  /** All that have asked for the stream. */
  ImmutableList<Replica> attached() {
    return all.values().stream()
        .filter(replica -> replica.stage != Stage.GREETED)
        .collect(ImmutableList.toImmutableList());
  }

  /** How many have acknowledged within so many seconds (refreshGoodSlavesCount). */
  long within(int seconds) {
    return online().stream()
        .filter(replica -> (server.now() - replica.ackedAt) / SECOND <= seconds)
        .count();
  }

  ImmutableList<Link> links() {
    RedisConfig config = server.config();
    return online().stream()
        .map(replica -> Link.accepted(replica.pod, config.pod(), config.port(), replica.channel))
        .collect(ImmutableList.toImmutableList());
  }

  ImmutableList<Witness.BookEntry> book() {
    return online().stream()
        .map(replica -> new Witness.BookEntry(replica.pod, replica.host(), replica.port))
        .collect(ImmutableList.toImmutableList());
  }
}
