package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Member;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A running {@code redis-sentinel}. */
final class Sentinel implements Member {

  /** CONFIG_DEFAULT_HZ: sentinelTimer adds a random part to it, lest two ask for votes at once. */
  private static final int HERTZ = 10;

  /** SENTINEL_PUBLISH_PERIOD. */
  private static final long GREETING_PERIOD = 2 * SECOND;

  /** Events that sentinelEvent is given with LL_NOTICE; the others come as warnings. */
  private static final Set<String> NOTICES =
      Set.of("+slave", "+sentinel", "+slave-reconf-sent", "+convert-to-slave");

  private final Process process;
  private final SentinelConfig config;
  private final Random random;
  private final String runId;
  private final ImmutableList<WatchedMaster> masters;
  private final RedisLog log;
  private final List<String> events = new ArrayList<>();
  private final long startedAt;
  private long epoch;
  private long lastSecond;
  private long greetedAt;

  private Sentinel(
      Process process, SentinelConfig config, Random random, Consumer<Supplier<String>> output) {
    this.log = new RedisLog(process.namespace().scheduler(), output, () -> "X");
    this.process = process;
    this.config = config;
    this.random = random;
    this.runId = Ids.next(random);
    this.startedAt = now();
    this.lastSecond = startedAt;
    this.greetedAt = startedAt;
    this.masters =
        config.masters().stream()
            .map(monitor -> new WatchedMaster(this, monitor))
            .collect(ImmutableList.toImmutableList());
  }

  /**
   * Starts a Sentinel.
   *
   * @param process in which it runs; it exits with code 1 if its port cannot be bound
   * @param random for its run id, and for the time that keeps Sentinels from starting at once
   * @param output takes the lines of its log
   */
  static Sentinel start(
      Process process, SentinelConfig config, Random random, Consumer<Supplier<String>> output) {
    Sentinel sentinel = new Sentinel(process, config, random, output);
    Bound bound =
        process.listen(
            new Endpoint(IpAddress.ANY_V4, config.port()),
            connection ->
                Channel.accept(connection, RespFraming.RESP, new SentinelSession(sentinel)));
    if (bound instanceof Bound.Failed) {
      process.exit(1);
    } else {
      sentinel.masters.forEach(WatchedMaster::tellQuorum);
      sentinel.tick();
    }
    return sentinel;
  }

  private long now() {
    return process.namespace().scheduler().now();
  }

  private void tick() {
    boolean second = now() - lastSecond >= SECOND;
    lastSecond = second ? now() : lastSecond;
    masters.forEach(master -> master.tick(second));
    if (now() - greetedAt >= GREETING_PERIOD) {
      greetedAt = now();
      masters.forEach(this::greet);
    }
    process.after(SECOND / (HERTZ + random.nextInt(HERTZ)), this::tick);
  }

  // ---- greetings

  /** Publishes the own address and the master's, on the master and its replicas. */
  private void greet(WatchedMaster watched) {
    Stream.concat(Stream.of(watched.master()), watched.replicas().values().stream())
        .forEach(
            peer ->
                config
                    .announceIp()
                    .or(peer::ownAddress)
                    .ifPresent(own -> peer.ask(greeting(own, watched), answer -> {})));
  }

  private Resp greeting(String own, WatchedMaster watched) {
    RedisConfig.Address master = watched.master().address();
    return Resp.command(
        "PUBLISH",
        SentinelPeer.HELLO,
        String.join(
            ",",
            own,
            Integer.toString(config.port()),
            runId,
            Long.toString(epoch),
            watched.settings().name(),
            master.host(),
            Integer.toString(master.port()),
            Long.toString(watched.configEpoch())));
  }

  /** A greeting was published, perhaps the own one. */
  void greeted(String text) {
    List<String> parts = Splitter.on(',').splitToList(text);
    if (parts.size() != 8 || parts.get(2).equals(runId)) {
      return;
    }
    epochAtLeast(Long.parseLong(parts.get(3)));
    find(parts.get(4))
        .ifPresent(
            watched -> {
              watched.greetedBy(parts.get(2), address(parts.get(0), parts.get(1)));
              watched.update(
                  parts.get(2), address(parts.get(5), parts.get(6)), Long.parseLong(parts.get(7)));
            });
  }

  private static RedisConfig.Address address(String host, String port) {
    return new RedisConfig.Address(host, Integer.parseInt(port));
  }

  // ---- what the parts ask

  Optional<WatchedMaster> find(String name) {
    return masters.stream().filter(each -> each.settings().name().equals(name)).findFirst();
  }

  ImmutableList<WatchedMaster> masters() {
    return masters;
  }

  Random random() {
    return random;
  }

  String runId() {
    return runId;
  }

  long epoch() {
    return epoch;
  }

  long nextEpoch() {
    epochAtLeast(epoch + 1);
    return epoch;
  }

  void epochAtLeast(long seen) {
    if (seen > epoch) {
      epoch = seen;
      event("+new-epoch", Long.toString(epoch));
    }
  }

  /** Names are addresses only with {@code resolve-hostnames}. */
  boolean usable(String host) {
    return !host.isEmpty() && (config.resolveHostnames() || IpAddress.isLiteral(host));
  }

  /** A line of the log, as {@code +sdown master mymaster 10.0.0.1 6379}. */
  void event(String type, String what) {
    events.add(type + " " + what);
    if (NOTICES.contains(type)) {
      log.notice(type + " " + what);
    } else {
      log.warning(type + " " + what);
    }
  }

  ImmutableList<String> events() {
    return ImmutableList.copyOf(events);
  }

  // ---- as a member

  @Override
  public String pod() {
    return config.pod();
  }

  @Override
  public Process process() {
    return process;
  }

  @Override
  public String state() {
    return masters.stream().anyMatch(WatchedMaster::objectivelyDown) ? "odown" : "monitoring";
  }

  @Override
  public Optional<String> role() {
    return Optional.of("observer");
  }

  @Override
  public OptionalLong servingSince() {
    return OptionalLong.of(startedAt);
  }

  @Override
  public boolean agreesWith(Member other) {
    return other instanceof Sentinel;
  }

  @Override
  public ImmutableList<Link> links() {
    return ImmutableList.of();
  }

  @Override
  public ImmutableList<BookEntry> book() {
    return ImmutableList.of();
  }

  /** Who is down for it, and how its failovers ended. */
  @Override
  public ImmutableList<String> troubles() {
    ImmutableList.Builder<String> troubles = ImmutableList.builder();
    for (WatchedMaster watched : masters) {
      watched.replicas().values().stream()
          .filter(watched::isDown)
          .forEach(
              peer ->
                  troubles.add(pod() + " (Sentinel) sees slave " + peer.address() + " as s_down"));
      if (watched.objectivelyDown()) {
        troubles.add(
            pod()
                + " (Sentinel) agrees with others that master "
                + watched.master().address()
                + " is down");
      }
    }
    events.stream()
        .filter(event -> event.startsWith("-failover-abort"))
        .distinct()
        .forEach(event -> troubles.add(pod() + " (Sentinel) " + event));
    return troubles.build();
  }
}
