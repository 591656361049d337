package dev.sidecarsim.app.redis;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A master as a Sentinel sees it, with its replicas and the other Sentinels: who is down, who
 * agrees, and the failover when enough do (sentinel.c).
 */
final class WatchedMaster extends WatchedServer {

  private final Map<String, WatchedReplica> replicas = new LinkedHashMap<>();
  private final Map<String, OtherSentinel> sentinels = new LinkedHashMap<>();
  private final Failover failover;
  private long configEpoch;
  private boolean objectivelyDown;
  private long objectivelyDownSince;

  WatchedMaster(Sentinel sentinel, SentinelConfig.Monitor settings, SentinelAddress address) {
    super(sentinel, settings, address);
    this.failover = new Failover(sentinel, this);
  }

  @Override
  String kind() {
    return "master";
  }

  @Override
  String name() {
    return settings().name();
  }

  @Override
  WatchedMaster group() {
    return this;
  }

  @Override
  long infoPeriod() {
    return INFO_PERIOD;
  }

  ImmutableList<WatchedReplica> replicas() {
    return ImmutableList.copyOf(replicas.values());
  }

  ImmutableList<OtherSentinel> sentinels() {
    return ImmutableList.copyOf(sentinels.values());
  }

  Failover failover() {
    return failover;
  }

  long configEpoch() {
    return configEpoch;
  }

  void configEpoch(long epoch) {
    configEpoch = epoch;
  }

  /** O_DOWN. */
  boolean objectivelyDown() {
    return objectivelyDown;
  }

  long objectivelyDownFor() {
    return now() - objectivelyDownSince;
  }

  /** sentinelMasterLooksSane. */
  boolean looksSane() {
    return saysMaster() && !down() && !objectivelyDown && sinceInfo() < 2 * INFO_PERIOD;
  }

  /** A master that says for long that it is a replica is as good as down. */
  @Override
  boolean misbehaves() {
    return !saysMaster() && inRoleFor() > settings().downAfterNanos() + 2 * INFO_PERIOD;
  }

  /** Where clients are sent: to the promoted replica as soon as it has said that it is a master. */
  WatchedServer present() {
    return failover
        .promoted()
        .filter(promoted -> failover.redirects())
        .<WatchedServer>map(promoted -> promoted)
        .orElse(this);
  }

  // ---- the timer

  @Override
  void tick() {
    super.tick();
    checkObjectivelyDown();
    if (failover.startIfNeeded()) {
      sentinels().forEach(other -> other.askAboutMaster(true));
    }
    failover.tick();
    sentinels().forEach(other -> other.askAboutMaster(false));
    replicas().forEach(WatchedInstance::tick);
    sentinels().forEach(WatchedInstance::tick);
    failover.switchIfDone();
  }

  private void checkObjectivelyDown() {
    long agreeing = 1 + sentinels.values().stream().filter(OtherSentinel::masterDown).count();
    boolean nowDown = down() && agreeing >= settings().quorum();
    if (nowDown != objectivelyDown) {
      objectivelyDown = nowDown;
      objectivelyDownSince = now();
      String quorum = nowDown ? " #quorum " + agreeing + "/" + settings().quorum() : "";
      sentinel().log().event(nowDown ? "+odown" : "-odown", title() + quorum);
    }
  }

  /** SENTINEL is-master-down-by-addr, with a request for a vote while a failover waits. */
  Resp downQuestion() {
    return Resp.command(
        "SENTINEL",
        "is-master-down-by-addr",
        host(),
        Integer.toString(address().port()),
        Long.toString(sentinel().epoch()),
        failover.underWay() ? sentinel().runId() : "*");
  }

  /** Who is down. */
  ImmutableList<String> troubles() {
    ImmutableList.Builder<String> troubles = ImmutableList.builder();
    replicas.values().stream()
        .filter(WatchedInstance::down)
        .forEach(replica -> troubles.add("sees slave " + replica.name() + " as s_down"));
    if (objectivelyDown) {
      troubles.add(
          "agrees with others that master %s:%d is down".formatted(host(), address().port()));
    }
    String own = host() + ":" + address().port();
    sentinels.values().stream()
        .map(OtherSentinel::namesMaster)
        .filter(named -> !named.isEmpty() && !named.equals(own))
        .distinct()
        .forEach(named -> troubles.add("hears that the master is " + named + ", not " + own));
    return troubles.build();
  }

  // ---- replicas

  /** Replicas are known by the lines of the master's INFO. */
  @Override
  void informed() {
    for (int i = 0; !info("slave" + i).isEmpty(); i++) {
      Map<String, String> fields =
          Splitter.on(',').withKeyValueSeparator('=').split(info("slave" + i));
      String host = fields.getOrDefault("ip", "");
      int port = Integer.parseInt(fields.getOrDefault("port", "0"));
      sentinel().acceptable(host, port).ifPresent(this::discover);
    }
  }

  private void discover(SentinelAddress address) {
    if (!replicas.containsKey(WatchedReplica.nameOf(sentinel(), address))) {
      sentinel().log().event("+slave", add(address).title());
      sentinel().log().saved();
    }
  }

  /** Watches a replica from now on. */
  WatchedReplica add(SentinelAddress address) {
    WatchedReplica replica = new WatchedReplica(this, address);
    replicas.put(replica.name(), replica);
    return replica;
  }

  /** The master is another one from now on; the old one is expected back as a replica. */
  void switchTo(SentinelAddress next) {
    SentinelAddress old = address();
    sentinel()
        .log()
        .event(
            "+switch-master",
            "%s %s %d %s %d"
                .formatted(name(), host(), old.port(), sentinel().shown(next), next.port()));
    List<SentinelAddress> others =
        replicas.values().stream()
            .map(WatchedInstance::address)
            .filter(each -> !each.sameAs(next))
            .toList();
    replicas.values().forEach(replica -> replica.link().stop());
    replicas.clear();
    failover.reset();
    objectivelyDown = false;
    moveTo(next);
    others.forEach(this::expect);
    if (!old.sameAs(next)) {
      expect(old);
    }
    sentinel().log().saved();
  }

  private void expect(SentinelAddress address) {
    sentinel()
        .acceptable(address.host(), address.port())
        .ifPresent(known -> sentinel().log().event("+slave", add(known).title()));
  }

  // ---- other Sentinels

  /** What is published for the other Sentinels, by a Sentinel at some address. */
  String greeting(String ownIp) {
    WatchedServer present = present();
    return String.join(
        ",",
        ownIp,
        Integer.toString(sentinel().announcedPort()),
        sentinel().runId(),
        Long.toString(sentinel().epoch()),
        name(),
        present.host(),
        Integer.toString(present.address().port()),
        Long.toString(configEpoch));
  }

  /** The others are to hear of a newer configuration at once. */
  void greetAllSoon() {
    greetSoon();
    replicas.values().forEach(WatchedInstance::greetSoon);
    sentinels.values().forEach(WatchedInstance::greetSoon);
  }

  /** A Sentinel has greeted: it is known by its run id, at the address that it says. */
  Optional<OtherSentinel> greetedBy(String runId, String host, int port) {
    OtherSentinel known = sentinels.get(runId);
    Optional<SentinelAddress> address = sentinel().acceptable(host, port);
    if (address.isPresent() && (known == null || !known.address().sameOrNamedAs(address.get()))) {
      known = meet(runId, address.get(), Optional.ofNullable(known));
    }
    return Optional.ofNullable(known);
  }

  private OtherSentinel meet(
      String runId, SentinelAddress address, Optional<OtherSentinel> elsewhere) {
    if (elsewhere.isPresent()) {
      elsewhere.get().link().stop();
      sentinel()
          .log()
          .event(
              "+sentinel-address-switch",
              "%s ip %s port %d for %s".formatted(title(), address.host(), address.port(), runId));
    } else {
      forgetWhoeverIsAt(address);
    }
    OtherSentinel met = new OtherSentinel(this, runId, address);
    sentinels.put(runId, met);
    if (elsewhere.isEmpty()) {
      sentinel().log().event("+sentinel", met.title());
    }
    sentinel().log().saved();
    return met;
  }

  /** Two Sentinels cannot be at one address: the older one is forgotten. */
  private void forgetWhoeverIsAt(SentinelAddress address) {
    sentinels().stream()
        .filter(other -> other.address().sameOrNamedAs(address))
        .forEach(
            other -> {
              sentinel().log().event("+sentinel-invalid-addr", other.title());
              other.link().stop();
              sentinels.remove(other.name());
            });
  }

  /** Another Sentinel has a newer configuration. */
  void update(OtherSentinel from, String host, int port, long epoch) {
    from.greeted(host, port);
    if (epoch > configEpoch) {
      configEpoch = epoch;
      if (port != address().port() || !sentinel().resolvesTo(host, address())) {
        sentinel().log().event("+config-update-from", from.title());
        sentinel().resolve(host, port).ifPresent(this::switchTo);
      }
    }
  }
}
