package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Locale;
import java.util.function.Supplier;

/** What a server logs of elections, leaders and clients, in the words of 3.7.0. */
final class ServerLog {

  private static final String WORKER_RECEIVER = "FastLeaderElection$Messenger$WorkerReceiver@390";

  private final ZooKeeperConfig config;
  private final LogWriter writer;
  private final LinkLog links;
  private final SyncLog sync = new SyncLog(this);

  ServerLog(ZooKeeperConfig config, LogWriter writer) {
    this.config = config;
    this.writer = writer;
    this.links = new LinkLog(config, writer);
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
    ClientAccess clients = config.clients();
    String plain = clients.listens() ? clients.host() + ":" + clients.port() : "disabled";
    return "QuorumPeer[myid=%d](plain=%s)(secure=disabled)".formatted(config.myId(), plain);
  }

  void peer(LogLevel level, String place, Supplier<String> text) {
    writer.line(level, peerThread(), place, text);
  }

  // ---- the start

  void starting() {
    writer.line(
        LogLevel.INFO,
        "main",
        "QuorumPeerMain@152",
        () -> "Starting quorum peer, myid=" + config.myId());
  }

  void bindingClientPort(Endpoint local) {
    writer.line(
        LogLevel.INFO,
        "main",
        "NIOServerCnxnFactory@660",
        () -> "binding to port " + LogWriter.named(local.address().toString(), local));
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
    if (state != PeerState.OBSERVING) {
      peer(
          LogLevel.INFO,
          state == PeerState.LEADING ? "Leader@584" : "Follower@77",
          () -> state + " - LEADER ELECTION TOOK - " + electionMillis + " MS");
    }
  }

  void lookingAgain() {
    peer(LogLevel.WARN, "QuorumPeer@1560", () -> "PeerState set to LOOKING");
  }

  // ---- following

  void leaderRefused(
      int tries, long remainingMillis, String host, Endpoint to, ConnectFailure why) {
    writer.line(
        LogLevel.WARN,
        "LeaderConnector-" + LogWriter.named(host, to),
        "Learner$LeaderConnector@446",
        () ->
            "Unexpected exception, tries=%d, remaining init limit=%d, connecting to %s"
                .formatted(tries, remainingMillis, LogWriter.named(host, to)));
    writer.below(LogLevel.WARN, () -> JavaExceptions.of(why));
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

  // ---- clients

  void word(String word, Endpoint caller) {
    writer.line(
        LogLevel.INFO,
        "NIOWorkerThread-1",
        "NIOServerCnxn@514",
        () -> "Processing " + word + " command from /" + caller);
  }

  void tooMany(IpAddress address) {
    writer.line(
        LogLevel.WARN,
        "NIOServerCxnFactory.AcceptThread:%s/%s:%d"
            .formatted(config.clients().host(), config.clients().host(), config.clients().port()),
        "NIOServerCnxnFactory$AcceptThread@289",
        () ->
            "Error accepting new connection: Too many connections from /%s - max is %d"
                .formatted(address, config.clients().maxPerAddress()));
  }

  private void session(LogLevel level, String thread, Supplier<String> text) {
    writer.line(level, thread, "ZooKeeperServer@", text);
  }

  void expiring(long session, int timeoutMillis) {
    session(
        LogLevel.INFO,
        "SessionTracker",
        () -> "Expiring session 0x%x, timeout of %dms exceeded".formatted(session, timeoutMillis));
  }

  void invalidSession(long session, Endpoint client) {
    session(
        LogLevel.INFO,
        "NIOWorkerThread-1",
        () -> "Invalid session 0x%x for client /%s, probably expired".formatted(session, client));
  }

  /** The client has heard of transactions that this server has not. */
  void seesTooMuch(Endpoint client, long seen, long own) {
    session(
        LogLevel.INFO,
        "NIOWorkerThread-1",
        () ->
            ("Refusing session request for client /%s as it has seen zxid 0x%x our last zxid is"
                    + " 0x%x client must try another server")
                .formatted(client, seen, own));
  }
}
