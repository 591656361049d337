package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.net.Bytes;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One server's {@code zoo.cfg} and its id.
 *
 * @param myId the own id
 * @param servers the {@code server.N} lines by id
 * @param standaloneEnabled {@code standaloneEnabled}: whether one voter alone, or none, is no
 *     ensemble
 * @param timing ticks and limits
 * @param clients who may call the client port
 * @param election how patient it is on election ports
 * @param listenOnAllIps {@code quorumListenOnAllIPs}
 * @param checksCallers whether a caller's certificate must be for the address it calls from: {@code
 *     sslQuorum} with {@code ssl.quorum.hostnameVerification}, which is on by default
 * @param groups {@code group.G} lines: the group of each voter; empty for a plain majority
 * @param weights {@code weight.N} lines
 * @param release what the server says it is
 * @param logLevel from which level on it logs
 */
public record ZooKeeperConfig(
    long myId,
    ImmutableSortedMap<Long, QuorumServer> servers,
    boolean standaloneEnabled,
    Timing timing,
    ClientAccess clients,
    ElectionSettings election,
    boolean listenOnAllIps,
    boolean checksCallers,
    ImmutableMap<Long, Long> groups,
    ImmutableMap<Long, Long> weights,
    ZooKeeperRelease release,
    LogLevel logLevel) {

  public ZooKeeperConfig {
    new Membership(myId, servers, standaloneEnabled, groups, weights).check();
  }

  public static Builder builder(long myId) {
    return new Builder(myId);
  }

  /** Whether this server is alone and needs no quorum (QuorumPeerConfig.isDistributed). */
  boolean standalone() {
    return standaloneEnabled && voters().size() <= 1;
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

  /** The servers as notifications carry them. */
  Bytes quorumText() {
    StringBuilder text = new StringBuilder();
    servers.forEach((sid, server) -> text.append("server." + sid + "=" + server + "\n"));
    return Bytes.of(text.append("version=0").toString());
  }

  // ---- what is asked most

  /** The length of a tick, in milliseconds. */
  public int tickMillis() {
    return timing.tickMillis();
  }

  /** How many ticks a server may take to get its data from its leader. */
  public int initLimit() {
    return timing.initLimit();
  }

  /** After how many ticks of silence a server is taken for lost. */
  public int syncLimit() {
    return timing.syncLimit();
  }

  long initNanos() {
    return timing.initNanos();
  }

  long syncNanos() {
    return timing.syncNanos();
  }

  /**
   * Collects a configuration; the defaults are those of ZooKeeper 3.7.0, with the ticks and limits
   * that charts and images set.
   */
  public static final class Builder {
    private final long myId;
    private final TreeMap<Long, QuorumServer> servers = new TreeMap<>();
    private boolean standaloneEnabled = true;
    private Timing timing = Timing.DEFAULT;
    private ClientAccess clients = ClientAccess.DEFAULT;
    private ElectionSettings election = ElectionSettings.DEFAULT;
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
    public Builder standaloneEnabled(boolean value) {
      standaloneEnabled = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder timing(Timing value) {
      timing = value;
      return this;
    }

    /** Where clients call, and how many may. */
    @CanIgnoreReturnValue
    public Builder clients(ClientAccess value) {
      clients = value;
      return this;
    }

    @CanIgnoreReturnValue
    Builder election(ElectionSettings value) {
      election = value;
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
          standaloneEnabled,
          timing,
          clients.withWords(whitelist.orElseGet(release::words)),
          election,
          listenOnAllIps,
          checksCallers,
          groups,
          weights,
          release,
          logLevel);
    }
  }
}
