package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.net.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The message of an election: state, leader, zxid, round, epoch, format version 2, configuration.
 *
 * @param from the sender's id, which is the id of the link it came over
 */
record Notification(long from, Vote vote) {

  /** The shortest message that 3.7.0 reads: all but the epoch, which older servers leave out. */
  private static final int SHORTEST = 28;

  private static final int WITH_EPOCH = 40;
  private static final int VERSION = 2;

  Bytes encode(Bytes configuration) {
    ByteBuffer buffer = ByteBuffer.allocate(44 + configuration.size());
    buffer.putInt(vote.state().wire()).putLong(vote.leader()).putLong(vote.zxid());
    buffer.putLong(vote.round()).putLong(vote.epoch()).putInt(VERSION);
    buffer.putInt(configuration.size()).put(configuration.toByteArray());
    return Bytes.of(buffer.array());
  }

  /** Empty for what is no notification; such a message is ignored. */
  static Optional<Notification> decode(long from, Bytes message) {
    if (message.size() < SHORTEST) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(message.toByteArray());
    int wire = buffer.getInt();
    long leader = buffer.getLong();
    long zxid = buffer.getLong();
    long round = buffer.getLong();
    long epoch = message.size() >= WITH_EPOCH ? buffer.getLong() : zxid >>> 32;
    return PeerState.of(wire)
        .map(state -> new Notification(from, new Vote(leader, zxid, round, epoch, state)));
  }
}
