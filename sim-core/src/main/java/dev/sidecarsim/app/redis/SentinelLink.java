package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Sentinel's connections to somebody: one for commands, and to a server another one on which the
 * Sentinels' greetings come in (instanceLink). Commands wait while a connection is being opened.
 */
final class SentinelLink {

  static final String HELLO = "__sentinel__:hello";

  /** SENTINEL_PING_PERIOD, which is how often a connection is tried too. */
  static final long PING_PERIOD = SECOND;

  /** SENTINEL_MIN_LINK_RECONNECT_PERIOD. */
  private static final long RECONNECT_PERIOD = 15 * SECOND;

  /** Three times SENTINEL_PUBLISH_PERIOD. */
  private static final long QUIET = 6 * SECOND;

  /** SENTINEL_MAX_PENDING_COMMANDS. */
  private static final int MOST_PENDING = 100;

  private static final long NEVER = Long.MIN_VALUE / 2;

  private final Process process;
  private final Optional<Consumer<String>> greeted;
  private final String password;
  private final String clientName;
  private @Nullable Half commands;
  private @Nullable Half greetings;
  private boolean whole;
  private long triedAt = NEVER;
  private long pingedAt = NEVER;
  private long availableAt;
  private long pongAt;
  private long greetedAt;
  private Optional<Long> unanswered;

  /**
   * @param greeted is told each greeting that is published there; empty for a Sentinel
   * @param password empty for none
   * @param clientName as CLIENT LIST there has it, without the kind of connection
   */
  SentinelLink(
      Process process, Optional<Consumer<String>> greeted, String password, String clientName) {
    this.process = process;
    this.greeted = greeted;
    this.password = password;
    this.clientName = clientName;
    this.availableAt = now();
    this.pongAt = now();
    // As if it had been pinged, so that somebody who is never reached is down in time.
    this.unanswered = Optional.of(now());
  }

  private long now() {
    return process.namespace().scheduler().now();
  }

  // ---- what is asked of it

  /** Whether both connections are open, or being opened. */
  boolean whole() {
    return whole;
  }

  /** getsockname(2) of the connection, which a Sentinel tells others as its own address. */
  Optional<String> ownAddress() {
    return Optional.ofNullable(commands)
        .flatMap(Half::open)
        .map(channel -> channel.local().address().toString());
  }

  int pending() {
    return commands == null ? 0 : commands.expected.size();
  }

  boolean overloaded() {
    return pending() >= MOST_PENDING;
  }

  /** For how long a ping has not been answered, or the connection not been whole. */
  long silence() {
    return unanswered.map(since -> now() - since).orElse(whole ? 0 : now() - availableAt);
  }

  long sinceUnansweredPing() {
    return unanswered.map(since -> now() - since).orElse(0L);
  }

  long sinceAvailable() {
    return now() - availableAt;
  }

  long sincePong() {
    return now() - pongAt;
  }

  // ---- what it does

  /** Whether connections are missing, and it is time to try again. */
  boolean mayConnect() {
    boolean due = now() - triedAt >= PING_PERIOD;
    triedAt = !whole && due ? now() : triedAt;
    return !whole && due;
  }

  boolean lacksCommands() {
    return commands == null;
  }

  /** Opens what is missing. */
  void connect(IpAddress address, int port) {
    Endpoint to = new Endpoint(address, port);
    if (commands == null) {
      commands = new Half(to, "cmd", answer -> {});
      ping();
    }
    if (greeted.isPresent() && greetings == null) {
      greetedAt = now();
      greetings = new Half(to, "pubsub", this::heard);
      greetings.ask(Resp.command("SUBSCRIBE", HELLO), answer -> {});
    }
    whole = true;
  }

  void stop() {
    drop(commands);
    drop(greetings);
  }

  /** Sends a command; the answer is dropped if the connection ends before it comes. */
  void ask(Resp command, Consumer<Resp> answered) {
    if (commands != null) {
      commands.ask(command, answered);
    }
  }

  void pingIfDue(long period) {
    if (sincePong() > period && now() - pingedAt > period / 2) {
      ping();
    }
  }

  private void ping() {
    pingedAt = now();
    unanswered = unanswered.or(() -> Optional.of(now()));
    ask(Resp.command("PING"), this::ponged);
  }

  private void ponged(Resp answer) {
    String text = answer.print();
    if (text.startsWith("PONG") || text.startsWith("LOADING") || text.startsWith("MASTERDOWN")) {
      availableAt = now();
      unanswered = Optional.empty();
    }
    pongAt = now();
  }

  private void heard(Resp message) {
    greetedAt = now();
    List<String> words = message.words();
    if (words.size() == 3 && words.get(0).equals("message")) {
      greeted.orElseThrow().accept(words.get(2));
    }
  }

  /** Closes connections that look open and bring nothing. */
  void closeIfStuck(long downAfter) {
    if (commands != null
        && now() - commands.openedAt > RECONNECT_PERIOD
        && sinceUnansweredPing() > downAfter / 2
        && sincePong() > downAfter / 2) {
      drop(commands);
    }
    if (greetings != null
        && now() - greetings.openedAt > RECONNECT_PERIOD
        && now() - greetedAt > QUIET) {
      drop(greetings);
    }
  }

  private void drop(@Nullable Half half) {
    if (half != null) {
      half.channel.close();
      half.lost();
    }
  }

  /** One of the two connections. */
  private final class Half implements Channel.Handler<Resp> {
    private final Deque<Resp> unsent = new ArrayDeque<>();
    private final Deque<Consumer<Resp>> expected = new ArrayDeque<>();
    private final Consumer<Resp> unasked;
    private final long openedAt = now();
    private final Channel<Resp> channel;

    Half(Endpoint to, String kind, Consumer<Resp> unasked) {
      this.unasked = unasked;
      if (!password.isEmpty()) {
        ask(Resp.command("AUTH", password), answer -> {});
      }
      ask(Resp.command("CLIENT", "SETNAME", clientName + "-" + kind), answer -> {});
      channel = Channel.dial(process, Dial.to(to), RespFraming.RESP, this);
    }

    Optional<Channel<Resp>> open() {
      return Optional.of(channel).filter(Channel::isOpen);
    }

    void ask(Resp command, Consumer<Resp> answered) {
      expected.add(answered);
      unsent.add(command);
      if (channel != null && channel.isOpen()) {
        flush(channel);
      }
    }

    private void flush(Channel<Resp> to) {
      while (!unsent.isEmpty()) {
        to.send(unsent.remove());
      }
    }

    @Override
    public void onOpen(Channel<Resp> opened) {
      flush(opened);
    }

    @Override
    public void onMessage(Channel<Resp> same, Resp message) {
      Consumer<Resp> waiting = expected.poll();
      (waiting == null ? unasked : waiting).accept(message);
    }

    @Override
    public void onEnd(Channel<Resp> same, End end) {
      lost();
    }

    private void lost() {
      commands = commands == this ? null : commands;
      greetings = greetings == this ? null : greetings;
      whole = false;
    }
  }
}
