package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.millis;

import java.util.Optional;

/**
 * The {@code cluster-…} lines of a {@code redis.conf}.
 *
 * @param announceIp what a node says of itself in place of its address
 * @param announcePort what it says in place of its port
 * @param announceBusPort what it says in place of the bus's port
 * @param hostname {@code cluster-announce-hostname}; told by releases that have ping extensions
 * @param endpoint by what clients are sent to another node
 * @param nodeTimeoutMillis {@code cluster-node-timeout}
 * @param validityFactor {@code cluster-replica-validity-factor}: how many timeouts old the data of
 *     a replica may be that takes its master's place; 0 for any
 * @param noFailover {@code cluster-replica-no-failover}
 * @param fullCoverage {@code cluster-require-full-coverage}
 * @param replicaMigration {@code cluster-allow-replica-migration}
 */
record ClusterConfig(
    boolean enabled,
    Optional<String> announceIp,
    Optional<Integer> announcePort,
    Optional<Integer> announceBusPort,
    String hostname,
    Endpoint endpoint,
    int nodeTimeoutMillis,
    int validityFactor,
    boolean noFailover,
    boolean fullCoverage,
    boolean replicaMigration) {

  /** {@code cluster-preferred-endpoint-type}. */
  enum Endpoint {
    IP,
    HOSTNAME,
    UNKNOWN_ENDPOINT;

    static Endpoint of(String word) {
      return switch (word) {
        case "ip" -> IP;
        case "hostname" -> HOSTNAME;
        case "unknown-endpoint" -> UNKNOWN_ENDPOINT;
        default ->
            throw new IllegalArgumentException(
                "cluster-preferred-endpoint-type '"
                    + word
                    + "' is none; write ip, hostname or unknown-endpoint");
      };
    }

    /** How clients are to call a node; {@code ?} where it has no name. */
    String of(ClusterNode node) {
      return switch (this) {
        case IP -> node.ip;
        case HOSTNAME -> node.hostname.isEmpty() ? "?" : node.hostname;
        case UNKNOWN_ENDPOINT -> "";
      };
    }
  }

  /** repl-ping-replica-period. */
  private static final long PING_PERIOD = 10 * SECOND;

  /** Directives, with the defaults of config.c. */
  static ClusterConfig of(
      ConfText conf, boolean enabled, Optional<String> announceIp, RedisRelease release) {
    return new ClusterConfig(
        conf.yes("cluster-enabled", enabled),
        announceIp,
        conf.number("cluster-announce-port").filter(port -> port != 0),
        conf.number("cluster-announce-bus-port").filter(port -> port != 0),
        conf.first("cluster-announce-hostname").filter(any -> release.pingExtensions()).orElse(""),
        Endpoint.of(conf.first("cluster-preferred-endpoint-type").orElse("ip")),
        conf.number("cluster-node-timeout").orElse(15_000),
        conf.number("cluster-replica-validity-factor")
            .or(() -> conf.number("cluster-slave-validity-factor"))
            .orElse(10),
        conf.yes("cluster-replica-no-failover", conf.yes("cluster-slave-no-failover", false)),
        conf.yes("cluster-require-full-coverage", true),
        conf.yes("cluster-allow-replica-migration", true));
  }

  long nodeTimeout() {
    return millis(nodeTimeoutMillis);
  }

  /** Whether a replica may take its master's place with data of this age (data_age). */
  boolean valid(long age) {
    long unforeseen = age > nodeTimeout() ? age - nodeTimeout() : age;
    return validityFactor == 0 || unforeseen <= PING_PERIOD + nodeTimeout() * validityFactor;
  }

  /** CLUSTER_MIN_REJOIN_DELAY and CLUSTER_MAX_REJOIN_DELAY: 500 and 5000 ms. */
  long rejoinDelay() {
    return Math.min(Math.max(nodeTimeout(), millis(500)), 5 * SECOND);
  }
}
