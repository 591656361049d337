package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * What decides of a Redis server's {@code redis.conf}.
 *
 * @param pod the pod's name, by which reports know the server
 * @param release of the image
 * @param bind addresses, {@code *} for all; a leading {@code -} allows an address to be missing
 * @param explicitBind whether a {@code bind} line stands in the configuration
 * @param password {@code requirepass}; empty for none
 * @param replication whom it follows, and how
 * @param cluster whether and how it is a node of a cluster
 */
record RedisConfig(
    String pod,
    RedisRelease release,
    int port,
    ImmutableList<String> bind,
    boolean explicitBind,
    boolean protectedMode,
    String password,
    ReplicationConfig replication,
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
    ProtectedMode rule = release.protectedMode();
    boolean on = protectedMode && password.isEmpty() && !(explicitBind && rule.explicitBindOpens());
    return on && !rule.local(peer);
  }

  /** This configuration of a replica of a master, or of a master. */
  RedisConfig following(Optional<Address> master) {
    return new RedisConfig(
        pod,
        release,
        port,
        bind,
        explicitBind,
        protectedMode,
        password,
        replication.following(master),
        cluster);
  }
}
