package dev.sidecarsim.netfilter;

import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses and ports a translation chooses ({@code nf_nat_core.c}). */
class NatTest {

  private static final String FAR = "198.51.100.7:80";

  private static Router source(String range) {
    return Router.with("nat", "-A POSTROUTING -p tcp -j SNAT --to-source " + range);
  }

  /** Hosts that all call the same server from the same port. */
  private static List<Integer> portsOfManyCallers(Router router, int port, int callers) {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      Packet call = Router.syn("192.168.1." + (i + 1) + ":" + port, FAR);
      ports.add(router.forward(call).orElseThrow().sport());
    }
    return ports;
  }

  /** {@code nf_nat_l4proto_unique_tuple()}: below 512, up to 1023, or above. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 511",
    "511, 1, 511",
    "512, 600, 1023",
    "1023, 600, 1023",
    "1024, 1024, 65535",
    "40000, 1024, 65535"
  })
  void drawsAnotherPortOfTheSamePrivilegeWhereTheCallersIsTaken(int port, int min, int max) {
    List<Integer> ports = portsOfManyCallers(source("203.0.113.1"), port, 60);
    assertThat(ports.get(0)).isEqualTo(port);
    assertThat(ports).doesNotHaveDuplicates();
    List<Integer> drawn = ports.subList(1, 60);
    assertThat(drawn).allMatch(p -> p >= min && p <= max);
    int size = max - min + 1;
    assertThat(drawn).anyMatch(p -> p < min + size / 4).anyMatch(p -> p > max - size / 4);
  }

  @Test
  void losesAConnectionForWhichNoPortOfTheRangeIsLeft() {
    Router router = source("203.0.113.1:50000-50002");
    assertThat(portsOfManyCallers(router, 40000, 3)).containsExactlyInAnyOrder(50000, 50001, 50002);
    assertThat(router.forward(Router.syn("192.168.1.9:40000", FAR))).isEmpty();
    assertThat(router.forward(Router.syn("192.168.1.9:40000", "198.51.100.8:80"))).isPresent();
  }

  /** The kernel tries 128 ports in a row from a random one on, then 64 from another, and so on. */
  @Test
  void findsAPortAmongManyThatAreTaken() {
    List<Integer> ports = portsOfManyCallers(source("203.0.113.1:50000-50299"), 40000, 240);
    assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 50000 && port < 50300);
  }

  @Test
  void keepsAPortThatIsInTheRange() {
    Router router = source("203.0.113.1:40000-50000");
    assertThat(portsOfManyCallers(router, 45000, 1)).containsExactly(45000);
    assertThat(portsOfManyCallers(router, 39999, 1).get(0)).isBetween(40000, 50000);
  }

  @Test
  void keepsAnAddressThatIsInTheRange() {
    Router router = source("192.168.1.1-192.168.1.200");
    assertThat(router.forward(Router.syn("192.168.1.20:40000", FAR)).orElseThrow().src())
        .hasToString("192.168.1.20");
  }

  @Test
  void drawsEveryPortWhereARuleWantsThemRandom() {
    assertThat(portsOfManyCallers(source("203.0.113.1 --random"), 40000, 20))
        .filteredOn(port -> port == 40000)
        .hasSizeLessThan(2);
    Router router = Router.with("nat", "-A POSTROUTING -p tcp -j MASQUERADE --random-fully");
    assertThat(portsOfManyCallers(router, 40000, 20))
        .filteredOn(port -> port == 40000)
        .hasSizeLessThan(2);
  }

  private static Set<IpAddress> sources(Router router, int fromPort, int portsApart) {
    Set<IpAddress> sources = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      String caller = "192.168.1.20:" + (fromPort + i * portsApart);
      Packet call = Router.syn(caller, "198.51.100." + (i + 1) + ":80");
      sources.add(router.forward(call).orElseThrow().src());
    }
    return sources;
  }

  /** {@code find_best_ips_proto()} spreads by both addresses, or by the source's alone. */
  @Test
  void spreadsConnectionsOverARangeOfAddresses() {
    String range = "203.0.113.1-203.0.113.200";
    assertThat(sources(source(range), 40000, 1)).hasSizeGreaterThan(5);
    assertThat(sources(source(range + " --persistent"), 40000, 1)).hasSize(1);
    assertThat(sources(source("203.0.113.1-203.0.113.3"), 40000, 1))
        .extracting(IpAddress::toString)
        .containsExactly("203.0.113.1", "203.0.113.2", "203.0.113.3");
  }

  /** As Linux 6.18 counts and sends such datagrams: two for each rule, as they came. */
  @Test
  void leavesAConnectionAsItIsWhereRulesComeLater() {
    Router router = Router.with("filter", "-A FORWARD -m conntrack --ctstate INVALID");
    Packet datagram = Router.udp("192.168.1.20:40000", FAR);
    assertThat(router.forward(datagram)).contains(datagram);
    router.netfilter.restore(
        Family.IPV4,
        """
        *nat
        -A PREROUTING -j DNAT --to-destination 198.51.100.9
        -A POSTROUTING -j MASQUERADE
        COMMIT
        """);
    assertThat(router.forward(datagram)).contains(datagram);
    assertThat(router.forward(datagram)).contains(datagram);
    assertThat(router.netfilter.save(Family.IPV4, true))
        .contains("[2:56] -A PREROUTING", "[2:56] -A POSTROUTING");
  }

  @Test
  void forgetsWhatASourceGotOnceItsTimeIsOver() {
    String rules = "-A POSTROUTING -j SNAT --to-source 203.0.113.1-203.0.113.200";
    Packet one = Router.udp("192.168.1.20:40000", "198.51.100.1:53");
    Packet other = Router.udp("192.168.1.20:40000", "198.51.100.2:53");
    IpAddress alone = Router.with("nat", rules).forward(other).orElseThrow().src();
    Router router = Router.with("nat", rules);
    IpAddress got = router.forward(one).orElseThrow().src();
    assertThat(got).isNotEqualTo(alone);
    assertThat(router.forward(other).orElseThrow().src()).isEqualTo(got);
    router.scheduler.runUntil(seconds(31));
    assertThat(router.forward(other).orElseThrow().src()).isEqualTo(alone);
  }

  /** {@code find_appropriate_src()}: else a program that asks several servers would look odd. */
  @Test
  void mapsOneSourceToOneAddress() {
    Router router = source("203.0.113.1-203.0.113.200");
    assertThat(sources(router, 40000, 0)).hasSize(1);
  }

  @Test
  void mapsASourceAnewWhenItsConnectionsAreOver() {
    Router router = source("203.0.113.1:50000-60000");
    Packet first = router.forward(Router.syn("192.168.1.20:40000", FAR)).orElseThrow();
    Packet second =
        router.forward(Router.syn("192.168.1.20:40000", "198.51.100.8:80")).orElseThrow();
    assertThat(second.sport()).isEqualTo(first.sport());
    router.forward(Router.tcp("192.168.1.20:40000", FAR, "R"));
    Packet still =
        router.forward(Router.syn("192.168.1.20:40000", "198.51.100.10:80")).orElseThrow();
    assertThat(still.sport()).isEqualTo(first.sport());
    router.netfilter.conntrack().flush();
    Packet third =
        router.forward(Router.syn("192.168.1.20:40000", "198.51.100.9:80")).orElseThrow();
    assertThat(third.sport()).isNotEqualTo(first.sport());
  }

  @Test
  void tellsTwoWaysToOneServiceApartByTheirSourcePorts() {
    Router router =
        Router.with("nat", "-A PREROUTING -p tcp -j DNAT --to-destination 192.168.1.20:8080");
    Packet one = router.forward(Router.syn("192.0.2.1:40000", "203.0.113.1:80")).orElseThrow();
    Packet other = router.forward(Router.syn("192.0.2.1:40000", "203.0.113.2:80")).orElseThrow();
    assertThat(one.to()).hasToString("192.168.1.20:8080").isEqualTo(other.to());
    assertThat(one.sport()).isEqualTo(40000);
    assertThat(other.sport()).isNotEqualTo(40000).isBetween(1024, 65535);
  }

  @Test
  void tellsEchoRequestsApartByTheirIdentifiers() {
    Router router = Router.with("nat", "-A POSTROUTING -j SNAT --to-source 203.0.113.1");
    Packet one = router.forward(Router.echo("192.168.1.1", "8.8.8.8", 7)).orElseThrow();
    Packet other = router.forward(Router.echo("192.168.1.2", "8.8.8.8", 7)).orElseThrow();
    assertThat(id(one)).isEqualTo(7);
    assertThat(id(other)).isNotEqualTo(7);
    Packet.Icmp reply = new Packet.Icmp(0, 0, id(other), null);
    Packet answer = Packet.icmp(IpAddress.of("8.8.8.8"), IpAddress.of("203.0.113.1"), reply);
    Packet delivered = router.back(answer).orElseThrow();
    assertThat(delivered.dst()).hasToString("192.168.1.2");
    assertThat(id(delivered)).isEqualTo(7);
  }

  @Test
  void takesTheIdentifierOfAnEchoForItsPort() {
    Router router =
        Router.with("nat", "-A POSTROUTING -p icmp -j SNAT --to-source 203.0.113.1:100-200");
    assertThat(id(router.forward(Router.echo("192.168.1.1", "8.8.8.8", 150)).orElseThrow()))
        .isEqualTo(150);
    assertThat(id(router.forward(Router.echo("192.168.1.1", "8.8.8.8", 99)).orElseThrow()))
        .isBetween(100, 200);
  }

  private static int id(Packet packet) {
    return java.util.Objects.requireNonNull(packet.icmp()).id();
  }

  @Test
  void cannotTellTunnelsApartThatHaveNoPorts() {
    Router router = Router.with("nat", "-A POSTROUTING -j SNAT --to-source 203.0.113.1");
    assertThat(router.forward(gre("192.168.1.1"))).isPresent();
    assertThat(router.forward(gre("192.168.1.2"))).isEmpty();
  }

  private static Packet gre(String from) {
    Packet tcp = Router.tcp(from + ":0", "8.8.8.8:0", "");
    return new Packet(
        tcp.src(),
        tcp.dst(),
        new Protocol(47),
        0,
        0,
        TcpFlags.NONE,
        0,
        0,
        null,
        64,
        0,
        tcp.payload());
  }

  @Test
  void dropsAMasqueradedConnectionThatLeavesByAnotherInterface() {
    Router router = Router.with("nat", "-A POSTROUTING -j MASQUERADE");
    Packet call = Router.udp("192.168.1.20:40000", "8.8.8.8:53");
    assertThat(router.forward(call).orElseThrow().src()).hasToString("10.0.0.1");
    assertThat(router.forward(call)).isPresent();
    assertThat(router.back(call)).isEmpty();
    assertThat(router.netfilter.conntrack().list()).isEmpty();
  }

  /** {@code nf_nat_icmp_reply_translation()} turns the quoted packet, too. */
  @Test
  void translatesThePacketThatAnErrorQuotes() {
    Router router =
        Router.with(
            "nat",
            "-A PREROUTING -p udp -j DNAT --to-destination 198.51.100.1:5353",
            "-A POSTROUTING -p udp -j SNAT --to-source 203.0.113.1:50000");
    Packet call = Router.udp("192.168.1.20:40000", "8.8.8.8:53");
    Packet sent = router.forward(call).orElseThrow();
    assertThat(sent).hasToString("203.0.113.1:50000 > 198.51.100.1:5353 udp");
    Packet delivered = router.back(Router.error(3, sent)).orElseThrow();
    assertThat(delivered.src()).hasToString("8.8.8.8");
    assertThat(delivered.dst()).hasToString("192.168.1.20");
    assertThat(java.util.Objects.requireNonNull(delivered.icmp()).quoted()).isEqualTo(call);
  }

  @Test
  void dropsARedirectAboutATranslatedConnection() {
    Router translating = Router.with("nat", "-A POSTROUTING -j SNAT --to-source 203.0.113.1");
    assertThat(redirected(translating)).isFalse();
    Router other = Router.with("nat", "-A POSTROUTING -d 9.9.9.9 -j SNAT --to-source 203.0.113.1");
    assertThat(redirected(other)).isTrue();
  }

  private static boolean redirected(Router router) {
    Packet sent = router.forward(Router.udp("192.168.1.20:40000", "8.8.8.8:53")).orElseThrow();
    return router.back(Router.error(5, sent)).isPresent();
  }

  @Test
  void mapsBlocksOfAddressesOntoOneAnother() {
    Router router = Router.with("nat", "-A POSTROUTING -j NETMAP --to 203.0.113.64/26");
    assertThat(router.forward(Router.syn("192.168.1.133:40000", FAR)).orElseThrow().src())
        .hasToString("203.0.113.69");
    Router six = Router.with("nat", "-A POSTROUTING -j NETMAP --to 2001:db8:1::/48");
    Packet sent = six.forward(Router.syn("[fd00:2:3:4::5]:40000", "[2606::8]:80")).orElseThrow();
    assertThat(sent.src()).hasToString("2001:db8:1:4::5");
  }
}
