package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import org.junit.jupiter.api.Test;

/**
 * What {@code iptables-restore --noflush} leaves as it was, and what it does not, as
 * iptables-legacy 1.8.9 and a Linux kernel do it.
 */
class ChangeTest {

  private final Netfilter netfilter =
      new Netfilter(new OneHost(), new Scheduler(), Seed.DEFAULT.stream("x"));

  private Verdict arrive() {
    Packet packet =
        Packet.tcp(
            Endpoint.of("10.0.0.9:40000"),
            Endpoint.of("10.0.0.1:80"),
            TcpFlags.SYN,
            0,
            0,
            Bytes.EMPTY);
    Skb skb = new Skb(packet, 0, Tracer.OFF);
    skb.arriveBy("eth0", Skb.DEFAULT_MAC, PacketType.UNICAST);
    return netfilter.run(Hook.INPUT, skb);
  }

  private void change(String line) {
    netfilter.change(Family.IPV4, "*filter\n" + line + "\nCOMMIT\n");
  }

  @Test
  void rulesThatStayKeepTheirCounters() {
    netfilter.restore(Family.IPV4, "*filter\n-A INPUT -p tcp\n-A INPUT -p udp\nCOMMIT\n");
    arrive();
    change("-I INPUT 2 -s 10.0.0.9");
    arrive();
    assertThat(netfilter.save(Family.IPV4, true))
        .contains(
            ":INPUT ACCEPT [1:40]",
            "[2:80] -A INPUT -p tcp\n[1:40] -A INPUT -s 10.0.0.9/32\n[0:0] -A INPUT -p udp\n");
  }

  @Test
  void memoriesOfTheTableBeginAnew() {
    netfilter.restore(
        Family.IPV4,
        """
        *filter
        -A INPUT -m limit --limit 1/hour --limit-burst 1 -j ACCEPT
        -A INPUT -j DROP
        COMMIT
        """);
    assertThat(arrive()).isEqualTo(Verdict.ACCEPT);
    assertThat(arrive()).isEqualTo(Verdict.DROP);
    change("-A OUTPUT -j DROP");
    // limit_mt_check() gives every loaded rule a full bucket
    assertThat(arrive()).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void zeroingLeavesTheCountersThatTheTextGives() {
    netfilter.restore(Family.IPV4, "*filter\n-A INPUT -c 1 40 -p tcp\nCOMMIT\n");
    change("-P INPUT DROP -c 5 6\n-A INPUT -c 3 4 -j DROP\n-Z");
    assertThat(netfilter.save(Family.IPV4, true))
        .contains(":INPUT DROP [5:6]", "[0:0] -A INPUT -p tcp\n[3:4] -A INPUT -j DROP\n");
  }

  @Test
  void policiesCountAnew() {
    netfilter.restore(Family.IPV4, "*filter\n-A INPUT -p tcp\nCOMMIT\n");
    arrive();
    change("-A OUTPUT -j DROP");
    assertThat(netfilter.save(Family.IPV4, true))
        .contains(":INPUT ACCEPT [0:0]", "[1:40] -A INPUT -p tcp");
  }

  @Test
  void aTextThatOnlyAsksLoadsNothing() {
    netfilter.restore(Family.IPV4, "*filter\n-A INPUT -p tcp\nCOMMIT\n");
    arrive();
    change("-C INPUT -p tcp\n-L INPUT");
    assertThat(netfilter.save(Family.IPV4, true)).contains(":INPUT ACCEPT [1:40]");
  }

  @Test
  void otherTablesAndTheirOrderStay() {
    netfilter.restore(Family.IPV4, "*nat\n-A INPUT -j ACCEPT\nCOMMIT\n*filter\nCOMMIT\n");
    String before = netfilter.save(Family.IPV4, false);
    netfilter.change(Family.IPV4, "*nat\n-D INPUT 1\n-A INPUT -j ACCEPT\nCOMMIT\n");
    assertThat(netfilter.save(Family.IPV4, false)).isEqualTo(before);
  }

  @Test
  void aChainThatIsDeclaredAgainIsEmptied() {
    netfilter.restore(Family.IPV4, "*filter\n:U - [0:0]\n-A U -j DROP\n-A INPUT -j U\nCOMMIT\n");
    change(":U - [0:0]");
    assertThat(netfilter.save(Family.IPV4, false)).contains("-A INPUT -j U").doesNotContain("DROP");
    assertThat(arrive()).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void whatIsRefusedChangesNothing() {
    netfilter.restore(Family.IPV4, "*filter\n-A INPUT -p tcp\nCOMMIT\n");
    String before = netfilter.save(Family.IPV4, true);
    assertThatThrownBy(() -> change("-A INPUT -j DROP\n-D INPUT 7"))
        .isInstanceOf(RulesetException.class)
        .hasMessageContaining("line 3: Index of deletion too big");
    assertThat(netfilter.save(Family.IPV4, true)).isEqualTo(before);
  }
}
