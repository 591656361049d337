package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.QuorumPacket.firstOf;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.net.Bytes;
import java.util.Optional;

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
  private final LearnerLog log;
  private Stage stage = Stage.INFO;
  private long sid;
  private boolean observer;
  private long learnerZxid;
  private long ackDeadlineTick;

  LearnerHandler(QuorumPeer peer, Leader leader, Connection connection) {
    super(peer.process(), peer.config().initNanos());
    this.peer = peer;
    this.leader = leader;
    this.connection = connection;
    this.log = peer.log().learner(connection.remote());
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
      default -> readOther(packet);
    }
  }

  private void readOther(QuorumPacket packet) {
    ackDeadlineTick = leader.tick() + peer.config().syncLimit();
    leader.proposals().ifPresent(proposals -> readFor(proposals, packet));
  }

  private void readFor(Proposals proposals, QuorumPacket packet) {
    ByteArrayDataInput in = Jute.reader(packet.data());
    switch (packet.type()) {
      case QuorumPacket.ACK -> proposals.written(sid, packet.zxid());
      case QuorumPacket.PING -> touch(proposals, in, packet.data().size());
      case QuorumPacket.REVALIDATE -> revalidate(proposals, in);
      case QuorumPacket.REQUEST -> Wish.decode(in).ifPresent(proposals::submit);
      default -> {
        // Nothing else is expected of a learner that is up to date.
      }
    }
  }

  private static void touch(Proposals proposals, ByteArrayDataInput in, int size) {
    for (int read = 0; read < size; read += Long.BYTES + Integer.BYTES) {
      proposals.touch(in.readLong(), in.readInt());
    }
  }

  private void revalidate(Proposals proposals, ByteArrayDataInput in) {
    long session = in.readLong();
    proposals.revalidate(
        session,
        in.readInt(),
        valid ->
            send(
                connection,
                new QuorumPacket(
                    QuorumPacket.REVALIDATE,
                    -1,
                    Jute.record(
                        out -> {
                          out.writeLong(session);
                          out.writeBoolean(valid);
                        }))));
  }

  /** Sends a transaction to be written down; observers are not asked. */
  void propose(Txn txn) {
    if (follows() && !observer) {
      send(connection, new QuorumPacket(QuorumPacket.PROPOSAL, txn.zxid(), txn.encode()));
    }
  }

  void commit(Txn txn) {
    if (follows()) {
      send(
          connection,
          observer
              ? new QuorumPacket(QuorumPacket.INFORM, txn.zxid(), txn.encode())
              : QuorumPacket.of(QuorumPacket.COMMIT, txn.zxid()));
    }
  }

  /** From the moment on at which it was sent the tree it gets what is new. */
  private boolean follows() {
    return stage.compareTo(Stage.ACK_NEW_LEADER) >= 0;
  }

  private void readInfo(QuorumPacket packet) {
    boolean info =
        packet.type() == QuorumPacket.FOLLOWERINFO || packet.type() == QuorumPacket.OBSERVERINFO;
    if (!info) {
      onEnd(connection, End.GARBAGE);
      return;
    }
    sid = packet.dataLong();
    observer = packet.type() == QuorumPacket.OBSERVERINFO;
    Optional.ofNullable(peer.config().servers().get(sid))
        .ifPresent(server -> log.info(server, observer));
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

  /** Sends what the learner lacks, once the epoch stands: nothing, or all of the tree. */
  void synchronise() {
    if (stage == Stage.WAIT_EPOCH_ACKS && leader.mayForward()) {
      stage = Stage.ACK_NEW_LEADER;
      Database own = peer.database();
      log.synchronising(sid, own, learnerZxid);
      send(
          connection,
          learnerZxid == own.zxid()
              ? QuorumPacket.of(QuorumPacket.DIFF, own.zxid())
              : new QuorumPacket(QuorumPacket.SNAP, own.zxid(), own.tree().snapshot()));
      leader.proposals().ifPresent(proposals -> proposals.catchUp(this::propose));
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
    if (packet.zxid() != firstOf(leader.epoch())) {
      readOther(packet);
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
    log.lost(sid, JavaExceptions.of(end));
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
