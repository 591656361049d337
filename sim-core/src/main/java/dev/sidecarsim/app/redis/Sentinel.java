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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A running {@code redis-sentinel}. */
final class Sentinel implements Member {

  /** CONFIG_DEFAULT_HZ: sentinelTimer adds a random part to it, lest two ask for votes at once. */
  private static final int HERTZ = 10;

  private final Process process;
  private final SentinelConfig config;
  private final Random random;
  private final String runId;
  private final ImmutableList<WatchedMaster> masters;
  private final SentinelLog log;
  private final long startedAt;
  private long epoch;

  private Sentinel(
      Process process, SentinelConfig config, Random random, Consumer<Supplier<String>> output) {
    this.log =
        new SentinelLog(
            new RedisLog(process.namespace().scheduler(), output, () -> "X"), config.release());
    this.process = process;
    this.config = config;
    this.random = random;
    this.runId = Ids.next(random);
    this.startedAt = now();
    this.masters =
        config.masters().stream().map(this::watch).collect(ImmutableList.toImmutableList());
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
      sentinel.tellStart();
      sentinel.tick();
    }
    return sentinel;
  }

  private void tellStart() {
    log.begin(config.port(), runId);
    masters.forEach(
        master -> log.event("+monitor", master.title() + " quorum " + master.settings().quorum()));
  }

  private WatchedMaster watch(SentinelConfig.Monitor monitor) {
    RedisConfig.Address address = monitor.address();
    WatchedMaster master =
        new WatchedMaster(
            this,
            monitor,
            resolve(address.host(), address.port())
                .orElseGet(() -> SentinelAddress.unresolved(address.host(), address.port())));
    monitor.known().stream()
        .flatMap(replica -> lookUp(replica.host(), replica.port()).stream())
        .forEach(master::add);
    return master;
  }

  private void tick() {
    masters.forEach(WatchedMaster::tick);
    process.after(SECOND / (HERTZ + random.nextInt(HERTZ)), this::tick);
  }

  long now() {
    return process.namespace().scheduler().now();
  }

  // ---- addresses

  /** What somebody's name or address leads to now; empty if it leads nowhere. */
  Optional<SentinelAddress> resolve(String host, int port) {
    Optional<SentinelAddress> found = lookUp(host, port);
    if (found.isEmpty()) {
      log.tell("Failed to resolve hostname '" + host + "'");
    }
    return found;
  }

  private Optional<SentinelAddress> lookUp(String host, int port) {
    return SentinelAddress.of(process, config.resolveHostnames(), host, port);
  }

  /** The same for somebody who is to be watched: a name may have no address yet. */
  Optional<SentinelAddress> acceptable(String host, int port) {
    return resolve(host, port)
        .or(
            () ->
                Optional.of(SentinelAddress.unresolved(host, port))
                    .filter(name -> config.resolveHostnames() && !host.isEmpty()));
  }

  /** Whether a name or address leads to a known address now. */
  boolean resolvesTo(String host, SentinelAddress address) {
    return lookUp(host, address.port()).filter(address::sameAs).isPresent();
  }

  /** As commands and events have it: the address, unless names are announced. */
  String shown(SentinelAddress address) {
    return config.announceHostnames() ? address.host() : address.ip();
  }

  Optional<String> announcedIp() {
    return config.announceIp();
  }

  int announcedPort() {
    return config.announcePort().orElse(config.port());
  }

  /** A pair of connections, as yet unopened. */
  SentinelLink link(Optional<Consumer<String>> greeted, String password) {
    return new SentinelLink(process, greeted, password, "sentinel-" + runId.substring(0, 8));
  }

  String password() {
    return config.password();
  }

  // ---- greetings

  /** A greeting was published, perhaps the own one. */
  void greeted(String text) {
    List<String> parts = Splitter.on(',').splitToList(text);
    if (parts.size() != 8 || parts.get(2).equals(runId)) {
      return;
    }
    find(parts.get(4))
        .ifPresent(
            watched -> {
              Optional<OtherSentinel> from =
                  watched.greetedBy(parts.get(2), parts.get(0), Integer.parseInt(parts.get(1)));
              epochAtLeast(Long.parseLong(parts.get(3)));
              int port = Integer.parseInt(parts.get(6));
              from.ifPresent(
                  other -> watched.update(other, parts.get(5), port, Long.parseLong(parts.get(7))));
            });
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

  /** The epoch of a failover of the own. */
  long nextEpoch() {
    epoch++;
    log.event("+new-epoch", Long.toString(epoch));
    return epoch;
  }

  void epochAtLeast(long seen) {
    if (seen > epoch) {
      epoch = seen;
      log.saved();
      log.event("+new-epoch", Long.toString(epoch));
    }
  }

  SentinelLog log() {
    return log;
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
    masters.forEach(
        watched -> watched.troubles().forEach(text -> troubles.add(pod() + " (Sentinel) " + text)));
    log.events().stream()
        .filter(event -> event.startsWith("-failover-abort"))
        .distinct()
        .forEach(event -> troubles.add(pod() + " (Sentinel) " + event));
    return troubles.build();
  }
}
