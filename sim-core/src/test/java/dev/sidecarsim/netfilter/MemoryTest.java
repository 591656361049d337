package dev.sidecarsim.netfilter;

import static dev.sidecarsim.time.Durations.millis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Packet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matches that remember packets, by simulated time; a packet passes that meets the rule. */
class MemoryTest {

  private Router router = new Router();

  private void rules(String... rules) {
    String[] all = new String[rules.length + 1];
    for (int i = 0; i < rules.length; i++) {
      all[i] = "-A FORWARD " + rules[i];
    }
    all[rules.length] = "-A FORWARD -j DROP";
    router = Router.with("filter", all);
  }

  private static Packet from(String source) {
    return Router.udp(source + ":40000", "8.8.8.8:53");
  }

  private boolean passes(String source) {
    return router.forward(from(source)).isPresent();
  }

  /** How many of ten packets in a row pass. */
  private long passed(String source) {
    return IntStream.range(0, 10).filter(i -> passes(source)).count();
  }

  private void at(long milliseconds) {
    router.scheduler.runUntil(millis(milliseconds));
  }

  @Test
  void aLimitFillsUpWithTime() {
    rules("-m limit --limit 2/sec --limit-burst 3 -j ACCEPT");
    assertThat(passed("192.168.1.1")).isEqualTo(3);
    at(499);
    assertThat(passed("192.168.1.1")).isZero();
    at(1000);
    assertThat(passed("192.168.1.2")).isEqualTo(2);
    at(60_000);
    assertThat(passed("192.168.1.1")).isEqualTo(3);
  }

  @Test
  void aLimitCountsOnlyWhatMeetsTheConditionsBefore() {
    rules("-s 192.168.1.1 -m limit --limit 1/day --limit-burst 1 -j ACCEPT");
    assertThat(passes("192.168.1.2")).isFalse();
    assertThat(passes("192.168.1.1")).isTrue();
  }

  @Test
  void hashlimitKeepsALimitForEachOfItsKeys() {
    rules(
        "-m hashlimit --hashlimit-upto 1/min --hashlimit-burst 2 --hashlimit-mode srcip"
            + " --hashlimit-name x -j ACCEPT");
    assertThat(passed("192.168.1.1")).isEqualTo(2);
    assertThat(passed("192.168.1.2")).isEqualTo(2);
    at(59_000);
    assertThat(passed("192.168.1.1")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "srcip, true, false, true, true",
    "srcport, false, true, true, true",
    "dstip, false, false, true, false",
    "dstport, false, false, false, true"
  })
  void hashlimitTellsPacketsApartByItsMode(
      String mode, boolean source, boolean sport, boolean either, boolean other) {
    rules(
        "-m hashlimit --hashlimit-upto 1/day --hashlimit-burst 1 --hashlimit-name x"
            + " --hashlimit-mode "
            + mode
            + " -j ACCEPT");
    assertThat(router.forward(Router.udp("192.168.1.1:1", "8.8.8.8:53"))).isPresent();
    assertThat(router.forward(Router.udp("192.168.1.1:1", "8.8.8.8:53"))).isEmpty();
    assertThat(router.forward(Router.udp("192.168.1.2:1", "8.8.8.8:53")).isPresent())
        .isEqualTo(source);
    assertThat(router.forward(Router.udp("192.168.1.1:2", "8.8.8.8:53")).isPresent())
        .isEqualTo(sport);
    assertThat(router.forward(Router.udp("192.168.1.9:9", "8.8.4.4:53")).isPresent())
        .isEqualTo(either);
    assertThat(router.forward(Router.udp("192.168.1.8:8", "8.8.8.8:54")).isPresent())
        .isEqualTo(other);
  }

  @Test
  void hashlimitTakesNetworksTogetherWhereItHasAMask() {
    rules(
        "-m hashlimit --hashlimit-upto 1/day --hashlimit-burst 1 --hashlimit-mode srcip"
            + " --hashlimit-srcmask 24 --hashlimit-name x -j ACCEPT");
    assertThat(passes("192.168.1.1")).isTrue();
    assertThat(passes("192.168.1.2")).isFalse();
    assertThat(passes("192.168.2.1")).isTrue();
  }

  @Test
  void hashlimitAboveIsMetByWhatIsTooMuch() {
    rules("-m hashlimit --hashlimit-above 1/min --hashlimit-burst 3 --hashlimit-name x -j ACCEPT");
    assertThat(passed("192.168.1.1")).isEqualTo(7);
  }

  @Test
  void rulesOfOneNameShareAHashlimit() {
    String limit = "-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 2 --hashlimit-name x";
    rules("-s 192.168.1.1 " + limit + " -j ACCEPT", limit + " -j ACCEPT");
    assertThat(passed("192.168.1.1")).isEqualTo(2);
    assertThat(passed("192.168.1.2")).isZero();
    router.netfilter.restore(Family.IPV4, "*filter\nCOMMIT\n");
    router.netfilter.restore(
        Family.IPV4, "*filter\n:FORWARD DROP\n-A FORWARD " + limit + " -j ACCEPT\nCOMMIT\n");
    assertThat(passed("192.168.1.2")).isEqualTo(2);
  }

  /** Seen on Linux 6.18: of five packets three pass, and two seconds later three more. */
  @Test
  void hashlimitForgetsWhomItHasNotSeenForLong() {
    rules(
        "-m hashlimit --hashlimit-upto 1/min --hashlimit-burst 3 --hashlimit-mode dstip"
            + " --hashlimit-name x --hashlimit-htable-expire 1000"
            + " --hashlimit-htable-gcinterval 400 -j ACCEPT");
    assertThat(passed("192.168.1.1")).isEqualTo(3);
    at(900);
    assertThat(passed("192.168.1.1")).isZero();
    // what is asked for stays, and the table is swept at 2000 ms next
    at(1950);
    assertThat(passed("192.168.1.1")).isZero();
    at(3150);
    assertThat(passed("192.168.1.1")).isZero();
    at(4450);
    assertThat(passed("192.168.1.1")).isEqualTo(3);
  }

  @Test
  void recentRemembersAnAddressForSomeSeconds() {
    rules(
        "-s 192.168.1.1 -m recent --name seen --set -m mark --mark 1",
        "-m recent --name seen --rcheck --seconds 10 -j ACCEPT");
    assertThat(passes("192.168.1.2")).isFalse();
    assertThat(passes("192.168.1.1")).isTrue();
    router.netfilter.restore(
        Family.IPV4,
        "*filter\n:FORWARD DROP\n-A FORWARD -m recent --name seen --rcheck --seconds 10"
            + " -j ACCEPT\nCOMMIT\n");
    at(10_000);
    assertThat(passes("192.168.1.1")).isTrue();
    at(10_001);
    assertThat(passes("192.168.1.1")).isFalse();
  }

  @Test
  void recentUpdateNotesAnAddressAnew() {
    rules(
        "-p tcp -m recent --name seen --set -j ACCEPT",
        "-m recent --name seen --update --seconds 10 -j ACCEPT");
    router.forward(Router.syn("192.168.1.1:1", "8.8.8.8:80"));
    at(8_000);
    assertThat(passes("192.168.1.1")).isTrue();
    at(16_000);
    assertThat(passes("192.168.1.1")).isTrue();
    at(27_000);
    assertThat(passes("192.168.1.1")).isFalse();
  }

  @Test
  void recentCountsHits() {
    rules(
        "-p tcp -m recent --name seen --set -j ACCEPT",
        "-m recent --name seen --rcheck --seconds 3 --hitcount 2 -j ACCEPT");
    for (int second = 0; second < 4; second++) {
      at(second * 1000L);
      router.forward(Router.syn("192.168.1.1:1", "8.8.8.8:80"));
      assertThat(passes("192.168.1.1")).isEqualTo(second > 0);
    }
    at(5_000);
    assertThat(passes("192.168.1.1")).isTrue();
    at(5_500);
    assertThat(passes("192.168.1.1")).isFalse();
  }

  @Test
  void recentForgetsWhatARuleRemoves() {
    rules(
        "-p tcp -m recent --name seen --set -j ACCEPT",
        "-p icmp -m recent --name seen --remove -j ACCEPT",
        "-m recent --name seen --rcheck -j ACCEPT");
    assertThat(router.forward(Router.echo("192.168.1.1", "8.8.8.8", 1))).isEmpty();
    router.forward(Router.syn("192.168.1.1:1", "8.8.8.8:80"));
    at(1_000_000);
    assertThat(passes("192.168.1.1")).isTrue();
    assertThat(router.forward(Router.echo("192.168.1.1", "8.8.8.8", 1))).isPresent();
    assertThat(passes("192.168.1.1")).isFalse();
  }

  @Test
  void recentTellsHostsApartByTheirTtlWhereAsked() {
    rules(
        "-p tcp -m recent --name seen --set -j ACCEPT",
        "-m recent --name seen --rcheck --rttl -j ACCEPT");
    router.forward(Router.syn("192.168.1.1:1", "8.8.8.8:80"));
    assertThat(passes("192.168.1.1")).isTrue();
    assertThat(router.forward(from("192.168.1.1").withTtl(63))).isEmpty();
  }

  @Test
  void recentLooksAtTheDestinationOrAtANetwork() {
    rules(
        "-p tcp -m recent --name to --set --rdest",
        "-m recent --name to --rcheck --rdest -j ACCEPT");
    router.forward(Router.syn("192.168.1.1:1", "8.8.4.4:80"));
    assertThat(passes("192.168.1.1")).isFalse();
    assertThat(router.forward(Router.udp("192.168.1.2:1", "8.8.4.4:53"))).isPresent();
    rules(
        "-p tcp -m recent --name net --mask 255.255.255.0 --set",
        "-m recent --name net --mask 255.255.255.0 --rcheck -j ACCEPT");
    router.forward(Router.syn("192.168.1.1:1", "8.8.8.8:80"));
    assertThat(passes("192.168.1.2")).isTrue();
    assertThat(passes("192.168.2.1")).isFalse();
  }

  /** ip_list_tot is 100. */
  @Test
  void recentForgetsTheOldestOfMoreThanAHundredAddresses() {
    rules("-p tcp -m recent --name seen --set", "-m recent --name seen --rcheck -j ACCEPT");
    for (int i = 1; i <= 100; i++) {
      router.forward(Router.syn("192.168.1." + i + ":1", "8.8.8.8:80"));
    }
    router.forward(Router.syn("192.168.1.1:1", "8.8.8.8:80"));
    assertThat(passes("192.168.1.2")).isTrue();
    router.forward(Router.syn("192.168.2.1:1", "8.8.8.8:80"));
    assertThat(passes("192.168.1.1")).isTrue();
    assertThat(passes("192.168.1.2")).isFalse();
    assertThat(passes("192.168.1.3")).isTrue();
    assertThat(passes("192.168.2.1")).isTrue();
  }

  /** recent_mt_check() empties a list of which a new rule asks for more hits than it has room. */
  @Test
  void recentForgetsAllWhereARuleNeedsMoreRoom() {
    String rule = "-A FORWARD -p tcp -m recent --name seen --set\nCOMMIT\n";
    router = Router.with("filter", "-A FORWARD -m recent --name seen --rcheck -j ACCEPT");
    router.netfilter.restore(Family.IPV4, "*mangle\n" + rule);
    router.netfilter.restore(
        Family.IPV4,
        "*filter\n:FORWARD DROP\n-A FORWARD -m recent --name seen --rcheck -j ACCEPT\nCOMMIT\n");
    router.forward(Router.syn("192.168.1.1:1", "8.8.8.8:80"));
    assertThat(passes("192.168.1.1")).isTrue();
    raw(32);
    assertThat(passes("192.168.1.1")).isTrue();
    raw(33);
    assertThat(passes("192.168.1.1")).isFalse();
  }

  private void raw(int hits) {
    router.netfilter.restore(
        Family.IPV4,
        "*raw\n-A PREROUTING -p 99 -m recent --name seen --rcheck --hitcount "
            + hits
            + "\nCOMMIT\n");
  }

  @Test
  void everyThirdPacketBeginsWhereTheRuleSays() {
    rules("-m statistic --mode nth --every 3 --packet 1 -j ACCEPT");
    assertThat(IntStream.range(0, 9).filter(i -> passes("192.168.1.1"))).containsExactly(1, 4, 7);
    rules("-m statistic --mode nth ! --every 3 --packet 0 -j ACCEPT");
    assertThat(IntStream.range(0, 6).filter(i -> passes("192.168.1.1")))
        .containsExactly(1, 2, 4, 5);
  }

  @ParameterizedTest
  @CsvSource({"'', 0, 0, 0", "'', 1, 1000, 1000", "'', 0.3, 230, 370", "!, 0.3, 630, 770"})
  void aShareOfPacketsIsDrawn(String not, String share, int least, int most) {
    rules("-m statistic --mode random " + not + " --probability " + share + " -j ACCEPT");
    assertThat(IntStream.range(0, 1000).filter(i -> passes("192.168.1.1")).count())
        .isBetween((long) least, (long) most);
  }
}
