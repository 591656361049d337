package dev.sidecarsim.benchmarks;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.Skb;

/** A packet that was drawn, and the ids of the socket that sends it. */
record DrawnPacket(Skb skb, long uid, long gid) {

  /** The same for the plain matchers. */
  PlainPacket plain() {
    Packet packet = skb.packet();
    return new PlainPacket(
        packet.src().v4Bits(),
        packet.dst().v4Bits(),
        packet.protocol().toString(),
        packet.sport(),
        packet.dport(),
        skb.in(),
        skb.out(),
        uid,
        gid);
  }
}
