package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A member of an ensemble: looks for a leader, then leads or follows, until that ends. */
final class QuorumPeer {

  /** What the peer does while it has a leader. */
  interface Role {

    /** Ends it; the peer goes on to the next election. */
    void stop();

    /** Whom it leads; empty unless it leads. */
    default Optional<FourLetterWords.Learners> learners() {
      return Optional.empty();
    }

    /** Whom clients' requests go to; empty before it serves. */
    Optional<Requests> requests();

    /** Connections accepted from learners; none unless it leads. */
    ImmutableList<AcceptedLink> links();
  }

  /** A connection that this server accepted. */
  record AcceptedLink(long sid, int port, IpAddress peerSeen, String state) {}

  private final Process process;
  private final ZooKeeperConfig config;
  private final QuorumVerifier verifier;
  private final DataDir data;
  private final Database database;
  private final Delays delays;
  private final Encounters encounters;
  private final ServerLog log;
  private final NameCache names;
  private final ElectionNetwork network;
  private final FastLeaderElection election;

  private PeerState state = PeerState.LOOKING;
  private Vote vote;
  private long lookingSince;
  private Runnable clientsGone = () -> {};
  private OptionalLong servingSince = OptionalLong.empty();
  private @Nullable Role role;

  QuorumPeer(
      Process process,
      ZooKeeperConfig config,
      DataDir data,
      Database database,
      Delays delays,
      Encounters encounters,
      ServerLog log) {
    this.process = process;
    this.config = config;
    this.verifier = config.verifier();
    this.data = data;
    this.database = database;
    this.delays = delays;
    this.encounters = encounters;
    this.log = log;
    this.vote = new Vote(config.myId(), database.zxid(), 0, data.currentEpoch(), PeerState.LOOKING);
    this.names = new NameCache(process);
    this.network = new ElectionNetwork(this);
    this.election = new FastLeaderElection(this, network);
    network.receiver(election::receive);
  }

  /** What is done to clients when it stops to lead or to follow. */
  void onStepDown(Runnable action) {
    clientsGone = action;
  }

  void start() {
    network.listen();
    beginElection();
  }

  // ---- what the parts ask

  Process process() {
    return process;
  }

  ZooKeeperConfig config() {
    return config;
  }

  QuorumVerifier verifier() {
    return verifier;
  }

  DataDir data() {
    return data;
  }

  Delays delays() {
    return delays;
  }

  Encounters encounters() {
    return encounters;
  }

  ServerLog log() {
    return log;
  }

  ElectionNetwork network() {
    return network;
  }

  PeerState state() {
    return state;
  }

  Vote vote() {
    return vote;
  }

  OptionalLong servingSince() {
    return servingSince;
  }

  ImmutableList<AcceptedLink> learnerLinks() {
    return role == null ? ImmutableList.of() : role.links();
  }

  Optional<Requests> requests() {
    return role == null ? Optional.empty() : role.requests();
  }

  Optional<FourLetterWords.Learners> learners() {
    return role == null ? Optional.empty() : role.learners();
  }

  /** The last transaction in memory. */
  long zxid() {
    return database.zxid();
  }

  Database database() {
    return database;
  }

  boolean observer() {
    return config.self().observer();
  }

  /** The addresses of a name, as the JVM remembers them. */
  List<IpAddress> resolve(String host) {
    return names.resolve(host);
  }

  /**
   * Whether a caller is let in: with TLS of the quorum's own its certificate, which is taken to be
   * for the host of its server line, must be for the address that it calls from
   * (ZKTrustManager.performHostVerification, which looks the address up).
   */
  boolean admits(IpAddress caller) {
    return !config.checksCallers()
        || config.servers().values().stream()
            .anyMatch(server -> process.resolve(server.host()).contains(caller));
  }

  /** The address to bind a port of the quorum to: the own name's, unless all are listened on. */
  Optional<Endpoint> ownAddress(int port) {
    Optional<IpAddress> own = resolve(config.self().host()).stream().findFirst();
    return own.map(
        address -> new Endpoint(config.listenOnAllIps() ? address.any() : address, port));
  }

  // ---- state

  /** The election is over. */
  void decided(Vote decision, PeerState newState) {
    state = newState;
    vote = decision.in(newState);
    log.decided(newState, Durations.toMillis(now() - lookingSince));
    role = newState == PeerState.LEADING ? new Leader(this) : new Learner(this);
  }

  /** The server answers clients from now on; others are told the epoch they now share. */
  void serve(long epoch) {
    vote = vote.withEpoch(epoch);
    servingSince = OptionalLong.of(now());
    encounters.serving();
  }

  /** Stops leading or following; after a while the next election begins. */
  void stepDown() {
    boolean served = servingSince.isPresent();
    if (served) {
      log.stopsServing();
    }
    servingSince = OptionalLong.empty();
    Role ended = role;
    role = null;
    clientsGone.run();
    if (ended != null) {
      ended.stop();
      database.fastForward();
      process.after(
          delays.stepDown(served) + (holdsBack() ? delays.observerPause() : 0), this::look);
    }
  }

  private boolean holdsBack() {
    return observer() && config.release().observersHoldBack();
  }

  private void look() {
    state = PeerState.LOOKING;
    log.lookingAgain();
    beginElection();
  }

  private void beginElection() {
    lookingSince = now();
    log.looking(observer() ? Long.MIN_VALUE : zxid());
    election.lookForLeader();
  }

  private long now() {
    return process.namespace().scheduler().now();
  }
}
