package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.QuorumPacket.firstOf;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A follower or an observer: calls the leader, takes over its epoch and data, then serves as long
 * as the leader speaks.
 *
 * <p>Only a call that fails is tried again. A call that is accepted and then closed ends the role,
 * and the next election begins at once.
 */
final class Learner extends PacketStream implements QuorumPeer.Role {

  private static final int TRIES = 5;

  private final QuorumPeer peer;
  private final QuorumServer leader;
  private final long firstDialAt;
  private final long pause;
  private final LearnerRequests requests;
  private int tries;
  private long epoch;
  private long connectedAt;
  private boolean heard;
  private boolean synchronised;
  private boolean snapshotNeeded;
  private boolean stopped;
  private @Nullable Connection connection;

  Learner(QuorumPeer peer) {
    super(peer.process(), peer.config().initNanos());
    this.peer = peer;
    this.requests = new LearnerRequests(peer, this::sendToLeader);
    this.leader = peer.config().server(peer.vote().leader());
    this.pause = peer.config().release().leaderRetryPause();
    long delay = peer.delays().dialLeader();
    this.firstDialAt = now() + delay;
    peer.log().sync().phase(peer.state(), SyncLog.Phase.DISCOVERY);
    after(delay, this::findLeader);
  }

  private long now() {
    return peer.process().namespace().scheduler().now();
  }

  private void after(long nanos, Runnable action) {
    peer.process()
        .after(
            nanos,
            () -> {
              if (!stopped) {
                action.run();
              }
            });
  }

  // ---- the call

  /** Resolves the leader's name anew; all tries go to that address. */
  private void findLeader() {
    List<IpAddress> addresses = peer.resolve(leader.host());
    if (addresses.isEmpty()) {
      peer.encounters().unresolved(leader.sid(), leader.quorumPort(), leader.host());
      peer.stepDown();
    } else {
      Endpoint to = new Endpoint(addresses.get(0), leader.quorumPort());
      if (peer.observer()) {
        peer.log().observes(leader.sid(), leader.host(), to);
      }
      dial(to);
    }
  }

  private void dial(Endpoint to) {
    long remaining = firstDialAt + peer.config().timing().connectNanos() - now();
    connection = peer.process().connect(Dial.to(to).within(remaining), this);
  }

  @Override
  public void onFailed(Connection failed, ConnectFailure failure) {
    if (stopped) {
      return;
    }
    long remaining = firstDialAt + peer.config().timing().connectNanos() - now();
    peer.encounters().failed(leader.sid(), leader.quorumPort(), failure);
    boolean last = tries + 1 >= TRIES || remaining <= pause;
    peer.log()
        .leaderRefused(
            tries, Durations.toMillis(remaining), leader.host(), failed.remote(), failure, last);
    tries++;
    if (last) {
      peer.log()
          .stopsFollowing(
              peer.state(),
              "java.io.IOException: Failed connect to "
                  + LogWriter.named(leader.host(), failed.remote()));
      peer.log().shutsDownLearner(peer.state());
      peer.stepDown();
    } else {
      after(pause, () -> dial(failed.remote()));
    }
  }

  @Override
  public void onConnected(Connection connected) {
    connectedAt = now();
    peer.log().leaderReached(leader.host(), connected.remote());
    armReadLimit(connected);
    int type = peer.observer() ? QuorumPacket.OBSERVERINFO : QuorumPacket.FOLLOWERINFO;
    send(
        connected,
        QuorumPacket.learnerInfo(type, peer.data().acceptedEpoch(), peer.config().myId()));
  }

  private void sendToLeader(QuorumPacket packet) {
    if (!stopped && connection != null) {
      send(connection, packet);
    }
  }

  // ---- packets of the leader

  @Override
  void onPacket(Connection same, QuorumPacket packet) {
    if (!heard) {
      heard = true;
      peer.encounters().answered(leader.sid(), leader.quorumPort());
    }
    switch (packet.type()) {
      case QuorumPacket.LEADERINFO -> acceptEpoch(same, QuorumPacket.epochOf(packet.zxid()));
      case QuorumPacket.SNAP -> takeOver(packet);
      case QuorumPacket.NEWLEADER -> acceptLeader(same, packet.zxid());
      case QuorumPacket.UPTODATE -> serve(same);
      case QuorumPacket.PING -> send(same, requests.pong(packet));
      case QuorumPacket.REVALIDATE -> requests.revalidated(packet);
      case QuorumPacket.PROPOSAL -> requests.proposed(packet);
      case QuorumPacket.COMMIT -> requests.committed(packet);
      case QuorumPacket.INFORM -> requests.informed(packet);
      // A DIFF leaves the zxid as it is: it is not that of the new epoch.
      case QuorumPacket.DIFF -> peer.log().sync().nothingMissing(peer.state(), packet.zxid());
      default -> {
        // A leader of the protocol that is modelled sends nothing else.
      }
    }
  }

  private void acceptEpoch(Connection same, long proposed) {
    long accepted = peer.data().acceptedEpoch();
    if (proposed < accepted) {
      peer.stepDown();
      return;
    }
    epoch = proposed;
    // An epoch that was accepted before is answered, but does not count once more.
    int acked = proposed > accepted ? (int) peer.data().currentEpoch() : -1;
    peer.data().acceptedEpoch(proposed);
    after(
        peer.delays().writeEpoch(),
        () -> {
          send(same, QuorumPacket.withInt(QuorumPacket.ACKEPOCH, peer.zxid(), acked));
          peer.log().sync().phase(peer.state(), SyncLog.Phase.SYNCHRONIZATION);
        });
  }

  private void takeOver(QuorumPacket snapshot) {
    peer.database().replace(snapshot.data(), snapshot.zxid());
    snapshotNeeded = true;
    peer.log().sync().snapshot(peer.state(), snapshot.zxid());
  }

  private void acceptLeader(Connection same, long newLeaderZxid) {
    peer.log().sync().newLeader();
    if (snapshotNeeded) {
      peer.database().takeSnapshot();
    }
    peer.data().currentEpoch(epoch);
    after(
        peer.delays().writeEpoch(),
        () -> {
          peer.log().sync().synchronised(peer.state());
          peer.log().startsProcessors();
          send(same, QuorumPacket.of(QuorumPacket.ACK, newLeaderZxid));
        });
  }

  private void serve(Connection same) {
    synchronised = true;
    peer.log().sync().upToDate();
    peer.log().sync().phase(peer.state(), SyncLog.Phase.BROADCAST);
    send(same, QuorumPacket.of(QuorumPacket.ACK, firstOf(epoch)));
    readLimit(same, peer.config().syncNanos());
    after(peer.delays().startService(Delays.Warming.SERVE_FOLLOWING), () -> peer.serve(epoch));
  }

  // ---- the end

  @Override
  void onEnd(Connection same, End end) {
    if (!heard) {
      switch (end) {
        case EOF -> peer.encounters().closedEarly(leader.sid(), leader.quorumPort());
        case RESET -> peer.encounters().reset(leader.sid(), leader.quorumPort());
        default -> {
          // The leader was reached, but did not answer in time or not as a leader does.
        }
      }
    }
    ServerLog log = peer.log();
    log.stopsFollowing(peer.state(), JavaExceptions.of(end));
    log.disconnected(
        peer.state(),
        leader.host(),
        same.remote(),
        Durations.toMillis(now() - connectedAt),
        synchronised);
    log.shutsDownLearner(peer.state());
    peer.stepDown();
  }

  @Override
  public void stop() {
    stopped = true;
    if (connection != null) {
      close(connection);
    }
  }

  @Override
  public Optional<Requests> requests() {
    return Optional.of(requests);
  }

  @Override
  public ImmutableList<QuorumPeer.AcceptedLink> links() {
    return ImmutableList.of();
  }
}
