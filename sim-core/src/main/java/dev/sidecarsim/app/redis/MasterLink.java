package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.base.Splitter;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A replica's link to its master: PING, AUTH, REPLCONF, PSYNC, then the stream of writes. A link
 * that stood and breaks is tried again at once, and then each second (replicationCron).
 */
final class MasterLink implements Channel.Handler<Resp> {

  /** When a link broke that never stood. */
  static final long NEVER = Long.MIN_VALUE / 2;

  /** repl-timeout. */
  private static final long TIMEOUT = 60 * SECOND;

  /** How far it is, in ROLE's words. */
  enum Stage {
    CONNECT,
    CONNECTING,
    HANDSHAKE,
    SYNC,
    CONNECTED;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final RedisServer server;
  private final RedisConfig.Address master;
  private final MasterLinkLog lines;
  private MasterHandshake handshake;
  private @Nullable Channel<Resp> channel;
  private Stage stage = Stage.CONNECT;
  private String copiedId = Ids.NONE;
  private long copiedOffset;
  private long lastHeard;
  private long brokeAt;
  private OptionalLong upSince = OptionalLong.empty();
  private boolean stopped;

  /**
   * @param brokeAt when an earlier link of the server, that stood, broke
   */
  MasterLink(RedisServer server, RedisConfig.Address master, long brokeAt) {
    this.server = server;
    this.master = master;
    this.brokeAt = brokeAt;
    this.handshake = new MasterHandshake(server);
    this.lines = new MasterLinkLog(server.log());
  }

  void stop() {
    stopped = true;
    if (stage == Stage.CONNECTED) {
      lines.lost();
    }
    if (channel != null) {
      channel.close();
    }
  }

  RedisConfig.Address master() {
    return master;
  }

  boolean leadsTo(RedisConfig.Address other) {
    return master.host().equalsIgnoreCase(other.host()) && master.port() == other.port();
  }

  Stage stage() {
    return stage;
  }

  /** The connection to the master, while there is one. */
  Optional<Channel<Resp>> channel() {
    return Optional.ofNullable(channel).filter(Channel::isOpen);
  }

  /** Since when {@code master_link_status} is up. */
  OptionalLong upSince() {
    return upSince;
  }

  long secondsSinceHeard() {
    return (now() - lastHeard) / SECOND;
  }

  /** master_link_down_since_seconds; -1 if it never stood. */
  long secondsDown() {
    return brokeAt == NEVER ? -1 : (now() - brokeAt) / SECOND;
  }

  /** repl_down_since, as if the link broke now. */
  long brokeAt() {
    return upSince.isPresent() ? now() : brokeAt;
  }

  long dataAge() {
    return now() - (upSince.isPresent() ? lastHeard : brokeAt);
  }

  private long now() {
    return server.now();
  }

  private RedisLog log() {
    return server.log();
  }

  // ---- the call

  /** Once a second. */
  void cron() {
    if (stage == Stage.CONNECT) {
      connect("Connecting to");
    }
  }

  /**
   * Calls the master.
   *
   * @param verb how the log says it
   */
  void connect(String verb) {
    log().notice(verb + " MASTER " + master);
    List<IpAddress> found = server.process().resolve(master.host());
    if (found.isEmpty()) {
      log().warning("Unable to connect to MASTER: No such file or directory");
      server.encounters().failed(master.host(), master.port(), "no address for the name");
      return;
    }
    log().notice("MASTER <-> REPLICA sync started");
    stage = Stage.CONNECTING;
    channel =
        Channel.dial(
            server.process(),
            Dial.to(new Endpoint(found.get(0), master.port())).within(TIMEOUT),
            RespFraming.RESP,
            this);
  }

  private void broken() {
    brokeAt = brokeAt();
    upSince = OptionalLong.empty();
    stage = Stage.CONNECT;
  }

  @Override
  public void onOpen(Channel<Resp> opened) {
    log().notice("Non blocking connect for SYNC fired the event.");
    stage = Stage.HANDSHAKE;
    opened.limitSilence(TIMEOUT);
    handshake = new MasterHandshake(server);
    opened.send(Resp.command("PING"));
  }

  // ---- the conversation

  @Override
  public void onMessage(Channel<Resp> same, Resp message) {
    lastHeard = now();
    switch (stage) {
      case HANDSHAKE -> greeted(same, message);
      case SYNC -> copied(same, message);
      default -> replicated(message);
    }
  }

  private void greeted(Channel<Resp> same, Resp message) {
    boolean first = handshake.first();
    if (message instanceof Resp.Failure refused && !handshake.survives(refused)) {
      refused(same, refused.text(), first);
    } else if (message instanceof Resp.Simple line && answersPsync(line)) {
      answered(same, Splitter.on(' ').splitToList(line.text()));
    } else {
      if (first) {
        log().notice("Master replied to PING, replication can continue...");
      }
      same.send(handshake.next());
    }
  }

  private static boolean answersPsync(Resp.Simple line) {
    return line.text().startsWith("FULLRESYNC") || line.text().startsWith("CONTINUE");
  }

  private void refused(Channel<Resp> same, String why, boolean toPing) {
    lines.refused(why, toPing);
    server
        .encounters()
        .failed(master.host(), master.port(), "error reply: '-" + firstWords(why) + "'");
    same.close();
    broken();
  }

  private static String firstWords(String text) {
    return text.length() > 70 ? text.substring(0, 70) + "…" : text;
  }

  private void answered(Channel<Resp> same, List<String> words) {
    if (words.get(0).equals("CONTINUE")) {
      log().notice("Successful partial resynchronization with master.");
      if (server.replication().stream().continueAs(words.get(1))) {
        log().warning("Master replication ID changed to " + words.get(1));
        server.replication().replicas().dropAll();
      }
      log().notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
      up(same);
    } else {
      copiedId = words.get(1);
      copiedOffset = Long.parseLong(words.get(2));
      log().notice("Full resync from master: " + copiedId + ":" + copiedOffset);
      server.replication().continuable(false);
      stage = Stage.SYNC;
    }
  }

  private void copied(Channel<Resp> same, Resp message) {
    server.replication().replicas().dropAll();
    log().notice("MASTER <-> REPLICA sync: Flushing old data");
    log().notice("MASTER <-> REPLICA sync: Loading DB in memory");
    server.keys().load(message.print());
    server.replication().stream().adopt(copiedId, copiedOffset);
    log().notice("MASTER <-> REPLICA sync: Finished with success");
    up(same);
  }

  private void up(Channel<Resp> same) {
    server.replication().continuable(true);
    server.encounters().answered(master.host(), master.port());
    stage = Stage.CONNECTED;
    upSince = OptionalLong.of(now());
    acknowledge(same);
  }

  /** REPLCONF ACK each second. */
  private void acknowledge(Channel<Resp> same) {
    if (same.isOpen()) {
      String offset = Long.toString(server.replication().stream().offset());
      same.send(Resp.command("REPLCONF", "ACK", offset));
      server.process().after(SECOND, () -> acknowledge(same));
    }
  }

  private void replicated(Resp message) {
    List<String> words = message.words();
    if (words.size() == 3 && words.get(0).equals("SET")) {
      server.keys().set(words.get(1), words.get(2));
    } else if (words.size() == 3 && words.get(0).equals("PUBLISH")) {
      server.publish(words.get(1), words.get(2));
    }
    server.replication().pass(message);
  }

  @Override
  public void onEnd(Channel<Resp> same, End end) {
    if (stopped) {
      return;
    }
    server.encounters().ended(master.host(), master.port(), end);
    boolean stood = stage == Stage.CONNECTED;
    lines.ended(stage, end);
    broken();
    if (stood) {
      connect("Reconnecting to");
    }
  }
}
