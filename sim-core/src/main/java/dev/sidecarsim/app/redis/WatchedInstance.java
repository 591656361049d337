package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * Somebody whom a Sentinel watches: a master, a replica or another Sentinel. It is pinged each
 * second, and told each two seconds who watches it (sentinelRedisInstance).
 */
abstract class WatchedInstance {

  /** When something was that never was. */
  static final long NEVER = Long.MIN_VALUE / 2;

  /** SENTINEL_PUBLISH_PERIOD. */
  static final long PUBLISH_PERIOD = 2 * SECOND;

  private final Sentinel sentinel;
  private final SentinelConfig.Monitor settings;
  private SentinelAddress address;
  private SentinelLink link;
  private boolean down;
  private long downSince = NEVER;
  private long publishedAt;

  WatchedInstance(Sentinel sentinel, SentinelConfig.Monitor settings, SentinelAddress address) {
    this.sentinel = sentinel;
    this.settings = settings;
    this.address = address;
    this.link = newLink();
    this.publishedAt = now();
  }

  /** The word for it in events. */
  abstract String kind();

  abstract String name();

  /** The master that it is, or belongs to. */
  abstract WatchedMaster group();

  /** A new pair of connections, as yet unopened. */
  abstract SentinelLink newLink();

  /** What else is to be asked of it at a tick. */
  void askMore() {}

  /** Whether something else than silence makes it down. */
  boolean misbehaves() {
    return false;
  }

  Sentinel sentinel() {
    return sentinel;
  }

  SentinelConfig.Monitor settings() {
    return settings;
  }

  SentinelAddress address() {
    return address;
  }

  SentinelLink link() {
    return link;
  }

  long now() {
    return sentinel.now();
  }

  /** S_DOWN. */
  boolean down() {
    return down;
  }

  /** For how long it has been down. */
  long downFor() {
    return down ? now() - downSince : 0;
  }

  /** Whether it has not been found down of late (sentinelRedisInstanceNoDownFor). */
  boolean notDownFor(long nanos) {
    return now() - downSince > nanos;
  }

  /** Is somewhere else from now on, of which nothing is known yet. */
  void moveTo(SentinelAddress other) {
    link.stop();
    address = other;
    link = newLink();
    down = false;
    downSince = NEVER;
  }

  /** The address as commands and events have it. */
  String host() {
    return sentinel.shown(address);
  }

  /** {@code slave 10.0.0.2:6379 10.0.0.2 6379 @ mymaster 10.0.0.1 6379}. */
  String title() {
    String own = kind() + " " + name() + " " + host() + " " + address.port();
    WatchedMaster master = group();
    return master == this
        ? own
        : own + " @ " + master.name() + " " + master.host() + " " + master.address().port();
  }

  // ---- the timer

  void tick() {
    reconnect();
    if (link.whole() && !link.overloaded()) {
      askMore();
      link.pingIfDue(Math.min(settings.downAfterNanos(), SentinelLink.PING_PERIOD));
      if (now() - publishedAt > PUBLISH_PERIOD) {
        greet();
      }
    }
    link.closeIfStuck(settings.downAfterNanos());
    checkDown();
  }

  /** A name is resolved anew for each connection. */
  private void reconnect() {
    if (!link.mayConnect()) {
      return;
    }
    if (link.lacksCommands()) {
      address = sentinel.resolve(address.host(), address.port()).orElse(address);
    }
    if (!address.ip().isEmpty()) {
      link.connect(IpAddress.of(address.ip()), address.port());
    }
  }

  /** The others are to hear of it at the next tick. */
  void greetSoon() {
    publishedAt -= PUBLISH_PERIOD + 1;
  }

  private void greet() {
    Optional<String> own = sentinel.announcedIp().or(link::ownAddress);
    own.ifPresent(
        ip ->
            link.ask(
                Resp.command("PUBLISH", SentinelLink.HELLO, group().greeting(ip)),
                answer -> publishedAt = answer instanceof Resp.Failure ? publishedAt : now()));
  }

  private void checkDown() {
    boolean nowDown = link.silence() > settings.downAfterNanos() || misbehaves();
    if (nowDown != down) {
      down = nowDown;
      downSince = nowDown ? now() : downSince;
      sentinel.log().event(nowDown ? "+sdown" : "-sdown", title());
    }
  }
}
