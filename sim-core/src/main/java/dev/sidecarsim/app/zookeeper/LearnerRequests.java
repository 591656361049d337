package dev.sidecarsim.app.zookeeper;

import com.google.common.io.ByteArrayDataInput;
import dev.sidecarsim.app.zookeeper.data.Txn;
import dev.sidecarsim.app.zookeeper.wire.Jute;
import dev.sidecarsim.net.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a learner asks of its leader on behalf of its clients, and the transactions that come back.
 * Whose clients have spoken it says when the leader pings it (LearnerSessionTracker).
 */
final class LearnerRequests implements Requests {

  private final QuorumPeer peer;
  private final Consumer<QuorumPacket> leader;
  private final Map<Long, Integer> touched = new TreeMap<>();
  private final Map<Long, List<Consumer<Boolean>>> asked = new LinkedHashMap<>();
  private long lastQueued;

  /**
   * @param leader sends a packet
   */
  LearnerRequests(QuorumPeer peer, Consumer<QuorumPacket> leader) {
    this.peer = peer;
    this.leader = leader;
  }

  @Override
  public void submit(Wish wish) {
    send(QuorumPacket.REQUEST, wish.encode());
  }

  @Override
  public void revalidate(long session, int timeoutMillis, Consumer<Boolean> answer) {
    asked.computeIfAbsent(session, id -> new ArrayList<>()).add(answer);
    send(
        QuorumPacket.REVALIDATE,
        Jute.record(
            out -> {
              out.writeLong(session);
              out.writeInt(timeoutMillis);
            }));
  }

  @Override
  public void touch(long session, int timeoutMillis) {
    touched.put(session, timeoutMillis);
  }

  private void send(int type, Bytes data) {
    leader.accept(new QuorumPacket(type, -1, data));
  }

  // ---- what the leader sends

  /** The answer to a ping: whose clients have spoken since the last one. */
  QuorumPacket pong(QuorumPacket ping) {
    Bytes table =
        Jute.record(
            out ->
                touched.forEach(
                    (session, timeout) -> {
                      out.writeLong(session);
                      out.writeInt(timeout);
                    }));
    touched.clear();
    return new QuorumPacket(QuorumPacket.PING, ping.zxid(), table);
  }

  void revalidated(QuorumPacket packet) {
    ByteArrayDataInput in = Jute.reader(packet.data());
    long session = in.readLong();
    boolean valid = in.readBoolean();
    List<Consumer<Boolean>> waiting = asked.remove(session);
    if (waiting != null) {
      waiting.forEach(answer -> answer.accept(valid));
    }
  }

  /** A follower writes it down, and says so; it counts when the leader says so. */
  void proposed(QuorumPacket packet) {
    Txn txn = Txn.decode(packet.data());
    if (txn.zxid() != lastQueued + 1) {
      peer.log().sync().unexpectedZxid(txn.zxid(), lastQueued + 1);
    }
    lastQueued = txn.zxid();
    peer.database().log(txn);
    peer.process()
        .after(
            peer.delays().writeEpoch(),
            () -> leader.accept(QuorumPacket.of(QuorumPacket.ACK, txn.zxid())));
  }

  void committed(QuorumPacket packet) {
    peer.database().commit(packet.zxid());
  }

  /** An observer hears of what counts already. */
  void informed(QuorumPacket packet) {
    peer.database().inform(Txn.decode(packet.data()));
  }
}
