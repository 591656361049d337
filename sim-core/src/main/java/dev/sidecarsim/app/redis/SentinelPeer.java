package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import com.google.common.base.Splitter;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whom a Sentinel watches: the master, a replica or another Sentinel. It is pinged each
 * second over one connection; on a second one the Sentinels' greetings come in.
 */
final class SentinelPeer {

  static final String HELLO = "__sentinel__:hello";

  private static final long RECONNECT = SECOND;

  /** SENTINEL_MIN_LINK_RECONNECT_PERIOD. */
  private static final long CONNECT_TIMEOUT = 15 * SECOND;

  private final Process process;
  private final RedisConfig.Address address;
  private final SentinelConfig.Monitor settings;
  private final boolean subscribes;
  private final Deque<Consumer<Resp>> expected = new ArrayDeque<>();
  private final Consumer<String> greeted;
  private final Map<String, String> info = new LinkedHashMap<>();
  private @Nullable Channel<Resp> commands;
  private @Nullable Channel<Resp> greetings;
  private boolean connecting;
  private boolean stopped;
  private long lastDial = Long.MIN_VALUE / 2;
  private long lastAvailable;
  private long infoAt = Long.MIN_VALUE / 2;
  private long infoAskedAt = Long.MIN_VALUE / 2;
  private long masterSince = Long.MIN_VALUE / 2;

  /**
   * @param settings of the master: its password, and the silence that makes somebody down
   * @param greeted is told each greeting of a Sentinel that is published here
   */
  SentinelPeer(
      Process process,
      RedisConfig.Address address,
      SentinelConfig.Monitor settings,
      boolean subscribes,
      Consumer<String> greeted) {
    this.process = process;
    this.address = address;
    this.settings = settings;
    this.subscribes = subscribes;
    this.greeted = greeted;
    this.lastAvailable = now();
  }

  RedisConfig.Address address() {
    return address;
  }

  long now() {
    return process.namespace().scheduler().now();
  }

  boolean connected() {
    return commands != null && commands.isOpen();
  }

  /** getsockname(2) of the connection, which a Sentinel tells others as its own address. */
  Optional<String> ownAddress() {
    return connected() && commands != null
        ? Optional.of(commands.local().address().toString())
        : Optional.empty();
  }

  long silence() {
    return now() - lastAvailable;
  }

  long infoAge() {
    return now() - infoAt;
  }

  /** A field of the last INFO. */
  String info(String field) {
    return info.getOrDefault(field, "");
  }

  Map<String, String> info() {
    return info;
  }

  /** For how long it has said of itself that it is a master; 0 if it does not. */
  long masterFor() {
    return info("role").equals("master") ? now() - masterSince : 0;
  }

  void stop() {
    stopped = true;
    drop(commands);
    drop(greetings);
  }

  private static void drop(@Nullable Channel<Resp> channel) {
    if (channel != null) {
      channel.close();
    }
  }

  /** Connects if it is time to, pings, and asks for INFO as often as given. */
  void tick(boolean second, long infoPeriod) {
    if (!connected() && !connecting && now() - lastDial >= RECONNECT) {
      connect();
    } else if (stuck()) {
      drop(commands);
      drop(greetings);
    } else if (connected()) {
      if (second) {
        ask(Resp.command("PING"), this::ponged);
      }
      if (infoPeriod > 0 && now() - infoAskedAt >= infoPeriod) {
        infoAskedAt = now();
        ask(Resp.command("INFO"), this::read);
      }
    }
  }

  /** Whether a connection of some age brings no answers: sentinelCheckSubjectivelyDown. */
  private boolean stuck() {
    return connected()
        && now() - lastDial > CONNECT_TIMEOUT
        && silence() > settings.downAfterNanos() / 2;
  }

  /** Sends a command; the answer is dropped if the connection ends before it comes. */
  void ask(Resp command, Consumer<Resp> answered) {
    if (connected() && commands != null) {
      expected.add(answered);
      commands.send(command);
    }
  }

  private void ponged(Resp answer) {
    String text = answer.print();
    if (text.startsWith("PONG") || text.startsWith("LOADING") || text.startsWith("MASTERDOWN")) {
      lastAvailable = now();
    }
  }

  private void read(Resp answer) {
    boolean wasMaster = info("role").equals("master");
    info.clear();
    for (String line : Splitter.on("\r\n").split(answer.print())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        info.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    infoAt = now();
    if (!wasMaster && info("role").equals("master")) {
      masterSince = now();
    }
  }

  private void connect() {
    List<IpAddress> found = process.resolve(address.host());
    lastDial = now();
    if (found.isEmpty()) {
      return;
    }
    connecting = true;
    Dial dial = Dial.to(new Endpoint(found.get(0), address.port())).within(CONNECT_TIMEOUT);
    expected.clear();
    commands = Channel.dial(process, dial, RespFraming.RESP, new Commands());
    if (subscribes) {
      drop(greetings);
      greetings = Channel.dial(process, dial, RespFraming.RESP, new Greetings());
    }
  }

  private void authenticate(Channel<Resp> channel) {
    if (authenticates()) {
      channel.send(Resp.command("AUTH", settings.password()));
    }
  }

  private boolean authenticates() {
    return !settings.password().isEmpty() && subscribes;
  }

  private final class Commands implements Channel.Handler<Resp> {
    @Override
    public void onOpen(Channel<Resp> channel) {
      connecting = false;
      if (authenticates()) {
        expected.add(answer -> {});
      }
      authenticate(channel);
      process.after(millis(1), () -> tick(true, 0));
    }

    @Override
    public void onMessage(Channel<Resp> channel, Resp message) {
      Consumer<Resp> waiting = expected.poll();
      if (waiting != null) {
        waiting.accept(message);
      }
    }

    @Override
    public void onEnd(Channel<Resp> channel, End end) {
      connecting = false;
      expected.clear();
    }
  }

  private final class Greetings implements Channel.Handler<Resp> {
    @Override
    public void onOpen(Channel<Resp> channel) {
      authenticate(channel);
      channel.send(Resp.command("SUBSCRIBE", HELLO));
    }

    @Override
    public void onMessage(Channel<Resp> channel, Resp message) {
      List<String> words = message.words();
      if (!stopped && words.size() == 3 && words.get(0).equals("message")) {
        greeted.accept(words.get(2));
      }
    }
  }
}
