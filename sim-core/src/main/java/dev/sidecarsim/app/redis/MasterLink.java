package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.base.Splitter;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A replica's link to its master: PING, AUTH, REPLCONF, PSYNC, then the stream of writes. A link
 * that breaks is tried again each second (replicationCron).
 */
final class MasterLink implements Channel.Handler<Resp> {

  /**
   * Not of Redis: tells a report which pod calls. Nothing decides on it; a real replica is known by
   * its address only.
   */
  static final String POD = "sidecarsim-pod";

  /** When a link broke that never stood. */
  static final long NEVER = Long.MIN_VALUE / 2;

  /** repl-timeout. */
  private static final long TIMEOUT = 60 * SECOND;

  private static final long CRON = SECOND;

  private final RedisServer server;
  private final RedisConfig.Address master;
  private final Deque<Resp> handshake = new ArrayDeque<>();
  private @Nullable Channel<Resp> channel;
  private String replicationId = Ids.NONE;
  private String state = "connect";
  private long syncOffset;
  private long lastHeard;
  private long brokeAt;
  private OptionalLong upSince = OptionalLong.empty();
  private boolean pinged;
  private boolean stopped;

  /**
   * @param brokeAt when an earlier link of the server, that stood, broke
   */
  MasterLink(RedisServer server, RedisConfig.Address master, long brokeAt) {
    this.server = server;
    this.master = master;
    this.brokeAt = brokeAt;
  }

  void start() {
    process().after(0, this::connect);
  }

  void stop() {
    stopped = true;
    if (channel != null) {
      channel.close();
    }
  }

  RedisConfig.Address master() {
    return master;
  }

  /** ROLE's word: connect, connecting, sync or connected. */
  String state() {
    return state;
  }

  /** Since when {@code master_link_status} is up. */
  OptionalLong upSince() {
    return upSince;
  }

  String replicationId() {
    return replicationId;
  }

  long secondsSinceHeard() {
    return (now() - lastHeard) / SECOND;
  }

  /** repl_down_since, as if the link broke now. */
  long brokeAt() {
    return upSince.isPresent() ? now() : brokeAt;
  }

  long dataAge() {
    return now() - (upSince.isPresent() ? lastHeard : brokeAt);
  }

  private Process process() {
    return server.process();
  }

  private long now() {
    return process().namespace().scheduler().now();
  }

  // ---- the call

  private void connect() {
    if (stopped) {
      return;
    }
    List<IpAddress> found = process().resolve(master.host());
    if (found.isEmpty()) {
      server.encounters().failed(master.host(), master.port(), "no address for the name");
      retry();
      return;
    }
    state = "connecting";
    channel =
        Channel.dial(
            process(),
            Dial.to(new Endpoint(found.get(0), master.port())).within(TIMEOUT),
            RespFraming.RESP,
            this);
  }

  private void retry() {
    brokeAt = brokeAt();
    upSince = OptionalLong.empty();
    state = "connect";
    process().after(CRON, this::connect);
  }

  @Override
  public void onOpen(Channel<Resp> opened) {
    opened.limitSilence(TIMEOUT);
    handshake.clear();
    pinged = false;
    RedisConfig config = server.config();
    if (!config.masterAuth().isEmpty()) {
      handshake.add(Resp.command("AUTH", config.masterAuth()));
    }
    int port = config.replicaAnnouncePort().orElse(config.port());
    handshake.add(
        Resp.command("REPLCONF", POD, config.pod(), "listening-port", Integer.toString(port)));
    config
        .replicaAnnounceIp()
        .ifPresent(ip -> handshake.add(Resp.command("REPLCONF", "ip-address", ip)));
    handshake.add(Resp.command("REPLCONF", "capa", "eof", "capa", "psync2"));
    opened.send(Resp.command("PING"));
  }

  // ---- the conversation

  @Override
  public void onMessage(Channel<Resp> same, Resp message) {
    lastHeard = now();
    if (state.equals("connecting")) {
      greeted(same, message);
    } else if (state.equals("sync")) {
      synchronised(same, message);
    } else {
      replicated(message);
    }
  }

  private void greeted(Channel<Resp> same, Resp message) {
    boolean first = !pinged;
    pinged = true;
    boolean fine =
        !(message instanceof Resp.Failure refused)
            || (first && refused.text().startsWith("NOAUTH"));
    if (!fine) {
      server
          .encounters()
          .failed(master.host(), master.port(), "error reply: '-" + firstWords(message) + "'");
      same.close();
      retry();
    } else if (message instanceof Resp.Simple line && line.text().startsWith("FULLRESYNC")) {
      List<String> words = Splitter.on(' ').splitToList(line.text());
      replicationId = words.get(1);
      syncOffset = Long.parseLong(words.get(2));
      state = "sync";
    } else if (handshake.isEmpty()) {
      same.send(Resp.command("PSYNC", "?", "-1"));
    } else {
      same.send(handshake.removeFirst());
    }
  }

  private static String firstWords(Resp message) {
    String text = message.print();
    return text.length() > 70 ? text.substring(0, 70) + "…" : text;
  }

  private void synchronised(Channel<Resp> same, Resp message) {
    server.keys().load(message.print(), syncOffset);
    server.encounters().answered(master.host(), master.port());
    state = "connected";
    upSince = OptionalLong.of(now());
    acknowledge(same);
  }

  /** REPLCONF ACK each second. */
  private void acknowledge(Channel<Resp> same) {
    if (same.isOpen()) {
      same.send(Resp.command("REPLCONF", "ACK", Long.toString(server.keys().offset())));
      process().after(SECOND, () -> acknowledge(same));
    }
  }

  private void replicated(Resp message) {
    List<String> words = message.words();
    server.keys().advance(message.encode().length());
    if (words.size() == 3 && words.get(0).equals("SET")) {
      server.keys().set(words.get(1), words.get(2));
    } else if (words.size() == 3 && words.get(0).equals("PUBLISH")) {
      server.publish(words.get(1), words.get(2));
    }
    server.replicas().send(message);
  }

  @Override
  public void onEnd(Channel<Resp> same, End end) {
    if (!stopped) {
      server.encounters().ended(master.host(), master.port(), end);
      retry();
    }
  }
}
