package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A master as a Sentinel sees it, with its replicas and the other Sentinels: who is down, who
 * agrees, and the failover when enough do (sentinel.c).
 */
final class WatchedMaster {

  /** A replica is named by the address that the master knows it by. */
  private final Map<RedisConfig.Address, SentinelPeer> replicas = new LinkedHashMap<>();

  private final Map<String, OtherSentinel> sentinels = new LinkedHashMap<>();
  private final Map<RedisConfig.Address, Boolean> down = new LinkedHashMap<>();
  private final Sentinel sentinel;
  private final SentinelConfig.Monitor settings;
  private final Failover failover;
  private SentinelPeer master;
  private long configEpoch;
  private boolean objectivelyDown;

  /** Another Sentinel, and what it last said of the master. */
  static final class OtherSentinel {
    final SentinelPeer peer;
    private long masterDownAt = Long.MIN_VALUE / 2;
    String votedFor = "";
    long votedEpoch;

    OtherSentinel(SentinelPeer peer) {
      this.peer = peer;
    }

    /** What it said counts for five times SENTINEL_ASK_PERIOD. */
    boolean masterDown() {
      return peer.now() - masterDownAt <= 5 * SECOND;
    }

    void heard(boolean down) {
      masterDownAt = down ? peer.now() : Long.MIN_VALUE / 2;
    }
  }

  WatchedMaster(Sentinel sentinel, SentinelConfig.Monitor settings) {
    this.sentinel = sentinel;
    this.settings = settings;
    this.master = server(settings.address());
    this.failover = new Failover(sentinel, this);
  }

  private SentinelPeer server(RedisConfig.Address address) {
    return new SentinelPeer(sentinel.process(), address, settings, true, sentinel::greeted);
  }

  // ---- what the parts ask

  SentinelConfig.Monitor settings() {
    return settings;
  }

  SentinelPeer master() {
    return master;
  }

  Map<RedisConfig.Address, SentinelPeer> replicas() {
    return replicas;
  }

  ImmutableList<OtherSentinel> sentinels() {
    return ImmutableList.copyOf(sentinels.values());
  }

  long configEpoch() {
    return configEpoch;
  }

  void configEpoch(long epoch) {
    configEpoch = epoch;
  }

  Failover failover() {
    return failover;
  }

  boolean isDown(SentinelPeer peer) {
    return peer.silence() > settings.downAfterNanos();
  }

  boolean objectivelyDown() {
    return objectivelyDown;
  }

  // ---- the timer

  /**
   * Ten times a second.
   *
   * @param second whether a whole second has passed since the last one that was
   */
  void tick(boolean second) {
    long infoPeriod = objectivelyDown || failover.underWay() ? SECOND : 10 * SECOND;
    master.tick(second, infoPeriod);
    List.copyOf(replicas.values()).forEach(peer -> peer.tick(second, infoPeriod));
    sentinels.values().forEach(other -> other.peer.tick(second, 0));
    discover();
    tell();
    if (second) {
      askOthers();
      convertStrayMasters();
    }
    failover.tick();
  }

  /** Replicas are known by the lines of the master's INFO. */
  private void discover() {
    for (int i = 0; !master.info("slave" + i).isEmpty(); i++) {
      Map<String, String> fields =
          Splitter.on(',').withKeyValueSeparator('=').split(master.info("slave" + i));
      String host = fields.getOrDefault("ip", "");
      RedisConfig.Address address =
          new RedisConfig.Address(host, Integer.parseInt(fields.getOrDefault("port", "0")));
      if (!replicas.containsKey(address) && sentinel.usable(host)) {
        replicas.put(address, server(address));
        sentinel.event("+slave", replicaName(address));
      }
    }
  }

  /** Who goes down or comes back is told once. */
  private void tell() {
    note(master, name());
    replicas.values().forEach(peer -> note(peer, replicaName(peer.address())));
    long agreeing = 1 + sentinels.values().stream().filter(OtherSentinel::masterDown).count();
    boolean nowDown = isDown(master) && agreeing >= settings.quorum();
    if (nowDown != objectivelyDown) {
      objectivelyDown = nowDown;
      String quorum = nowDown ? " #quorum " + agreeing + "/" + settings.quorum() : "";
      sentinel.event(nowDown ? "+odown" : "-odown", name() + quorum);
    }
  }

  private void note(SentinelPeer peer, String name) {
    boolean nowDown = isDown(peer);
    boolean before = down.getOrDefault(peer.address(), false);
    if (nowDown != before) {
      down.put(peer.address(), nowDown);
      sentinel.event(nowDown ? "+sdown" : "-sdown", name);
    }
  }

  /** The first line of a log. */
  void tellQuorum() {
    sentinel.event("+monitor", name() + " quorum " + settings.quorum());
  }

  String name() {
    return "master " + settings.name() + " " + words(master.address());
  }

  static String words(RedisConfig.Address address) {
    return address.host() + " " + address.port();
  }

  String replicaName(RedisConfig.Address address) {
    return "slave "
        + address
        + " "
        + words(address)
        + " @ "
        + settings.name()
        + " "
        + words(master.address());
  }

  /** SENTINEL is-master-down-by-addr, with a request for a vote while a failover waits. */
  void askOthers() {
    if (!isDown(master)) {
      sentinels.values().forEach(other -> other.heard(false));
      return;
    }
    String candidate = failover.underWay() ? sentinel.runId() : "*";
    Resp question =
        Resp.command(
            "SENTINEL",
            "is-master-down-by-addr",
            master.address().host(),
            Integer.toString(master.address().port()),
            Long.toString(sentinel.epoch()),
            candidate);
    for (OtherSentinel other : sentinels()) {
      other.peer.ask(question, answer -> heard(other, answer.words()));
    }
  }

  private static void heard(OtherSentinel other, List<String> answer) {
    if (answer.size() == 3) {
      other.heard(answer.get(0).equals("1"));
      if (!answer.get(1).equals("*")) {
        other.votedFor = answer.get(1);
        other.votedEpoch = Long.parseLong(answer.get(2));
      }
    }
  }

  /** A replica that says it is a master is made a replica again, once that is sure (8 s). */
  private void convertStrayMasters() {
    boolean sane = !isDown(master) && master.info("role").equals("master") && !failover.underWay();
    for (SentinelPeer replica : List.copyOf(replicas.values())) {
      if (sane && replica.masterFor() > 8 * SECOND && !isDown(replica)) {
        replica.ask(slaveOf(master.address()), answer -> {});
        sentinel.event("+convert-to-slave", replicaName(replica.address()));
      }
    }
  }

  static Resp slaveOf(RedisConfig.Address address) {
    return Resp.command("SLAVEOF", address.host(), Integer.toString(address.port()));
  }

  // ---- other Sentinels

  /** A Sentinel has greeted: it is known by its run id, at the address that it says. */
  void greetedBy(String runId, RedisConfig.Address address) {
    OtherSentinel known = sentinels.get(runId);
    if (known == null || !known.peer.address().equals(address)) {
      if (known != null) {
        known.peer.stop();
      }
      sentinels.put(
          runId,
          new OtherSentinel(
              new SentinelPeer(sentinel.process(), address, settings, false, greeting -> {})));
      sentinel.event("+sentinel", sentinelName(runId));
    }
  }

  private String sentinelName(String runId) {
    return "sentinel "
        + runId
        + " "
        + words(Objects.requireNonNull(sentinels.get(runId)).peer.address())
        + " @ "
        + settings.name()
        + " "
        + words(master.address());
  }

  /** Another Sentinel has a newer configuration. */
  void update(String runId, RedisConfig.Address address, long epoch) {
    if (epoch > configEpoch) {
      configEpoch = epoch;
      if (!address.equals(master.address())) {
        sentinel.event("+config-update-from", sentinelName(runId));
        switchTo(address);
      }
    }
  }

  /** The master is another one from now on; the old one is expected back as a replica. */
  void switchTo(RedisConfig.Address address) {
    RedisConfig.Address old = master.address();
    sentinel.event("+switch-master", settings.name() + " " + words(old) + " " + words(address));
    master.stop();
    Optional.ofNullable(replicas.remove(address)).ifPresent(SentinelPeer::stop);
    List.copyOf(replicas.keySet())
        .forEach(key -> replicas.computeIfPresent(key, (k, peer) -> anew(peer)));
    master = server(address);
    replicas.put(old, server(old));
    replicas.keySet().forEach(replica -> sentinel.event("+slave", replicaName(replica)));
    down.clear();
    objectivelyDown = false;
    sentinels.values().forEach(other -> other.heard(false));
  }

  private SentinelPeer anew(SentinelPeer peer) {
    peer.stop();
    return server(peer.address());
  }
}
