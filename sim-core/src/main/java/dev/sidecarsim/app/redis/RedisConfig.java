package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/**
 * What decides of a Redis server's {@code redis.conf}.
 *
 * @param pod the pod's name, by which reports know the server
 * @param bind addresses, {@code *} for all; a leading {@code -} allows an address to be missing
 * @param explicitBind whether a {@code bind} line stands in the configuration
 * @param password {@code requirepass}; empty for none
 * @param masterAuth the password that a replica gives its master
 * @param replicaOf host and port of the master; empty for a master
 * @param replicaAnnounceIp what a replica says of itself in place of its address
 * @param cluster whether {@code cluster-enabled} is on
 * @param clusterAnnounceIp what a node of a cluster says of itself in place of its address
 * @param nodeTimeoutMillis {@code cluster-node-timeout}
 */
record RedisConfig(
    String pod,
    int port,
    ImmutableList<String> bind,
    boolean explicitBind,
    boolean protectedMode,
    ProtectedMode rule,
    String password,
    String masterAuth,
    Optional<Address> replicaOf,
    Optional<String> replicaAnnounceIp,
    Optional<Integer> replicaAnnouncePort,
    boolean cluster,
    Optional<String> clusterAnnounceIp,
    int nodeTimeoutMillis) {

  /** A host, by name or address, and a port. */
  record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** cluster.h: the bus listens on the port plus this. */
  static final int BUS_OFFSET = 10_000;

  int busPort() {
    return port + BUS_OFFSET;
  }

  /** This configuration of a replica of a master, or of a master. */
  RedisConfig following(Optional<Address> master) {
    return new RedisConfig(
        pod,
        port,
        bind,
        explicitBind,
        protectedMode,
        rule,
        password,
        masterAuth,
        master,
        replicaAnnounceIp,
        replicaAnnouncePort,
        cluster,
        clusterAnnounceIp,
        nodeTimeoutMillis);
  }
}
