package dev.sidecarsim.host;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.Hook;
import dev.sidecarsim.netfilter.Skb;
import dev.sidecarsim.netfilter.Verdict;
import dev.sidecarsim.trace.Tracer;
import org.jspecify.annotations.Nullable;

/** The way of a local packet: routing, OUTPUT, routing again, POSTROUTING, interface. */
final class IpOutput {

  private final IpStack stack;
  private final Answers answers;

  IpOutput(IpStack stack) {
    this.stack = stack;
    this.answers = new Answers(stack, this);
  }

  Answers answers() {
    return answers;
  }

  /** The route of a local packet, or null. */
  @Nullable Route route(@Nullable IpAddress source, IpAddress destination, int mark) {
    OutputRoute way = new OutputRoute(stack.routes());
    return way.find(source, destination, mark) == SendResult.SENT ? way.route() : null;
  }

  SendResult send(Packet packet, SocketOwner owner, int mark, Tracer tracer, boolean anySource) {
    Skb skb = new Skb(packet, mark, tracer);
    if (owner.socket()) {
      skb.setOwner(owner.uid(), owner.gid());
    }
    OutputRoute way = new OutputRoute(stack.routes());
    SendResult routed = way.find(anySource ? null : packet.src(), packet.dst(), mark);
    return routed == SendResult.SENT ? send(skb, way) : unroutable(skb, routed);
  }

  /** Sends a packet whose first way is known. */
  SendResult send(Skb skb, OutputRoute way) {
    Packet packet = skb.packet();
    routed(skb, way);
    skb.leaveBy(way.device(), way.route().nextHop(packet.dst()));
    skb.setRerouter(way);
    Verdict verdict = stack.netfilter().run(Hook.OUTPUT, skb);
    if (verdict == Verdict.UNROUTABLE) {
      return unroutable(skb, way.result());
    }
    if (verdict == Verdict.REJECT) {
      boolean local = way.route().type() == Route.Type.LOCAL;
      answers.reject(skb, local, way.toMany(skb.packet().dst()));
    }
    if (verdict != Verdict.ACCEPT) {
      return verdict == Verdict.UNKNOWN ? SendResult.UNKNOWN : SendResult.EPERM;
    }
    IpAddress nextHop = way.route().nextHop(skb.packet().dst());
    if (way.isHeardHere(skb.packet().dst())) {
      hear(skb.copy(), way.device(), nextHop);
    }
    return leave(skb, way.device(), nextHop, false);
  }

  /** {@code ip_mc_output()}: the sender's copy is delivered before the packet leaves. */
  private void hear(Skb copy, String device, IpAddress nextHop) {
    copy.leaveBy(device, nextHop);
    if (stack.netfilter().run(Hook.POSTROUTING, copy) == Verdict.ACCEPT) {
      stack.hear(copy, device);
    }
  }

  private SendResult unroutable(Skb skb, SendResult why) {
    Tracer tracer = skb.tracer();
    if (tracer.on()) {
      Packet packet = skb.packet();
      tracer.step(
          new IpStep.Unroutable(
              stack.name(), packet, why.name(), why.name() + ", no route from " + packet.src()));
      tracer.cause(new IpCause.NoRoute(stack.name(), packet, why.name()));
    }
    return why;
  }

  private void routed(Skb skb, OutputRoute way) {
    if (skb.tracer().on()) {
      skb.tracer().step(new IpStep.Routed(stack.name(), skb.packet(), way.route()));
    }
  }

  /** POSTROUTING and the interface, for local and forwarded packets. */
  SendResult leave(Skb skb, String device, IpAddress nextHop, boolean forwarded) {
    skb.leaveBy(device, nextHop);
    Verdict verdict = stack.netfilter().run(Hook.POSTROUTING, skb);
    if (verdict != Verdict.ACCEPT) {
      return verdict == Verdict.UNKNOWN ? SendResult.UNKNOWN : SendResult.EPERM;
    }
    if (device.equals(IpStack.LOOPBACK)) {
      stack.loop(skb);
      return SendResult.SENT;
    }
    Interface out = stack.device(device);
    if (out == null) {
      return SendResult.EHOSTUNREACH;
    }
    Tracer tracer = skb.tracer();
    if (tracer.on()) {
      tracer.step(
          new IpStep.Transmitted(
              stack.name(), device, skb.packet(), skb.mark(), skb.connectionMark(), forwarded));
    }
    out.wire().transmit(skb.packet(), nextHop, tracer);
    return SendResult.SENT;
  }
}
