package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.net.Bytes;
import java.util.Optional;
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
 * @param maxClientCnxns {@code maxClientCnxns}: clients' connections from one address; 0: any
 *     number
 * @param listenOnAllIps {@code quorumListenOnAllIPs}
 * @param checksCallers whether a caller's certificate must be for the address it calls from: {@code
 *     sslQuorum} with {@code ssl.quorum.hostnameVerification}, which is on by default
 * @param whitelist {@code 4lw.commands.whitelist}; {@code *} for all
 * @param groups {@code group.G} lines: the group of each voter; empty for a plain majority
 * @param weights {@code weight.N} lines
 * @param release what the server says it is
 * @param logLevel from which level on it logs
 */
public record ZooKeeperConfig(
    long myId,
    ImmutableSortedMap<Long, QuorumServer> servers,
    int tickMillis,
    int initLimit,
    int syncLimit,
    String clientHost,
    int clientPort,
    int maxClientCnxns,
    boolean listenOnAllIps,
    boolean checksCallers,
    ImmutableSet<String> whitelist,
    ImmutableMap<Long, Long> groups,
    ImmutableMap<Long, Long> weights,
    ZooKeeperRelease release,
    LogLevel logLevel) {

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
    checkVoters(servers, groups, weights);
    positive("tickTime", tickMillis);
    positive("initLimit", initLimit);
    positive("syncLimit", syncLimit);
    port("clientPort", clientPort);
    if (maxClientCnxns < 0) {
      throw new IllegalArgumentException("maxClientCnxns " + maxClientCnxns + " is below 0");
    }
    for (QuorumServer server : servers.values()) {
      port("the quorum port of server." + server.sid(), server.quorumPort());
      port("the election port of server." + server.sid(), server.electionPort());
    }
  }

  /** As QuorumPeerConfig and QuorumHierarchical refuse it. */
  private static void checkVoters(
      ImmutableSortedMap<Long, QuorumServer> servers,
      ImmutableMap<Long, Long> groups,
      ImmutableMap<Long, Long> weights) {
    long voters = servers.values().stream().filter(server -> !server.observer()).count();
    if (voters <= 1 && servers.size() > voters) {
      throw new IllegalArgumentException(
          "observers need a quorum to observe, and "
              + servers.keySet()
              + " have fewer than two voters; give more servers without :observer");
    }
    if (groups.isEmpty() && weights.isEmpty()) {
      return;
    }
    for (QuorumServer server : servers.values()) {
      if (!server.observer() && !groups.containsKey(server.sid())) {
        throw new IllegalArgumentException(
            "server." + server.sid() + " is in no group; name every voter in a group.N line");
      }
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
    return voters().size() <= 1;
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

  /** minSessionTimeout in milliseconds, where nothing is said of it. */
  int shortestSession() {
    return 2 * tickMillis;
  }

  /** maxSessionTimeout in milliseconds, where nothing is said of it. */
  int longestSession() {
    return 20 * tickMillis;
  }

  /** What a client's session gets for what it wishes, in milliseconds. */
  int sessionTimeout(int wished) {
    return Math.max(shortestSession(), Math.min(longestSession(), wished));
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
    private int maxClientCnxns = 60;
    private boolean listenOnAllIps;
    private boolean checksCallers;
    private Optional<ImmutableSet<String>> whitelist = Optional.empty();
    private ImmutableMap<Long, Long> groups = ImmutableMap.of();
    private ImmutableMap<Long, Long> weights = ImmutableMap.of();
    private ZooKeeperRelease release = ZooKeeperRelease.UNKNOWN;
    private LogLevel logLevel = LogLevel.INFO;

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

    /** How many connections clients of one address may have; 0 for any number. */
    @CanIgnoreReturnValue
    public Builder maxClientCnxns(int value) {
      maxClientCnxns = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder release(ZooKeeperRelease value) {
      release = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder logLevel(LogLevel value) {
      logLevel = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder listenOnAllIps(boolean value) {
      listenOnAllIps = value;
      return this;
    }

    /** Whether a caller's certificate must be for the address it calls from. */
    @CanIgnoreReturnValue
    public Builder checksCallers(boolean value) {
      checksCallers = value;
      return this;
    }

    /** The words that are answered; without a call those of the release. */
    @CanIgnoreReturnValue
    public Builder whitelist(Iterable<String> words) {
      whitelist = Optional.of(ImmutableSet.copyOf(words));
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
          maxClientCnxns,
          listenOnAllIps,
          checksCallers,
          whitelist.orElseGet(release::words),
          groups,
          weights,
          release,
          logLevel);
    }
  }
}
