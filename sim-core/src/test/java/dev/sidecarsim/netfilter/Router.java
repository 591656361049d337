package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;

/** A host with rules that passes on what comes in by eth1, out of eth0. */
final class Router {

  final Scheduler scheduler = new Scheduler();
  final OneHost host = new OneHost();
  final Netfilter netfilter = new Netfilter(host, scheduler, Seed.DEFAULT.stream("router"));

  Tracer tracer = Tracer.OFF;

  /** A router with one table. */
  static Router with(String table, String... rules) {
    Router router = new Router();
    String text = "*" + table + "\n" + String.join("\n", rules) + "\nCOMMIT\n";
    boolean v6 = text.contains("::");
    router.netfilter.restore(v6 ? Family.IPV6 : Family.IPV4, text);
    return router;
  }

  static Packet syn(String from, String to) {
    return tcp(from, to, "S");
  }

  static Packet tcp(String from, String to, String flags) {
    return Packet.tcp(Endpoint.of(from), Endpoint.of(to), TcpFlags.of(flags), 0, 0, Bytes.EMPTY);
  }

  static Packet udp(String from, String to) {
    return Packet.udp(Endpoint.of(from), Endpoint.of(to), Bytes.EMPTY);
  }

  static Packet echo(String from, String to, int id) {
    Packet.Icmp request = new Packet.Icmp(8, 0, id, null);
    return Packet.icmp(IpAddress.of(from), IpAddress.of(to), request);
  }

  /** An ICMP error that the receiver of a packet sends back. */
  static Packet error(int type, Packet about) {
    Packet.Icmp message = new Packet.Icmp(type, 1, 0, about);
    return Packet.icmp(/* src= */ about.dst(), /* dst= */ about.src(), message);
  }

  /** A packet as it leaves; empty if it does not. */
  Optional<Packet> forward(Packet packet) {
    return pass(packet, "eth1", "eth0");
  }

  /** The same for a packet that comes the other way. */
  Optional<Packet> back(Packet packet) {
    return pass(packet, "eth0", "eth1");
  }

  private Optional<Packet> pass(Packet packet, String in, String out) {
    Skb skb = new Skb(packet, 0, tracer);
    skb.arriveBy(in, Skb.DEFAULT_MAC, PacketType.UNICAST);
    if (netfilter.run(Hook.PREROUTING, skb) != Verdict.ACCEPT) {
      return Optional.empty();
    }
    skb.leaveBy(out, skb.packet().dst());
    boolean passes =
        netfilter.run(Hook.FORWARD, skb) == Verdict.ACCEPT
            && netfilter.run(Hook.POSTROUTING, skb) == Verdict.ACCEPT;
    return passes ? Optional.of(skb.packet()) : Optional.empty();
  }
}
