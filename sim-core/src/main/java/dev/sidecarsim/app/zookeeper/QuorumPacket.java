package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.net.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A packet between learner and leader: type, zxid, data and a list of identities that is always
 * absent here.
 */
record QuorumPacket(int type, long zxid, Bytes data) {

  static final int REQUEST = 1;
  static final int PROPOSAL = 2;
  static final int ACK = 3;
  static final int COMMIT = 4;
  static final int PING = 5;
  static final int REVALIDATE = 6;
  static final int INFORM = 8;
  static final int NEWLEADER = 10;
  static final int FOLLOWERINFO = 11;
  static final int UPTODATE = 12;
  static final int DIFF = 13;
  static final int SNAP = 15;
  static final int OBSERVERINFO = 16;
  static final int LEADERINFO = 17;
  static final int ACKEPOCH = 18;

  /** The protocol that learners of 3.4 and later speak. */
  static final int PROTOCOL = 0x10000;

  private static final int HEAD = 16;
  private static final int TAIL = 4;

  /** The largest data that 3.7.0 reads (jute.maxbuffer). */
  private static final int LARGEST = 0xfffff;

  /** The first transaction of an epoch. */
  static long firstOf(long epoch) {
    return epoch << 32;
  }

  static long epochOf(long zxid) {
    return zxid >>> 32;
  }

  static QuorumPacket of(int type, long zxid) {
    return new QuorumPacket(type, zxid, Bytes.EMPTY);
  }

  /** The first packet of a learner: its accepted epoch, its id, protocol and configuration. */
  static QuorumPacket learnerInfo(int type, long acceptedEpoch, long sid) {
    ByteBuffer data = ByteBuffer.allocate(20).putLong(sid).putInt(PROTOCOL).putLong(0);
    return new QuorumPacket(type, firstOf(acceptedEpoch), Bytes.of(data.array()));
  }

  static QuorumPacket withInt(int type, long zxid, int value) {
    return new QuorumPacket(type, zxid, Bytes.of(ByteBuffer.allocate(4).putInt(value).array()));
  }

  int dataInt() {
    return data.size() < 4 ? -1 : ByteBuffer.wrap(data.toByteArray()).getInt();
  }

  long dataLong() {
    return data.size() < 8 ? -1 : ByteBuffer.wrap(data.toByteArray()).getLong();
  }

  Bytes encode() {
    ByteBuffer buffer = ByteBuffer.allocate(HEAD + data.size() + TAIL);
    buffer.putInt(type).putLong(zxid).putInt(data.isEmpty() ? -1 : data.size());
    buffer.put(data.toByteArray()).putInt(-1);
    return Bytes.of(buffer.array());
  }

  /**
   * Takes the next packet from the input; empty if more bytes must come.
   *
   * @throws MalformedException if the bytes are no packet
   */
  static Optional<QuorumPacket> read(Input input) throws MalformedException {
    if (!input.has(HEAD)) {
      return Optional.empty();
    }
    int length = input.peekInt(12);
    if (length < -1 || length > LARGEST) {
      throw new MalformedException("data of " + length + " bytes");
    }
    int size = Math.max(length, 0);
    if (!input.has(HEAD + size + TAIL)) {
      return Optional.empty();
    }
    if (input.peekInt(HEAD + size) > 0) {
      throw new MalformedException("identities");
    }
    int type = input.peekInt(0);
    long zxid = input.peekLong(4);
    Bytes all = input.take(HEAD + size + TAIL);
    return Optional.of(new QuorumPacket(type, zxid, all.slice(HEAD, HEAD + size)));
  }

  /** Bytes that a reader of packets cannot go on with; real servers throw an IOException. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedException(String what) {
      super(what);
    }
  }
}
