package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.Listener;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The elected server: opens the quorum port, brings a quorum of learners to one epoch, then serves
 * as long as a quorum stays.
 */
final class Leader implements QuorumPeer.Role {

  private final QuorumPeer peer;
  private final long myId;
  private final List<LearnerHandler> learners = new ArrayList<>();
  private final Acks epochFrom;
  private final Acks epochAckedBy;
  private final Acks ackedBy;
  private final Heartbeat heartbeat;
  private LeaderPhase phase = LeaderPhase.BINDING;
  private long epoch;
  private boolean epochKnown;
  private boolean stopped;
  private @Nullable Broadcast broadcast;
  private @Nullable Listener listener;
  private @Nullable Timer limit;

  Leader(QuorumPeer peer) {
    this.peer = peer;
    this.myId = peer.config().myId();
    this.epochFrom = new Acks(peer);
    this.epochAckedBy = new Acks(peer);
    this.ackedBy = new Acks(peer);
    this.heartbeat = new Heartbeat(peer, this, learners);
    after(peer.delays().bindQuorumPort(), this::bind);
  }

  /** Runs something later, unless it has stopped to lead by then. */
  void after(long nanos, Runnable action) {
    peer.process()
        .after(
            nanos,
            () -> {
              if (!stopped) {
                action.run();
              }
            });
  }

  // ---- the port

  private void bind() {
    int port = peer.config().self().quorumPort();
    Optional<Bound> bound =
        peer.ownAddress(port).map(local -> peer.process().listen(local, this::learner));
    if (bound.isPresent() && bound.get() instanceof Bound.Listening listening) {
      listener = listening.listener();
      peer.database().takeSnapshot();
      peer.log().sync().phase(peer.state(), SyncLog.Phase.DISCOVERY);
      begin(LeaderPhase.EPOCH);
      epochOf(myId, peer.data().acceptedEpoch());
    } else {
      String address =
          peer.ownAddress(port).map(Endpoint::toString).orElse(peer.config().self().host());
      fail("Leader failed to initialize any of the following sockets: " + address);
    }
  }

  private LearnerHandler learner(Connection connection) {
    LearnerHandler handler = new LearnerHandler(peer, this, connection);
    if (!peer.admits(connection.remote().address())) {
      peer.encounters().notFor(connection.local().port(), connection.remote().address());
      after(0, handler::close);
      return handler;
    }
    learners.add(handler);
    return handler;
  }

  // ---- the phases

  private void begin(LeaderPhase next) {
    phase = next;
    if (limit != null) {
      limit.cancel();
    }
    if (next.waits()) {
      limit = peer.process().after(peer.config().initNanos(), this::timedOut);
    }
  }

  private void timedOut() {
    if (phase != LeaderPhase.NEW_LEADER_ACKS) {
      fail(phase.timeout());
      return;
    }
    giveUp("Waiting for a quorum of followers, only synced with sids: [ " + ackedBy.sids() + " ]");
  }

  /** The election came to nothing. */
  private void fail(String why) {
    if (!stopped) {
      peer.encounters().ledInVain(why);
      peer.log().ledInVain(JavaExceptions.ofLeader(phase, why));
      peer.stepDown();
    }
  }

  /** Shuts down in due form. */
  void giveUp(String why) {
    if (!stopped) {
      peer.encounters().ledInVain(why);
      peer.log().shutDown(why);
      if (phase == LeaderPhase.NEW_LEADER_ACKS
          && peer.verifier().containsQuorum(connected().sids())) {
        peer.log().enoughWerePresent();
      }
      peer.stepDown();
    }
  }

  private Acks connected() {
    Acks connected = new Acks(peer);
    learners.forEach(learner -> connected.add(learner.sid()));
    return connected;
  }

  /** A learner, or this server, names the newest epoch that it has accepted. */
  void epochOf(long sid, long accepted) {
    if (phase != LeaderPhase.EPOCH) {
      return;
    }
    epoch = Math.max(epoch, accepted + 1);
    epochFrom.add(sid);
    if (epochFrom.enough()) {
      begin(LeaderPhase.EPOCH_ACKS);
      peer.data().acceptedEpoch(epoch);
      after(peer.delays().writeEpoch(), this::epochChosen);
    }
  }

  private void epochChosen() {
    epochKnown = true;
    learners.forEach(LearnerHandler::leaderInfo);
    epochAcked(myId, peer.data().currentEpoch(), peer.zxid());
  }

  /**
   * A learner has accepted the epoch, and says how far its own data go.
   *
   * @param currentEpoch -1 if it had accepted this epoch before, which does not count again
   * @return whether it may follow: not if it knows more than the leader
   */
  boolean epochAcked(long sid, long currentEpoch, long zxid) {
    if (!phase.before(LeaderPhase.NEW_LEADER_ACKS)) {
      return true;
    }
    if (currentEpoch != -1) {
      if (aheadOfLeader(currentEpoch, zxid)) {
        return false;
      }
      epochAckedBy.add(sid);
    }
    if (epochAckedBy.enough()) {
      begin(LeaderPhase.NEW_LEADER_ACKS);
      peer.log().sync().phase(peer.state(), SyncLog.Phase.SYNCHRONIZATION);
      peer.data().currentEpoch(epoch);
      learners.forEach(LearnerHandler::synchronise);
      after(peer.delays().writeEpoch(), () -> newLeaderAcked(myId));
    }
    return true;
  }

  private boolean aheadOfLeader(long currentEpoch, long zxid) {
    long own = peer.data().currentEpoch();
    return currentEpoch > own || (currentEpoch == own && zxid > peer.zxid());
  }

  void newLeaderAcked(long sid) {
    if (phase != LeaderPhase.NEW_LEADER_ACKS) {
      return;
    }
    ackedBy.add(sid);
    if (ackedBy.enough()) {
      begin(LeaderPhase.STARTING);
      after(peer.delays().startService(Delays.Warming.SERVE_LEADING), this::serve);
    }
  }

  private void serve() {
    begin(LeaderPhase.SERVING);
    peer.log().haveQuorum(ackedBy.sids(), QuorumPacket.firstOf(epoch));
    peer.log().sync().phase(peer.state(), SyncLog.Phase.BROADCAST);
    peer.database().enter(QuorumPacket.firstOf(epoch));
    broadcast = new Broadcast(peer, this);
    peer.serve(epoch);
    learners.forEach(LearnerHandler::upToDate);
    heartbeat.start();
  }

  // ---- while it serves

  @Override
  public Optional<Requests> requests() {
    return proposals().map(Requests.class::cast);
  }

  @Override
  public Optional<FourLetterWords.Learners> learners() {
    return Optional.of(heartbeat.counted());
  }

  // ---- what the handlers ask

  Optional<Proposals> proposals() {
    return Optional.ofNullable(broadcast).map(Broadcast::proposals);
  }

  void forEachFollower(Consumer<LearnerHandler> action) {
    List.copyOf(learners).forEach(action);
  }

  long epoch() {
    return epoch;
  }

  long tick() {
    return heartbeat.tick();
  }

  boolean epochKnown() {
    return epochKnown;
  }

  boolean mayForward() {
    return !phase.before(LeaderPhase.NEW_LEADER_ACKS);
  }

  boolean serves() {
    return phase == LeaderPhase.SERVING;
  }

  void lost(LearnerHandler learner) {
    learners.remove(learner);
  }

  // ---- the end

  @Override
  public void stop() {
    stopped = true;
    begin(LeaderPhase.BINDING);
    if (listener != null) {
      listener.close();
      peer.log().stopsAccepting(peer.config().self().host(), listener.local());
    }
    List.copyOf(learners).forEach(LearnerHandler::close);
    learners.clear();
  }

  @Override
  public ImmutableList<QuorumPeer.AcceptedLink> links() {
    return learners.stream()
        .filter(learner -> peer.config().servers().containsKey(learner.sid()))
        .map(LearnerHandler::link)
        .collect(ImmutableList.toImmutableList());
  }
}
