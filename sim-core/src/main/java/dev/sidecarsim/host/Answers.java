package dev.sidecarsim.host;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.netfilter.PacketType;
import dev.sidecarsim.netfilter.RejectWith;
import dev.sidecarsim.netfilter.Skb;
import org.jspecify.annotations.Nullable;

/** The packets with which the kernel itself answers: RST and ICMP errors. */
final class Answers {

  /** Precedence 6, internetwork control, which ICMP errors carry (RFC 1812, 4.3.2.5). */
  private static final int CONTROL_PRECEDENCE = 0xc0;

  /** The type of service bits that an ICMP error takes over from the packet that it is about. */
  private static final int TOS_BITS = 0x1e;

  private final IpStack stack;
  private final IpOutput output;

  Answers(IpStack stack, IpOutput output) {
    this.stack = stack;
    this.output = output;
  }

  /** Answers a packet that REJECT dropped. */
  void reject(Skb skb, boolean local, boolean toMany) {
    RejectWith with = skb.rejection();
    if (with == null || toMany) {
      return;
    }
    if (with.isReset()) {
      reset(skb);
    } else {
      icmp(skb, with.type(), with.code(), local);
    }
  }

  /** A packet that was to be forwarded has no hop left. */
  void timeExceeded(Skb skb) {
    icmp(skb, skb.packet().src().v6() ? 3 : 11, 0, false);
  }

  /** A packet that came in has no way out. */
  void unreachable(Skb skb, SendResult why) {
    boolean v6 = skb.packet().src().v6();
    int code =
        switch (why) {
          case EHOSTUNREACH -> v6 ? 3 : 1;
          case EACCES -> v6 ? 1 : 13;
          default -> 0;
        };
    icmp(skb, v6 ? 1 : 3, code, false);
  }

  /** {@code nf_send_reset()}: what a closed port would answer, in the receiver's name. */
  private void reset(Skb skb) {
    Packet packet = skb.packet();
    TcpFlags flags = packet.flags();
    if (!packet.protocol().equals(Protocol.TCP) || flags.rst()) {
      return;
    }
    long length = (long) packet.payload().size() + (flags.syn() ? 1 : 0) + (flags.fin() ? 1 : 0);
    Packet answer =
        flags.ack()
            ? Packet.tcp(packet.to(), packet.from(), TcpFlags.RST, packet.ack(), 0, Bytes.EMPTY)
            : Packet.tcp(
                packet.to(),
                packet.from(),
                TcpFlags.of("RA"),
                0,
                (packet.seq() + length) & 0xffff_ffffL,
                Bytes.EMPTY);
    send(answer, skb, true);
  }

  private void icmp(Skb skb, int type, int code, boolean local) {
    Packet packet = skb.packet();
    // Errors are not answered with errors (RFC 1122, 3.2.2).
    if (skb.type() != PacketType.UNICAST || packet.isIcmpError()) {
      return;
    }
    IpAddress source = packet.dst().v6() ? sourceV6(skb) : sourceV4(packet, local);
    if (source == null) {
      return;
    }
    Packet answer =
        Packet.icmp(source, packet.src(), new Packet.Icmp(type, code, 0, packet))
            .withTos(source.v6() ? 0 : (packet.tos() & TOS_BITS) | CONTROL_PRECEDENCE);
    send(answer, skb, false);
  }

  private @Nullable IpAddress sourceV4(Packet packet, boolean local) {
    return local ? ownAddress(packet.dst()) : stack.sourceFor(packet.src()).orElse(null);
  }

  /** {@code icmp6_send()}: in the name of the interface that the packet came in by. */
  private @Nullable IpAddress sourceV6(Skb skb) {
    Packet packet = skb.packet();
    // ipv6_chk_addr(): the loopback address speaks on its own interface only
    boolean outside = !skb.in().isEmpty() && !skb.in().equals(IpStack.LOOPBACK);
    boolean strange = packet.dst().isLoopback() && outside;
    if (stack.isLocal(packet.dst()) && !strange) {
      return packet.dst();
    }
    return skb.in().isEmpty()
        ? stack.sourceFor(packet.src()).orElse(null)
        : Ipv6Sources.select(stack.interfaces(), skb.in(), packet.src());
  }

  /** A packet that a mark made local carries an address that cannot be the source of an answer. */
  private @Nullable IpAddress ownAddress(IpAddress address) {
    return stack.isLocal(address) ? address : null;
  }

  /** An answer belongs to the connection of the packet that it answers. */
  private void send(Packet answer, Skb answered, boolean anySource) {
    Skb skb = new Skb(answer, 0, answered.tracer());
    OutputRoute way = new OutputRoute(stack.routes());
    skb.attachTo(answered);
    if (answer.icmp() != null) {
      skb.setKernelSocket();
    }
    // an answer without a route is not even made
    boolean routed =
        anySource ? way.reroute(skb) : way.find(answer.src(), answer.dst(), 0) == SendResult.SENT;
    if (!routed) {
      return;
    }
    if (answer.flags().rst()) {
      answered.closeConnection(stack.scheduler().now());
    }
    if (skb.tracer().on()) {
      skb.tracer().step(new IpStep.Answered(stack.name(), answer));
    }
    output.send(skb, way);
  }
}
