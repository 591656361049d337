package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.net.Endpoint;
import java.util.Locale;
import java.util.function.Supplier;

/** What a server logs of elections, leaders and clients, in the words of 3.7.0. */
final class ServerLog {

  private static final String WORKER_RECEIVER = "FastLeaderElection$Messenger$WorkerReceiver@390";

  private static final String CREATED =
      """
      ZooKeeperServer@1300 minSessionTimeout set to %d
      ZooKeeperServer@1309 maxSessionTimeout set to %d
      ZooKeeperServer@1536 The max bytes for all large requests are set to 104857600
      ZooKeeperServer@1550 The large request threshold is set to -1
      AuthenticationHelper@66 zookeeper.enforce.auth.enabled = false
      AuthenticationHelper@67 zookeeper.enforce.auth.schemes = []
      """;

  private final ZooKeeperConfig config;
  private final LogWriter writer;
  private final LinkLog links;
  private final SyncLog sync = new SyncLog(this);
  private final StartLog start;
  private final ClientLog clients;

  ServerLog(ZooKeeperConfig config, LogWriter writer) {
    this.config = config;
    this.writer = writer;
    this.links = new LinkLog(config, writer);
    this.start = new StartLog(config, writer);
    this.clients = new ClientLog(config, writer);
  }

  /** What it logs until its ports are open. */
  StartLog start() {
    return start;
  }

  ClientLog clients() {
    return clients;
  }

  /** What it logs of the connection of a learner. */
  LearnerLog learner(Endpoint caller) {
    return new LearnerLog(writer, caller);
  }

  /** What it logs of the election's port and links. */
  LinkLog links() {
    return links;
  }

  /** What it logs while leader and learners come to the same state. */
  SyncLog sync() {
    return sync;
  }

  private String peerThread() {
    ClientAccess access = config.clients();
    String plain = access.listens() ? access.host() + ":" + access.port() : "disabled";
    return "QuorumPeer[myid=%d](plain=%s)(secure=disabled)".formatted(config.myId(), plain);
  }

  void peer(LogLevel level, String place, Supplier<String> text) {
    writer.line(level, peerThread(), place, text);
  }

  // ---- the election

  void looking(long zxid) {
    peer(LogLevel.INFO, "QuorumPeer@1430", () -> "LOOKING");
    peer(
        LogLevel.INFO,
        "FastLeaderElection@945",
        () ->
            "New election. My id = "
                + config.myId()
                + ", proposed zxid=0x"
                + Long.toHexString(zxid));
  }

  void notification(PeerState state, long from, Vote vote) {
    writer.line(
        LogLevel.INFO,
        "WorkerReceiver[myid=" + config.myId() + "]",
        WORKER_RECEIVER,
        () ->
            ("Notification: my state:%s; n.sid:%d, n.state:%s, n.leader:%d, n.round:0x%x,"
                    + " n.peerEpoch:0x%x, n.zxid:0x%x, message format version:0x2,"
                    + " n.config version:0x0")
                .formatted(
                    state,
                    from,
                    vote.state(),
                    vote.leader(),
                    vote.round(),
                    vote.epoch(),
                    vote.zxid()));
  }

  void timeOut(long nextMillis) {
    peer(LogLevel.INFO, "FastLeaderElection@980", () -> "Notification time out: " + nextMillis);
  }

  /** The election is over. */
  void decided(PeerState state, long electionMillis) {
    peer(
        LogLevel.INFO,
        "QuorumPeer@901",
        () -> "Peer state changed: " + state.name().toLowerCase(Locale.ROOT));
    peer(
        LogLevel.INFO,
        switch (state) {
          case LEADING -> "QuorumPeer@1524";
          case OBSERVING -> "QuorumPeer@1493";
          default -> "QuorumPeer@1512";
        },
        state::name);
    writer.block(
        peerThread(),
        CREATED.formatted(config.timing().shortestSession(), config.timing().longestSession()));
    if (state != PeerState.OBSERVING) {
      peer(
          LogLevel.INFO,
          state == PeerState.LEADING ? "Leader@584" : "Follower@77",
          () -> state + " - LEADER ELECTION TOOK - " + electionMillis + " MS");
    }
  }

  void lookingAgain() {
    peer(LogLevel.INFO, "QuorumPeer@915", () -> "Peer state changed: looking");
    peer(LogLevel.WARN, "QuorumPeer@1560", () -> "PeerState set to LOOKING");
  }

  // ---- following

  /**
   * @param last whether it is not tried again
   */
  void leaderRefused(
      int tries, long remainingMillis, String host, Endpoint to, ConnectFailure why, boolean last) {
    String thread = "LeaderConnector-" + LogWriter.named(host, to);
    String tried =
        "tries=%d, remaining init limit=%d, connecting to %s"
            .formatted(tries, remainingMillis, LogWriter.named(host, to));
    if (last) {
      writer.line(
          LogLevel.ERROR,
          thread,
          "Learner$LeaderConnector@437",
          () -> "Unexpected exception, retries exceeded. " + tried);
    } else {
      writer.line(
          LogLevel.WARN,
          thread,
          "Learner$LeaderConnector@445",
          () -> "Unexpected exception, " + tried);
    }
    writer.below(last ? LogLevel.ERROR : LogLevel.WARN, () -> JavaExceptions.of(why));
  }

  void observes(long sid, String host, Endpoint leader) {
    peer(
        LogLevel.INFO,
        "Observer@164",
        () -> "Observing new leader sid=%d addr=%s".formatted(sid, LogWriter.named(host, leader)));
  }

  void leaderReached(String host, Endpoint to) {
    writer.line(
        LogLevel.INFO,
        "LeaderConnector-" + LogWriter.named(host, to),
        "Learner$LeaderConnector@381",
        () -> "Successfully connected to leader, using address: " + LogWriter.named(host, to));
  }

  void stopsFollowing(PeerState state, String exception) {
    boolean observes = state == PeerState.OBSERVING;
    peer(
        LogLevel.WARN,
        observes ? "Observer@128" : "Follower@131",
        () -> "Exception when " + (observes ? "observing" : "following") + " the leader");
    writer.below(LogLevel.WARN, () -> exception);
  }

  /** What follows, if there was a connection. */
  void disconnected(
      PeerState state, String host, Endpoint leader, long millis, boolean synchronised) {
    boolean observes = state == PeerState.OBSERVING;
    peer(
        LogLevel.INFO,
        observes ? "Observer@140" : "Follower@145",
        () ->
            ("Disconnected from leader (with address: %s). Was connected for %dms. Sync state:"
                    + " %b")
                .formatted(LogWriter.named(host, leader), millis, synchronised));
  }

  void shutsDownLearner(PeerState state) {
    boolean observes = state == PeerState.OBSERVING;
    peer(
        LogLevel.INFO,
        observes ? "Observer@245" : "Follower@289",
        () -> "shutdown " + (observes ? "Observer" : "Follower"));
  }

  /** A server that served ends its work. */
  void stopsServing() {
    writer.block(
        peerThread(),
        """
        ZooKeeperServer@829 shutting down
        RequestThrottler@258 Shutting down
        """);
    writer.block(
        "RequestThrottler",
        """
        RequestThrottler@219 Draining request throttler queue
        RequestThrottler@195 RequestThrottler shutdown. Dropped 0 requests
        """);
    writer.block(peerThread(), "FinalRequestProcessor@684 shutdown of request processor complete");
  }

  // ---- leading

  void haveQuorum(Iterable<Long> sids, long zxid) {
    peer(
        LogLevel.INFO,
        "Leader@1495",
        () ->
            "Have quorum of supporters, sids: ["
                + sids
                + "]; starting up and setting last processed zxid: 0x"
                + Long.toHexString(zxid));
    peer(
        LogLevel.INFO,
        "Leader@1517",
        () ->
            "Dynamic reconfig feature is disabled, skip designatedLeader calculation and reconfig"
                + " processing.");
    startsProcessors();
    writer.block(
        "ProcessThread(sid:%d cport:-1):".formatted(config.myId()),
        "PrepRequestProcessor@137 PrepRequestProcessor (sid:%d) started, reconfigEnabled=false"
            .formatted(config.myId()));
  }

  /** A server takes up its work. */
  void startsProcessors() {
    writer.block(
        peerThread(),
        "CommitProcessor@491 Configuring CommitProcessor with readBatchSize -1 commitBatchSize 1");
  }

  /** The leader could not begin to serve. */
  void ledInVain(String exception) {
    peer(LogLevel.WARN, "QuorumPeer@1530", () -> "Unexpected exception");
    writer.below(LogLevel.WARN, () -> exception);
    shutDown("Forcing shutdown");
  }

  void shutDown(String reason) {
    peer(LogLevel.INFO, "Leader@789", () -> "Shutting down");
    peer(LogLevel.INFO, "Leader@795", () -> "Shutdown called. For the reason " + reason);
  }

  /** Learners were there, and had not enough time. */
  void enoughWerePresent() {
    peer(
        LogLevel.WARN,
        "Leader@683",
        () -> "Enough followers present. Perhaps the initTicks need to be increased.");
  }

  /** The leader has closed its port. */
  void stopsAccepting(String host, Endpoint port) {
    writer.line(
        LogLevel.WARN,
        "LearnerCnxAcceptorHandler-" + LogWriter.named(host, port),
        "Leader$LearnerCnxAcceptor$LearnerCnxAcceptorHandler@526",
        () -> "Exception while shutting down acceptor.");
    writer.below(LogLevel.WARN, () -> "java.net.SocketException: Socket closed");
  }
}
