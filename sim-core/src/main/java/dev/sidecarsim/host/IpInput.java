package dev.sidecarsim.host;

import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.AddressType;
import dev.sidecarsim.netfilter.Hook;
import dev.sidecarsim.netfilter.PacketType;
import dev.sidecarsim.netfilter.Skb;
import dev.sidecarsim.netfilter.Verdict;
import dev.sidecarsim.trace.Tracer;
import org.jspecify.annotations.Nullable;

/** The way of a packet that comes in: PREROUTING, routing, then INPUT or FORWARD. */
final class IpInput {

  private static final Cidr LINK_LOCAL_GROUPS = Cidr.of("224.0.0.0/24");
  private static final IpAddress LIMITED_BROADCAST = IpAddress.v4(-1);

  private final IpStack stack;
  private final IpOutput output;

  IpInput(IpStack stack, IpOutput output) {
    this.stack = stack;
    this.output = output;
  }

  void receive(Skb skb) {
    received(skb);
    String foreign = foreignAddress(skb.packet());
    if (foreign != null) {
      martian(skb, foreign);
      return;
    }
    if (stack.netfilter().run(Hook.PREROUTING, skb) != Verdict.ACCEPT) {
      return;
    }
    Packet packet = skb.packet();
    String martian = martianAddress(packet);
    if (martian != null) {
      martian(skb, martian);
    } else if (packet.dst().isMulticast()) {
      multicast(skb);
    } else {
      route(skb);
    }
  }

  /** A packet that left by {@code lo}: it was routed when it left and is not routed again. */
  void receiveFromLoopback(Skb skb) {
    turnAround(skb, IpStack.LOOPBACK, PacketType.UNICAST);
  }

  /** The sender's own copy of a packet to many, which knows its way, too. */
  void receiveCopy(Skb skb, String device) {
    boolean group = skb.packet().dst().isMulticast();
    turnAround(skb, device, group ? PacketType.MULTICAST : PacketType.BROADCAST);
  }

  private void turnAround(Skb skb, String device, PacketType type) {
    skb.turnAround(device, type);
    received(skb);
    if (stack.netfilter().run(Hook.PREROUTING, skb) != Verdict.ACCEPT) {
      return;
    }
    if (skb.packet().dst().isMulticast()) {
      toGroup(skb);
    } else {
      deliver(skb);
    }
  }

  private void received(Skb skb) {
    if (skb.tracer().on()) {
      skb.tracer().step(new IpStep.Received(stack.name(), skb.in(), skb.packet()));
    }
  }

  /** What {@code ip6_rcv_core()} refuses before any rule (RFC 4291, 2.5.3 and 2.7). */
  private static @Nullable String foreignAddress(Packet packet) {
    if (packet.src().v4()) {
      return null;
    }
    if (packet.src().isLoopback() || packet.dst().isLoopback()) {
      return "the loopback address cannot come from outside";
    }
    return packet.src().isMulticast() ? "a multicast address cannot be a source" : null;
  }

  /** What {@code ip_route_input_slow()} refuses before it looks at a table. */
  private static @Nullable String martianAddress(Packet packet) {
    IpAddress src = packet.src();
    IpAddress dst = packet.dst();
    if (src.isMulticast() || src.equals(LIMITED_BROADCAST)) {
      return "a multicast or broadcast address cannot be a source";
    }
    if (dst.equals(LIMITED_BROADCAST) || (src.v4() && src.isAny() && dst.isAny())) {
      return null;
    }
    // ipv4_is_zeronet(): since Linux 5.3 the rest of 0.0.0.0/8 is as any address
    if (src.v4() && src.isAny() && !LINK_LOCAL_GROUPS.contains(dst)) {
      return "0.0.0.0 cannot be a source";
    }
    if (dst.isAny()) {
      return "0.0.0.0 cannot be a destination";
    }
    if (dst.v4() && (dst.isLoopback() || src.isLoopback())) {
      return "a loopback address cannot come from outside (route_localnet=0)";
    }
    return null;
  }

  private void multicast(Skb skb) {
    IpAddress source = skb.packet().src();
    if (isMartian(skb, source, null)) {
      martian(skb, "the source " + source + " is an address of this host");
    } else {
      toGroup(skb);
    }
  }

  private void toGroup(Skb skb) {
    IpAddress group = skb.packet().dst();
    if (group.equals(AddressTypes.ALL_HOSTS) || group.v6()) {
      deliver(skb);
    } else {
      martian(skb, "nobody has joined the group " + group);
    }
  }

  private void route(Skb skb) {
    Packet packet = skb.packet();
    boolean limited = packet.dst().equals(LIMITED_BROADCAST);
    Route route = limited ? null : lookup(packet.dst(), skb);
    if (!limited && skb.tracer().on()) {
      skb.tracer().step(new IpStep.Routed(stack.name(), packet, route));
    }
    if (limited) {
      fromUnicast(skb, null);
      return;
    }
    if (route == null) {
      noRoute(skb, SendResult.ENETUNREACH);
      return;
    }
    switch (route.type()) {
      case LOCAL, BROADCAST -> fromUnicast(skb, null);
      case UNICAST -> fromUnicast(skb, route);
      case UNREACHABLE -> noRoute(skb, SendResult.EHOSTUNREACH);
      case PROHIBIT -> noRoute(skb, SendResult.EACCES);
      case MULTICAST, BLACKHOLE ->
          martian(skb, "the route to " + packet.dst() + " is a black hole");
    }
  }

  /** For IPv6 the loopback address is on no interface but its own ({@code rt6_need_strict()}). */
  private @Nullable Route lookup(IpAddress destination, Skb skb) {
    boolean strict = destination.v6() && destination.isLoopback();
    return strict
        ? stack.routes().lookup(destination, skb.mark(), skb.in())
        : stack.routes().lookup(destination, skb.mark());
  }

  /** Checks the source, then delivers, or forwards by a route. */
  private void fromUnicast(Skb skb, @Nullable Route forward) {
    IpAddress source = skb.packet().src();
    if (isMartian(skb, source, forward)) {
      martian(skb, "the source " + source + " is an address of this host");
    } else if (forward == null) {
      deliver(skb);
    } else {
      forward(skb, forward);
    }
  }

  /** {@code fib_validate_source()}, which IPv6 does not have, nor who asks for an address. */
  private boolean isMartian(Skb skb, IpAddress source, @Nullable Route forward) {
    if (source.v6() || source.isAny()) {
      return false;
    }
    // back out by the interface it came from, the table is asked, too
    boolean full =
        stack.routes().hasCustomLocal() || (forward != null && forward.device().equals(skb.in()));
    AddressType type = AddressTypes.of(stack.routes(), source);
    // inet_lookup_ifaddr_rcu() knows addresses, not the whole of 127.0.0.0/8
    boolean own = !source.isLoopback() || source.equals(IpAddress.LOOPBACK_V4);
    return (own && type == AddressType.LOCAL) || (full && type != AddressType.UNICAST);
  }

  private void forward(Skb skb, Route route) {
    Packet packet = skb.packet();
    if (skb.proxy() != null) {
      // ip_forward() drops what belongs to a socket
      unroutable(skb, "PROXIED", "TPROXY gave it to a socket, but its route leads elsewhere");
      skb.tracer().cause(new IpCause.NoRoute(stack.name(), packet, "PROXIED"));
      return;
    }
    if (skb.type() != PacketType.UNICAST) {
      martian(skb, "a frame to many is not forwarded");
      return;
    }
    if (packet.ttl() <= 1) {
      unroutable(skb, "TTL", "its TTL of " + packet.ttl() + " is used up");
      skb.tracer().cause(new IpCause.TtlExpired(stack.name(), packet));
      output.answers().timeExceeded(skb);
      return;
    }
    skb.setPacket(packet.withTtl(packet.ttl() - 1));
    skb.leaveBy(route.device(), route.nextHop(packet.dst()));
    Verdict verdict = stack.netfilter().run(Hook.FORWARD, skb);
    if (verdict == Verdict.REJECT) {
      output.answers().reject(skb, false, false);
    } else if (verdict == Verdict.ACCEPT) {
      output.leave(skb, route.device(), route.nextHop(skb.packet().dst()), true);
    }
  }

  private void deliver(Skb skb) {
    Verdict verdict = stack.netfilter().run(Hook.INPUT, skb);
    if (verdict == Verdict.REJECT) {
      output.answers().reject(skb, true, toMany(skb));
    }
    if (verdict != Verdict.ACCEPT) {
      return;
    }
    Tracer tracer = skb.tracer();
    if (tracer.on()) {
      tracer.step(
          new IpStep.Delivered(
              stack.name(), skb.in(), skb.packet(), skb.mark(), skb.connectionMark()));
    }
    Endpoint proxy = skb.proxy();
    if (proxy == null) {
      stack.transport().deliver(skb.packet(), tracer);
    } else {
      stack.transport().deliverTo(proxy, skb.packet(), tracer);
    }
  }

  private boolean toMany(Skb skb) {
    return switch (AddressTypes.of(stack.routes(), skb.packet().dst())) {
      case BROADCAST, MULTICAST -> true;
      default -> false;
    };
  }

  private void noRoute(Skb skb, SendResult why) {
    unroutable(skb, why.name(), "no route to " + skb.packet().dst());
    skb.tracer().cause(new IpCause.NoRoute(stack.name(), skb.packet(), why.name()));
    output.answers().unreachable(skb, why);
  }

  private void martian(Skb skb, String reason) {
    unroutable(skb, "MARTIAN", reason);
    skb.tracer().cause(new IpCause.Martian(stack.name(), skb.packet(), reason));
  }

  private void unroutable(Skb skb, String errno, String reason) {
    if (skb.tracer().on()) {
      skb.tracer().step(new IpStep.Unroutable(stack.name(), skb.packet(), errno, reason));
    }
  }
}
