package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.QuorumPacket.firstOf;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Bytes;

/** The leader's side of one learner's connection. */
final class LearnerHandler extends PacketStream {

  /** What the learner's next step is. */
  private enum Stage {
    INFO,
    WAIT_EPOCH,
    ACK_EPOCH,
    WAIT_EPOCH_ACKS,
    ACK_NEW_LEADER,
    WAIT_START,
    RUNNING
  }

  private final QuorumPeer peer;
  private final Leader leader;
  private final Connection connection;
  private Stage stage = Stage.INFO;
  private long sid;
  private long learnerZxid;
  private long ackDeadlineTick;

  LearnerHandler(QuorumPeer peer, Leader leader, Connection connection) {
    super(peer.process(), peer.config().initNanos());
    this.peer = peer;
    this.leader = leader;
    this.connection = connection;
    this.ackDeadlineTick = leader.tick() + peer.config().initLimit() + peer.config().syncLimit();
    armReadLimit(connection);
  }

  long sid() {
    return sid;
  }

  @Override
  void onPacket(Connection same, QuorumPacket packet) {
    switch (stage) {
      case INFO -> readInfo(packet);
      case ACK_EPOCH -> readEpochAck(packet);
      case ACK_NEW_LEADER -> readNewLeaderAck(packet);
      default -> ackDeadlineTick = leader.tick() + peer.config().syncLimit();
    }
  }

  private void readInfo(QuorumPacket packet) {
    boolean info =
        packet.type() == QuorumPacket.FOLLOWERINFO || packet.type() == QuorumPacket.OBSERVERINFO;
    if (!info) {
      onEnd(connection, End.GARBAGE);
      return;
    }
    sid = packet.dataLong();
    stage = Stage.WAIT_EPOCH;
    leader.epochOf(sid, QuorumPacket.epochOf(packet.zxid()));
    leaderInfo();
  }

  /** Tells the epoch, once it is known. */
  void leaderInfo() {
    if (stage == Stage.WAIT_EPOCH && leader.epochKnown()) {
      stage = Stage.ACK_EPOCH;
      send(
          connection,
          QuorumPacket.withInt(
              QuorumPacket.LEADERINFO, firstOf(leader.epoch()), QuorumPacket.PROTOCOL));
    }
  }

  private void readEpochAck(QuorumPacket packet) {
    if (packet.type() != QuorumPacket.ACKEPOCH) {
      onEnd(connection, End.GARBAGE);
      return;
    }
    learnerZxid = packet.zxid();
    stage = Stage.WAIT_EPOCH_ACKS;
    if (leader.epochAcked(sid, packet.dataInt(), learnerZxid)) {
      synchronise();
    } else {
      leave();
    }
  }

  /**
   * Sends what the learner lacks, once the epoch stands: nothing or all, since without transactions
   * there is no log of which a part could be sent, or be cut off.
   */
  void synchronise() {
    if (stage == Stage.WAIT_EPOCH_ACKS && leader.mayForward()) {
      stage = Stage.ACK_NEW_LEADER;
      boolean same = learnerZxid == peer.zxid();
      send(connection, QuorumPacket.of(same ? QuorumPacket.DIFF : QuorumPacket.SNAP, peer.zxid()));
      send(
          connection,
          new QuorumPacket(
              QuorumPacket.NEWLEADER, firstOf(leader.epoch()), peer.config().quorumText()));
    }
  }

  private void readNewLeaderAck(QuorumPacket packet) {
    if (packet.type() != QuorumPacket.ACK) {
      onEnd(connection, End.GARBAGE);
      return;
    }
    stage = Stage.WAIT_START;
    ackDeadlineTick = leader.tick() + peer.config().syncLimit();
    readLimit(connection, peer.config().syncNanos());
    leader.newLeaderAcked(sid);
    upToDate();
  }

  /** Lets the learner serve, once the leader does. */
  void upToDate() {
    if (stage == Stage.WAIT_START && leader.serves()) {
      stage = Stage.RUNNING;
      send(connection, QuorumPacket.of(QuorumPacket.UPTODATE, -1));
    }
  }

  void ping() {
    if (stage == Stage.RUNNING) {
      send(connection, new QuorumPacket(QuorumPacket.PING, peer.zxid(), Bytes.EMPTY));
    }
  }

  boolean synced(long tick) {
    return !closed() && ackDeadlineTick >= tick;
  }

  @Override
  void onEnd(Connection same, End end) {
    if (end == End.GARBAGE) {
      peer.encounters()
          .garbage(connection.local().port(), connection.remote().address(), Bytes.EMPTY);
    }
    leave();
  }

  private void leave() {
    close();
    leader.lost(this);
  }

  void close() {
    close(connection);
  }

  QuorumPeer.AcceptedLink link() {
    return new QuorumPeer.AcceptedLink(
        sid, connection.local().port(), connection.remote().address(), connection.state().name());
  }
}
