package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
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
 * @param minReplicas {@code min-replicas-to-write}; 0 for no minimum
 * @param minReplicasLag {@code min-replicas-max-lag}, in seconds
 * @param cluster whether and how it is a node of a cluster
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
    int minReplicas,
    int minReplicasLag,
    ClusterConfig cluster) {

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

  /** Whether protected mode turns a caller away. */
  boolean denies(IpAddress peer) {
    boolean on = protectedMode && password.isEmpty() && !(explicitBind && rule.explicitBindOpens());
    return on && !rule.local(peer);
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
        minReplicas,
        minReplicasLag,
        cluster);
  }
}
