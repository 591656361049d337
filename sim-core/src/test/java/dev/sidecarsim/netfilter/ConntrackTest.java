package dev.sidecarsim.netfilter;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import org.junit.jupiter.api.Test;

/** What connection tracking knows, for how long, and what it can be asked. */
class ConntrackTest {

  private static final Packet QUESTION = Router.udp("192.168.1.20:40000", "8.8.8.8:53");
  private static final Packet ANSWER = Router.udp("8.8.8.8:53", "192.168.1.20:40000");

  private final Router router = Router.with("filter", "-A FORWARD -m conntrack --ctstate INVALID");
  private final Conntrack conntrack = router.netfilter.conntrack();

  @Test
  void worksWhileARuleOfTheFamilyNeedsIt() {
    Router idle = Router.with("filter", "-A FORWARD -p tcp -j ACCEPT");
    assertThat(idle.forward(QUESTION)).isPresent();
    assertThat(idle.netfilter.conntrack().isOn(Family.IPV4)).isFalse();
    assertThat(idle.netfilter.conntrack().list()).isEmpty();
    idle.netfilter.restore(Family.IPV6, "*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n");
    assertThat(idle.netfilter.conntrack().isOn(Family.IPV6)).isTrue();
    assertThat(idle.netfilter.conntrack().isOn(Family.IPV4)).isFalse();
    idle.netfilter.conntrack().setAlwaysOn(true);
    assertThat(idle.forward(QUESTION)).isPresent();
    assertThat(idle.netfilter.conntrack().list()).contains("[UNREPLIED]");
    router.netfilter.clear(Family.IPV4);
    assertThat(conntrack.isOn(Family.IPV4)).isFalse();
  }

  /** {@code nf_conntrack_udp_packet()}: an exchange of more than two seconds is a stream. */
  @Test
  void keepsAStreamOfDatagramsLonger() {
    router.forward(QUESTION);
    assertThat(conntrack.list()).startsWith("udp      17 30 ").contains("[UNREPLIED]");
    router.back(ANSWER);
    assertThat(conntrack.list()).startsWith("udp      17 30 ").doesNotContain("[");
    at(seconds(2));
    router.forward(QUESTION);
    assertThat(conntrack.list()).startsWith("udp      17 30 ").doesNotContain("[");
    at(seconds(2) + millis(10));
    router.forward(QUESTION);
    assertThat(conntrack.list()).startsWith("udp      17 120 ").contains("[ASSURED]");
  }

  @Test
  void takesDatagramsThatNobodyAnswersForNoStream() {
    router.forward(QUESTION);
    at(seconds(5));
    router.forward(QUESTION);
    assertThat(conntrack.list()).startsWith("udp      17 30 ").contains("[UNREPLIED]");
  }

  @Test
  void forgetsAConnectionWhoseTimeIsOver() {
    router.forward(QUESTION);
    at(seconds(29));
    assertThat(conntrack.list()).startsWith("udp      17 1 ");
    at(seconds(31));
    assertThat(conntrack.list()).isEmpty();
    assertThat(conntrack.markOf(QUESTION)).isZero();
  }

  @Test
  void holdsNoMoreThanTwiceWhatItKnows() {
    for (int i = 0; i < 5_000; i++) {
      at(seconds(i));
      router.forward(Router.udp("192.168.1.20:40000", "8.8." + i / 250 + "." + i % 250 + ":53"));
      // each is known for 30 seconds
      assertThat(conntrack.list().lines().count()).isEqualTo(Math.min(i + 1, 31));
      assertThat(conntrack.size()).isLessThanOrEqualTo(64);
    }
  }

  @Test
  void makesRoomForAsManyAsThereAre() {
    for (int i = 0; i < 1_000; i++) {
      router.forward(Router.udp("192.168.1.20:" + (10_000 + i), "8.8.8.8:53"));
    }
    assertThat(conntrack.size()).isEqualTo(1_000);
    assertThat(conntrack.list().lines().count()).isEqualTo(1_000);
  }

  @Test
  void knowsTheMarkOfATranslatedConnectionThatAnErrorIsAbout() {
    Router nat =
        Router.with(
            "nat",
            "-A PREROUTING -j CONNMARK --set-mark 5",
            "-A POSTROUTING -j SNAT --to-source 203.0.113.1");
    Packet translated = nat.forward(QUESTION).orElseThrow();
    assertThat(nat.netfilter.conntrack().markOf(Router.error(3, translated))).isEqualTo(5);
    assertThat(nat.netfilter.conntrack().markOf(Router.error(3, QUESTION))).isZero();
  }

  /** Where the first answer is a reset there never was a connection. */
  @Test
  void forgetsARefusedCallAtOnceAndAResetConnectionLater() {
    String call = "192.168.1.20:40000";
    router.forward(Router.syn(call, "8.8.8.8:80"));
    router.back(Router.tcp("8.8.8.8:80", call, "RA"));
    assertThat(conntrack.list()).isEmpty();
    router.forward(Router.syn(call, "8.8.8.8:80"));
    router.back(Router.tcp("8.8.8.8:80", call, "SA"));
    router.back(Router.tcp("8.8.8.8:80", call, "RA"));
    assertThat(conntrack.list()).startsWith("tcp      6 10 CLOSE ");
  }

  @Test
  void assuresAConnectionThatBothSidesOpened() {
    String call = "192.168.1.20:40000";
    router.forward(Router.syn(call, "8.8.8.8:80"));
    router.back(Router.tcp("8.8.8.8:80", call, "SA"));
    assertThat(conntrack.list()).startsWith("tcp      6 60 SYN_RECV ").doesNotContain("[");
    router.forward(Router.tcp(call, "8.8.8.8:80", "A"));
    assertThat(conntrack.list()).startsWith("tcp      6 432000 ESTABLISHED ").contains("[ASSURED]");
  }

  /** The rules came when the connection was there already. */
  @Test
  void assuresAConnectionThatItPickedUp() {
    String call = "192.168.1.20:40000";
    router.forward(Router.tcp(call, "8.8.8.8:80", "A"));
    router.back(Router.tcp("8.8.8.8:80", call, "A"));
    assertThat(conntrack.list()).contains(" ESTABLISHED ").doesNotContain("[");
    router.forward(Router.tcp(call, "8.8.8.8:80", "A"));
    assertThat(conntrack.list()).contains("[ASSURED]");
    router.forward(Router.tcp(call, "8.8.8.8:80", "FA"));
    assertThat(conntrack.list()).startsWith("tcp      6 120 FIN_WAIT ");
  }

  @Test
  void tellsWhereACallerWantedToGo() {
    Router proxy = Router.with("nat", "-A PREROUTING -p tcp -j REDIRECT --to-ports 15001");
    proxy.forward(Router.syn("192.168.1.20:40000", "8.8.8.8:80"));
    Endpoint local = Endpoint.of("10.0.0.1:15001");
    Conntrack known = proxy.netfilter.conntrack();
    assertThat(known.originalDestination(local, Endpoint.of("192.168.1.20:40000")))
        .contains(Endpoint.of("8.8.8.8:80"));
    assertThat(known.originalDestination(local, Endpoint.of("192.168.1.20:40001"))).isEmpty();
  }

  @Test
  void findsTheMarkOfAConnectionInItsZone() {
    Router zoned = new Router();
    zoned.netfilter.restore(
        Family.IPV4,
        """
        *mangle
        -A PREROUTING -p udp -j CONNMARK --set-mark 7
        COMMIT
        *raw
        -A PREROUTING -j CT --zone 5
        COMMIT
        """);
    zoned.forward(Router.udp("192.168.1.99:1", "8.8.8.8:53"));
    zoned.forward(QUESTION);
    Conntrack known = zoned.netfilter.conntrack();
    assertThat(known.markOf(QUESTION)).isEqualTo(7);
    assertThat(known.markOf(ANSWER)).isEqualTo(7);
    assertThat(known.markOf(Router.udp("192.168.1.20:40000", "8.8.8.8:54"))).isZero();
    assertThat(known.list()).contains("mark=7 zone=5 use=1");
  }

  /** {@code nf_ct_zone_tmpl()}: 16 bits of the mark that the packet has behind the raw table. */
  @Test
  void takesAZoneFromThePacketsMark() {
    Router zoned = new Router();
    zoned.netfilter.restore(
        Family.IPV4,
        """
        *raw
        -A PREROUTING -j CT --zone mark
        -A PREROUTING -j MARK --set-mark 0x50003
        COMMIT
        """);
    zoned.forward(QUESTION);
    assertThat(zoned.netfilter.conntrack().list()).contains("zone=3 use=1");
  }

  /** {@code connmark_tg()}. */
  @Test
  void savesAndRestoresMarksThroughTheirMasks() {
    Router marking = new Router();
    marking.netfilter.restore(
        Family.IPV4,
        """
        *mangle
        -A PREROUTING -j CONNMARK --set-mark 0xc3
        -A PREROUTING -j MARK --set-mark 0x135
        -A PREROUTING -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xf0
        -A FORWARD -j CONNMARK --restore-mark --nfmask 0xf --ctmask 0x7f
        -A FORWARD -m mark ! --mark 0x106 -j DROP
        COMMIT
        """);
    // 0xc3 & ~0xf0 ^ 0x135 & 0xff is 0x36, and 0x135 & ~0xf ^ 0x36 & 0x7f is 0x106
    assertThat(marking.forward(QUESTION)).isPresent();
    assertThat(marking.netfilter.conntrack().markOf(QUESTION)).isEqualTo(0x36);
  }

  @Test
  void takesAnAddedConnectionForOneThatIsBound() {
    router.netfilter.restore(Family.IPV4, "*nat\n:POSTROUTING ACCEPT\nCOMMIT\n");
    conntrack.establish(QUESTION, 7);
    assertThat(conntrack.markOf(QUESTION)).isEqualTo(7);
    assertThat(conntrack.list()).contains("[ASSURED] mark=7").doesNotContain("UNREPLIED");
    assertThat(router.back(Router.error(5, QUESTION))).isPresent();
  }

  @Test
  void listsWhatHasNoPorts() {
    router.forward(Router.echo("192.168.1.20", "8.8.8.8", 7));
    assertThat(conntrack.list())
        .isEqualTo(
            "icmp     1 30 src=192.168.1.20 dst=8.8.8.8 type=8 code=0 id=7 [UNREPLIED] "
                + "src=8.8.8.8 dst=192.168.1.20 type=0 code=0 id=7 mark=0 use=1\n");
  }

  private void at(long instant) {
    router.scheduler.runUntil(instant);
  }
}
