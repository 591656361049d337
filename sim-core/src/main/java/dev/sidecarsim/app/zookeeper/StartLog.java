package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.net.Endpoint;

/**
 * What a server logs until its ports are open, in the words of 3.7.0, but for paths, versions of
 * Java and the admin server.
 */
final class StartLog {

  private static final String MAIN = "main";

  private static final String SERVICES =
      """
      DigestAuthenticationProvider@47 ACL digest algorithm is: SHA1
      DigestAuthenticationProvider@61 zookeeper.DigestAuthenticationProvider.enabled = true
      """;

  private static final String CONNECTIONS =
      """
      ServerCnxnFactory@169 Using org.apache.zookeeper.server.NIOServerCnxnFactory as server connection factory
      """;

  private static final String QUORUM =
      """
      QuorumPeer@2063 Using insecure (non-TLS) quorum communication
      QuorumPeer@2069 Port unification disabled
      QuorumPeer@179 multiAddress.enabled set to false
      QuorumPeer@204 multiAddress.reachabilityCheckEnabled set to true
      QuorumPeer@191 multiAddress.reachabilityCheckTimeoutMs set to 1000
      QuorumPeer@2524 QuorumPeer communication is not secured! (SASL auth disabled)
      QuorumPeer@2549 quorum.cnxn.threads.size set to 20
      """;

  private static final String ELECTION =
      """
      QuorumPeer@2566 Using %dms as the quorum cnxn socket timeout
      QuorumCnxManager$Listener@924 Election port bind maximum retries is %s
      FastLeaderElection@89 zookeeper.fastleader.minNotificationInterval=200
      FastLeaderElection@91 zookeeper.fastleader.maxNotificationInterval=60000
      ZKAuditProvider@42 ZooKeeper audit is disabled.
      """;

  private final ZooKeeperConfig config;
  private final LogWriter writer;

  StartLog(ZooKeeperConfig config, LogWriter writer) {
    this.config = config;
    this.writer = writer;
  }

  private void nameless(LogLevel level, String place, String text) {
    writer.nameless(level, place, () -> text);
  }

  /** The configuration is read. */
  void configured() {
    ClientAccess clients = config.clients();
    if (clients.listens()) {
      nameless(
          LogLevel.INFO,
          named(clients) ? "QuorumPeerConfig@441" : "QuorumPeerConfig@444",
          "clientPortAddress is " + clients.host() + ":" + clients.port());
    } else {
      nameless(LogLevel.INFO, "QuorumPeerConfig@435", "clientPort is not set");
    }
    nameless(LogLevel.INFO, "QuorumPeerConfig@448", "secureClientPort is not set");
    nameless(LogLevel.INFO, "QuorumPeerConfig@464", "observerMasterPort is not set");
    nameless(
        LogLevel.INFO,
        "QuorumPeerConfig@481",
        "metricsProvider.className is"
            + " org.apache.zookeeper.metrics.impl.DefaultMetricsProvider");
    warnOfNumber(config.voters().size());
  }

  /** Whether an address for clients is given, and no port only. */
  private static boolean named(ClientAccess clients) {
    return !clients.host().equals(ClientAccess.DEFAULT.host());
  }

  private void warnOfNumber(int voters) {
    if (config.standalone()) {
      if (voters == 1) {
        nameless(
            LogLevel.ERROR,
            "QuorumPeerConfig@706",
            "Invalid configuration, only one server specified (ignoring)");
      }
    } else if (voters <= 2) {
      nameless(
          LogLevel.WARN,
          "QuorumPeerConfig@713",
          "No server failure will be tolerated. You need at least 3 servers.");
    } else if (voters % 2 == 0) {
      nameless(
          LogLevel.WARN,
          "QuorumPeerConfig@715",
          "Non-optimial configuration, consider an odd number of servers.");
    }
  }

  /** It is known whether there is an ensemble to join. */
  void starting() {
    if (config.standalone()) {
      writer.line(
          LogLevel.WARN,
          MAIN,
          "QuorumPeerMain@139",
          () -> "Either no config or no quorum defined in config, running in standalone mode");
      writer.block(MAIN, "ZooKeeperServerMain@123 Starting server");
    } else {
      writer.line(
          LogLevel.INFO,
          MAIN,
          "QuorumPeerMain@152",
          () -> "Starting quorum peer, myid=" + config.myId());
    }
    writer.block(MAIN, SERVICES);
  }

  void bindingClientPort(Endpoint local) {
    writer.block(MAIN, CONNECTIONS);
    if (config.clients().maxInAll() == 0) {
      writer.line(
          LogLevel.WARN,
          MAIN,
          "ServerCnxnFactory@309",
          () -> "maxCnxns is not configured, using default value 0.");
    }
    writer.line(
        LogLevel.INFO, MAIN, "NIOServerCnxnFactory@660", () -> "binding to port " + shown(local));
  }

  /** The wildcard has a name to Java, unless the own server line says it. */
  private String shown(Endpoint local) {
    QuorumServer self = config.servers().get(config.myId());
    boolean inLine = self != null && self.client().isPresent();
    ClientAccess clients = config.clients();
    return inLine || named(clients)
        ? LogWriter.named(clients.host(), local)
        : clients.host() + "/" + local;
  }

  /** The client port of a member of an ensemble is open. */
  void quorumSettings() {
    Timing timing = config.timing();
    writer.block(
        MAIN,
        """
        QuorumPeer@1717 tickTime set to %d
        QuorumPeer@1761 minSessionTimeout set to %d
        QuorumPeer@1772 maxSessionTimeout set to %d
        QuorumPeer@1797 initLimit set to %d
        QuorumPeer@1984 syncLimit set to %d
        QuorumPeer@1999 connectToLearnerMasterLimit set to %d
        """
            .formatted(
                timing.tickMillis(),
                timing.shortestSession(),
                timing.longestSession(),
                timing.initLimit(),
                timing.syncLimit(),
                timing.connectLimit()));
    writer.block(MAIN, QUORUM);
    int tries = config.election().bindTries();
    writer.block(
        MAIN,
        ELECTION.formatted(
            timing.syncLimit() * timing.tickMillis(), tries == 0 ? "infinite" : tries));
  }

  /** The process ends before it came to anything. */
  void unexpected(String exception, int exitCode) {
    writer.line(
        LogLevel.ERROR,
        MAIN,
        "QuorumPeerMain@114",
        () -> "Unexpected exception, exiting abnormally");
    writer.below(LogLevel.ERROR, () -> exception);
    writer.exit(MAIN, exitCode);
  }
}
