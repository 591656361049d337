package dev.sidecarsim.app.redis;

import java.util.Optional;

/**
 * What decides of replication in a {@code redis.conf}.
 *
 * @param master of a replica; empty for a master
 * @param masterAuth the password that a replica gives its master
 * @param announceIp what a replica says of itself in place of its address
 * @param priority {@code replica-priority}: Sentinels prefer smaller ones, and never take 0
 * @param announced {@code replica-announced}: whether Sentinels tell of it
 * @param minReplicas {@code min-replicas-to-write}; 0 for no minimum
 * @param minReplicasLag {@code min-replicas-max-lag}, in seconds
 * @param disklessSync {@code repl-diskless-sync}
 * @param syncDelay {@code repl-diskless-sync-delay}, in seconds
 */
record ReplicationConfig(
    Optional<RedisConfig.Address> master,
    String masterAuth,
    Optional<String> announceIp,
    Optional<Integer> announcePort,
    int priority,
    boolean announced,
    int minReplicas,
    int minReplicasLag,
    boolean disklessSync,
    int syncDelay) {

  /** Directives by their present or their older names, with the defaults of config.c. */
  static ReplicationConfig of(
      ConfText conf,
      Optional<RedisConfig.Address> master,
      String masterAuth,
      Optional<String> announceIp,
      RedisRelease release) {
    return new ReplicationConfig(
        master,
        masterAuth,
        announceIp,
        number(conf, "%s-announce-port"),
        number(conf, "%s-priority").orElse(100),
        conf.yes("replica-announced", true),
        number(conf, "min-%ss-to-write").orElse(0),
        number(conf, "min-%ss-max-lag").orElse(10),
        conf.yes("repl-diskless-sync", release.disklessSync()),
        conf.number("repl-diskless-sync-delay").orElse(5));
  }

  private static Optional<Integer> number(ConfText conf, String name) {
    return conf.number(name.formatted("replica")).or(() -> conf.number(name.formatted("slave")));
  }

  boolean needsReplicas() {
    return minReplicas > 0 && minReplicasLag > 0;
  }

  ReplicationConfig following(Optional<RedisConfig.Address> other) {
    return new ReplicationConfig(
        other,
        masterAuth,
        announceIp,
        announcePort,
        priority,
        announced,
        minReplicas,
        minReplicasLag,
        disklessSync,
        syncDelay);
  }
}
