package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.net.Bytes;
import java.util.TreeMap;

/**
 * One server's {@code zoo.cfg} and its id; the defaults are those of ZooKeeper 3.7.0 with the tick
 * and limits that charts and images set.
 *
 * @param myId the own id
 * @param servers the {@code server.N} lines by id; one or none: a standalone server
 * @param tickMillis {@code tickTime} in milliseconds
 * @param initLimit ticks that a leader waits for its quorum, and a learner for its leader
 * @param syncLimit ticks after which a silent peer counts as gone
 * @param clientHost {@code clientPortAddress}
 * @param clientPort {@code clientPort}
 * @param listenOnAllIps {@code quorumListenOnAllIPs}
 * @param whitelist {@code 4lw.commands.whitelist}; {@code *} for all
 * @param groups {@code group.G} lines: the group of each voter; empty for a plain majority
 * @param weights {@code weight.N} lines
 */
public record ZooKeeperConfig(
    long myId,
    ImmutableSortedMap<Long, QuorumServer> servers,
    int tickMillis,
    int initLimit,
    int syncLimit,
    String clientHost,
    int clientPort,
    boolean listenOnAllIps,
    ImmutableSet<String> whitelist,
    ImmutableMap<Long, Long> groups,
    ImmutableMap<Long, Long> weights) {

  public ZooKeeperConfig {
    if (servers.size() > 1 && !servers.containsKey(myId)) {
      throw new IllegalArgumentException(
          "myid "
              + myId
              + " is none of the servers "
              + servers.keySet()
              + "; give the server a server."
              + myId
              + " line");
    }
    positive("tickTime", tickMillis);
    positive("initLimit", initLimit);
    positive("syncLimit", syncLimit);
    port("clientPort", clientPort);
    for (QuorumServer server : servers.values()) {
      port("the quorum port of server." + server.sid(), server.quorumPort());
      port("the election port of server." + server.sid(), server.electionPort());
    }
  }

  private static void positive(String what, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " " + value + " is no number above 0");
    }
  }

  private static void port(String what, int value) {
    if (value < 1 || value > 0xffff) {
      throw new IllegalArgumentException(what + " " + value + " is no port from 1 to 65535");
    }
  }

  public static Builder builder(long myId) {
    return new Builder(myId);
  }

  /** Whether this server is alone and needs no quorum. */
  boolean standalone() {
    return servers.size() <= 1;
  }

  QuorumServer self() {
    return server(myId);
  }

  QuorumServer server(long sid) {
    QuorumServer server = servers.get(sid);
    if (server == null) {
      throw new IllegalArgumentException("there is no server." + sid + " line");
    }
    return server;
  }

  boolean voter(long sid) {
    QuorumServer server = servers.get(sid);
    return server != null && !server.observer();
  }

  ImmutableSortedSet<Long> voters() {
    return servers.keySet().stream()
        .filter(this::voter)
        .collect(ImmutableSortedSet.toImmutableSortedSet(Long::compare));
  }

  QuorumVerifier verifier() {
    return groups.isEmpty()
        ? new QuorumVerifier.Majority(voters())
        : new QuorumVerifier.Hierarchical(groups, weights);
  }

  /** {@code initLimit × tickTime} in nanoseconds. */
  long initNanos() {
    return millis((long) initLimit * tickMillis);
  }

  /** {@code syncLimit × tickTime} in nanoseconds. */
  long syncNanos() {
    return millis((long) syncLimit * tickMillis);
  }

  /** The servers as notifications carry them. */
  Bytes quorumText() {
    StringBuilder text = new StringBuilder();
    servers.forEach((sid, server) -> text.append("server." + sid + "=" + server + "\n"));
    return Bytes.of(text.append("version=0").toString());
  }

  /** Collects a configuration. */
  public static final class Builder {
    private final long myId;
    private final TreeMap<Long, QuorumServer> servers = new TreeMap<>();
    private int tickMillis = 2000;
    private int initLimit = 10;
    private int syncLimit = 5;
    private String clientHost = "0.0.0.0";
    private int clientPort = 2181;
    private boolean listenOnAllIps;
    private ImmutableSet<String> whitelist = ImmutableSet.of("srvr");
    private ImmutableMap<Long, Long> groups = ImmutableMap.of();
    private ImmutableMap<Long, Long> weights = ImmutableMap.of();

    private Builder(long myId) {
      this.myId = myId;
    }

    @CanIgnoreReturnValue
    public Builder server(QuorumServer server) {
      servers.put(server.sid(), server);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder tickMillis(int value) {
      tickMillis = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder initLimit(int value) {
      initLimit = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder syncLimit(int value) {
      syncLimit = value;
      return this;
    }

    /** Where clients call: an address or a wildcard, and a port. */
    @CanIgnoreReturnValue
    public Builder client(String host, int port) {
      clientHost = host;
      clientPort = port;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder listenOnAllIps(boolean value) {
      listenOnAllIps = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder whitelist(Iterable<String> words) {
      whitelist = ImmutableSet.copyOf(words);
      return this;
    }

    /** Groups by voter and weights by voter, as a hierarchical quorum has them. */
    @CanIgnoreReturnValue
    public Builder hierarchy(
        ImmutableMap<Long, Long> groupOfVoter, ImmutableMap<Long, Long> weightOfVoter) {
      groups = groupOfVoter;
      weights = weightOfVoter;
      return this;
    }

    public ZooKeeperConfig build() {
      return new ZooKeeperConfig(
          myId,
          ImmutableSortedMap.copyOf(servers),
          tickMillis,
          initLimit,
          syncLimit,
          clientHost,
          clientPort,
          listenOnAllIps,
          whitelist,
          groups,
          weights);
    }
  }
}
