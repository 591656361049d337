package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each hook says of a packet, and when OUTPUT has it routed anew. */
class HooksTest {

  private final List<Packet> rerouted = new ArrayList<>();

  private Skb sent(Packet packet, boolean routable) {
    Skb skb = new Skb(packet, 0, Tracer.OFF);
    skb.setOwner(0, 0);
    skb.leaveBy("eth0", packet.dst());
    skb.setRerouter(
        changed -> {
          rerouted.add(changed.packet());
          return routable;
        });
    return skb;
  }

  private static Skb received(Packet packet) {
    Skb skb = new Skb(packet, 0, Tracer.OFF);
    skb.arriveBy("eth1", Skb.DEFAULT_MAC, PacketType.UNICAST);
    return skb;
  }

  @ParameterizedTest
  @CsvSource({
    "raw, OUTPUT, DROP, DROP",
    "mangle, OUTPUT, DROP, DROP",
    "filter, OUTPUT, REJECT, REJECT",
    "filter, OUTPUT, ACCEPT, ACCEPT",
    "security, OUTPUT, DROP, DROP",
    "mangle, POSTROUTING, DROP, DROP",
    "nat, OUTPUT, ACCEPT, ACCEPT",
    "filter, OUTPUT, NFQUEUE, UNKNOWN",
    "mangle, OUTPUT, NFQUEUE, UNKNOWN",
  })
  void aRuleDecides(String table, Hook hook, String target, Verdict verdict) {
    Router router = Router.with(table, "-A " + hook + " -p udp -j " + target);
    Skb skb = sent(Router.udp("10.0.0.1:40000", "8.8.8.8:53"), true);
    assertThat(router.netfilter.run(hook, skb)).isEqualTo(verdict);
    Skb other = sent(Router.syn("10.0.0.1:40000", "8.8.8.8:53"), true);
    assertThat(router.netfilter.run(hook, other)).isEqualTo(Verdict.ACCEPT);
  }

  @ParameterizedTest
  @CsvSource({
    "mangle, -j MARK --set-mark 1, true",
    "mangle, -j TOS --set-tos 0x10, true",
    "mangle, -j TTL --ttl-set 9, false",
    "mangle, -p tcp -j MARK --set-mark 1, false",
    "mangle, -j MARK --set-mark 0, false",
    "filter, -j MARK --set-mark 1, false",
    "nat, -p udp -j DNAT --to-destination 10.0.0.9, true",
    "nat, -p tcp -j DNAT --to-destination 10.0.0.9, false",
  })
  void outputRoutesAnewWhatChangedTheWay(String table, String rule, boolean anew) {
    Router router = Router.with(table, "-A OUTPUT " + rule);
    Skb skb = sent(Router.udp("10.0.0.1:40000", "8.8.8.8:53"), true);
    assertThat(router.netfilter.run(Hook.OUTPUT, skb)).isEqualTo(Verdict.ACCEPT);
    assertThat(rerouted).hasSize(anew ? 1 : 0);
    if (anew) {
      Skb stuck = sent(Router.udp("10.0.0.1:40001", "8.8.8.8:53"), false);
      assertThat(router.netfilter.run(Hook.OUTPUT, stuck)).isEqualTo(Verdict.UNROUTABLE);
    }
  }

  /** {@code ip6t_mangle_out()} looks at the hop limit, too. */
  @Test
  void aHopLimitIsPartOfTheWay() {
    Router router = new Router();
    router.netfilter.restore(Family.IPV6, "*mangle\n-A OUTPUT -p udp -j HL --hl-set 9\nCOMMIT\n");
    Skb skb = sent(Router.udp("[fd00::1]:40000", "[2606::8]:53"), true);
    assertThat(router.netfilter.run(Hook.OUTPUT, skb)).isEqualTo(Verdict.ACCEPT);
    assertThat(rerouted).extracting(Packet::ttl).containsExactly(9);
    Skb other = sent(Router.syn("[fd00::1]:40000", "[2606::8]:53"), true);
    assertThat(router.netfilter.run(Hook.OUTPUT, other)).isEqualTo(Verdict.ACCEPT);
    assertThat(rerouted).hasSize(1);
  }

  @Test
  void dropsWhatCannotBeTranslated() {
    Router router =
        Router.with("nat", "-A POSTROUTING -p udp -j SNAT --to-source 203.0.113.1:5000");
    assertThat(leaves(router, Router.udp("192.168.1.1:40000", "8.8.8.8:53")))
        .isEqualTo(Verdict.ACCEPT);
    assertThat(leaves(router, Router.udp("192.168.1.2:40000", "8.8.8.8:53")))
        .isEqualTo(Verdict.DROP);
    Packet sent = Router.udp("203.0.113.1:5000", "8.8.8.8:53");
    assertThat(router.netfilter.run(Hook.PREROUTING, received(Router.error(5, sent))))
        .isEqualTo(Verdict.DROP);
    Router other = Router.with("nat", "-A POSTROUTING -j MASQUERADE");
    Packet call = Router.udp("192.168.1.1:40000", "8.8.8.8:53");
    assertThat(leaves(other, call)).isEqualTo(Verdict.ACCEPT);
    Skb elsewhere = received(call);
    other.netfilter.run(Hook.PREROUTING, elsewhere);
    elsewhere.leaveBy("eth2", call.dst());
    assertThat(other.netfilter.run(Hook.POSTROUTING, elsewhere)).isEqualTo(Verdict.DROP);
  }

  private static Verdict leaves(Router router, Packet packet) {
    Skb skb = received(packet);
    router.netfilter.run(Hook.PREROUTING, skb);
    skb.leaveBy("eth0", packet.dst());
    return router.netfilter.run(Hook.POSTROUTING, skb);
  }

  @Test
  void dropsARedirectAboutAConnectionThatNatHasNotSeen() {
    Router router = Router.with("filter", "-A FORWARD -m conntrack --ctstate INVALID");
    Packet call = Router.udp("192.168.1.1:40000", "8.8.8.8:53");
    assertThat(router.forward(call)).isPresent();
    router.netfilter.restore(Family.IPV4, "*nat\n:POSTROUTING ACCEPT\nCOMMIT\n");
    assertThat(router.back(Router.error(5, call))).isEmpty();
    assertThat(router.back(Router.error(3, call))).isPresent();
  }

  /** {@code tproxy_tg4()}: the interface's address and the packet's port where none is named. */
  @ParameterizedTest
  @CsvSource({
    "--on-port 15001, 10.0.0.1:15001",
    "--on-port 15001 --on-ip 127.0.0.1, 127.0.0.1:15001",
    "--on-port 0, 10.0.0.1:80",
  })
  void tproxyHandsAPacketToASocketOrDropsIt(String where, String listener) {
    String rule = "-A PREROUTING -p tcp -j TPROXY --tproxy-mark 0x5/0xf " + where;
    Router router = Router.with("mangle", rule, "-A PREROUTING -j DROP");
    Packet call = Router.syn("192.168.1.1:40000", "8.8.8.8:80");
    assertThat(router.netfilter.run(Hook.PREROUTING, received(call))).isEqualTo(Verdict.DROP);
    router.host.listener = Endpoint.of(listener);
    Skb skb = new Skb(call, 0x3c, Tracer.OFF);
    skb.arriveBy("eth1", Skb.DEFAULT_MAC, PacketType.UNICAST);
    assertThat(router.netfilter.run(Hook.PREROUTING, skb)).isEqualTo(Verdict.ACCEPT);
    assertThat(skb.packet()).isEqualTo(call);
    assertThat(skb.mark()).isEqualTo(0x35);
    assertThat(skb.proxy()).isEqualTo(Endpoint.of(listener));
  }
}
