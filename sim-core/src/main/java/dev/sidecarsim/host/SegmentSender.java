package dev.sidecarsim.host;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Flow;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.TcpFlags;

/** Numbers what one end of a connection sends, and acknowledges with it what has come. */
final class SegmentSender {

  /** TCP_MSS of an Ethernet link: 1500 bytes less the two headers. */
  private static final int SEGMENT = 1460;

  /** The way to the network. */
  interface Link {

    SendResult send(Packet segment);
  }

  private final Flow flow;
  private final Link link;
  private final ReceiveQueue received;
  private final SendQueue unacknowledged;

  private long next;
  private boolean owesAck;

  SegmentSender(Flow flow, Link link, ReceiveQueue received, SendQueue unacknowledged) {
    this.flow = flow;
    this.link = link;
    this.received = received;
    this.unacknowledged = unacknowledged;
  }

  void startAt(long firstSequence) {
    next = firstSequence;
  }

  /** The sequence number that the peer is to acknowledge. */
  long next() {
    return next;
  }

  /** Sends bytes in segments of the size that the link takes. */
  void send(Bytes data) {
    for (int sent = 0; sent < data.size(); sent += SEGMENT) {
      send(TcpFlags.PSH_ACK, data.slice(sent, Math.min(sent + SEGMENT, data.size())));
    }
  }

  /** Sends a SYN or a FIN. */
  SendResult send(TcpFlags flags) {
    return send(flags, Bytes.EMPTY);
  }

  private SendResult send(TcpFlags flags, Bytes payload) {
    Packet packet = segment(flags, payload);
    next = Sequence.after(packet);
    owesAck = false;
    unacknowledged.add(packet);
    return link.send(packet);
  }

  /** Has an acknowledgement ride on the next segment, or leave with {@link #settle()}. */
  void owe() {
    owesAck = true;
  }

  /** Acknowledges what no other segment has acknowledged. */
  void settle() {
    if (owesAck) {
      acknowledge();
    }
  }

  void acknowledge() {
    owesAck = false;
    link.send(segment(TcpFlags.ACK, Bytes.EMPTY));
  }

  /** The segment that tells the peer to forget the connection. */
  Packet reset() {
    return segment(TcpFlags.RST_ACK, Bytes.EMPTY);
  }

  private Packet segment(TcpFlags flags, Bytes payload) {
    long acknowledged = flags.ack() ? received.next() : 0;
    return Packet.tcp(flow.from(), flow.to(), flags, next, acknowledged, payload);
  }
}
