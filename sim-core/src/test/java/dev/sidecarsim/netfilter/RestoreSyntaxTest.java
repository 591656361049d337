package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of restore files that iptables-restore (1.8.9, legacy) was given, and what it did. */
class RestoreSyntaxTest {

  private static final String CHAINS = "*filter\n:A - [0:0]\n:B - [0:0]\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-AINPUT -j ACCEPT",
        "-c 1 2 -A INPUT",
        "-j ACCEPT -A INPUT",
        "-A INPUT -c 1,2",
        "-A INPUT --se 5 6",
        "-A INPUT -v -j ACCEPT",
        "-A INPUT --modprobe=/bin/true",
        "-A INPUT --",
        "--append INPUT",
        "--new C",
        "-L -n",
        "-S",
        "-F -v",
        "-Z",
        "-E A C",
        "-N tcp",
        "-N HL",
        "[0x1:2]-A INPUT",
        "[x:y] -A INPUT",
        "-A INPUT -6 --nonsense",
        "-I INPUT +1 -j DROP",
        ":INPUT DROP x",
        ":LOG - [0:0]",
        ":-x -",
      })
  void takes(String line) {
    Ruleset.restore(Family.IPV4, CHAINS + line + "\nCOMMIT\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A INPUT -p tcp --d 80",
        "-A INPUT --m mark --mark 1",
        "-A INPUT -s10.0.0.1",
        "-A INPUT --in-interface=eth0",
        "-A INPUT -jACCEPT",
        "-A INPUT -n -j ACCEPT",
        "-A INPUT -t filter",
        "-A INPUT -w",
        "-A INPUT -A INPUT",
        "-A INPUT -F",
        "-A INPUT -c 1",
        "-A INPUT -c x 7",
        "-A INPUT -j \"a b\"",
        "-A INPUT -j LOG\r",
        "-A INPUT ! -m mark --mark 1",
        "-A INPUT ! -c 1 2",
        "! -A INPUT",
        "-A INPUT -- -j ACCEPT",
        "-A INPUT -m comment --comment a\"b\"c",
        "-A INPUT -p udplite --dport 80",
        "-A INPUT -p icmp -j TEE",
        "-A INPUT -j LOG --log-level err",
        "-A INPUT -j LOG --log-level INFO",
        "-A INPUT -m policy --dir in --pol ipsec --strict",
        "-A INPUT -m policy --pol none",
        "-A INPUT -m policy --dir in --pol none --strict",
        "-A INPUT -m policy --dir in --next --proto esp",
        "-D INPUT 1 -s 1.2.3.4",
        "-I INPUT 0",
        "-I INPUT x",
        "-R INPUT -j DROP",
        "-F INPUT -s 1.2.3.4",
        "-E A",
        "-E A B",
        "-E INPUT C",
        "-N \"a b\"",
        "-N standard",
        "-Z nosuch",
        "-C INPUT -j ACCEPT",
        "[1:2]",
        "[1] -A INPUT",
        " [1:2] -A INPUT",
        "   ",
        " # no comment",
        "COMMIT ",
        ":A - [0:0]",
        ":QUEUE - [0:0]",
        ":A",
        ":12345678901234567890123456789 -",
      })
  void refusesInThisLine(String line) {
    assertThatThrownBy(() -> Ruleset.restore(Family.IPV4, CHAINS + line + "\nCOMMIT\n"))
        .isInstanceOf(RulesetException.class)
        .hasMessageStartingWith("line 4: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A INPUT -m physdev --physdev-out eth0\n-A OUTPUT -m physdev --physdev-out eth0",
        "-A OUTPUT -m socket --transparent",
        "-A INPUT -m owner --gid-owner 5 --suppl-groups",
        "-A INPUT -m devgroup --dst-group 1",
        "-A FORWARD -m cgroup --cgroup 1",
        "-A INPUT -j CHECKSUM --checksum-fill",
        "-A INPUT -j CLASSIFY --set-class 1:2",
        "-A OUTPUT -p tcp -j SYNPROXY",
        "-A INPUT -p udp -m tcpmss --mss 5",
        "-A INPUT -m rpfilter",
        "-A INPUT -m recent --set --name a/b",
        "-A INPUT -m hashlimit --hashlimit-upto 1/s --hashlimit-name a/b",
        "-A OUTPUT -m policy --dir in --pol none",
        "-A INPUT -m policy --dir out --pol none",
      })
  void refusesWhenTheTableIsCommitted(String lines) {
    assertThatThrownBy(() -> Ruleset.restore(Family.IPV4, CHAINS + lines + "\nCOMMIT\n"))
        .isInstanceOf(RulesetException.class);
  }

  @Test
  void judgesARuleThatTheKernelRefusesOnlyIfItIsStillThere() {
    String rules = CHAINS + "-A INPUT -m limit --limit-burst 0\n";
    assertThatThrownBy(() -> Ruleset.restore(Family.IPV4, rules + "COMMIT\n"))
        .hasMessageStartingWith("line 4: ");
    assertThat(Ruleset.restore(Family.IPV4, rules + "-D INPUT 1\nCOMMIT\n").toString())
        .doesNotContain("-A");
  }

  @Test
  void insertsSeveralAddressesSoThatTheLastComesFirst() {
    assertThat(printed("-A INPUT -j LOG\n-I INPUT 2 -s 1.2.3.4,1.2.3.5 -j DROP"))
        .endsWith(
            """
            -A INPUT -j LOG
            -A INPUT -s 1.2.3.5/32 -j DROP
            -A INPUT -s 1.2.3.4/32 -j DROP
            COMMIT
            """);
  }

  @Test
  void keepsThePoliciesOfATableThatIsLoadedAnew() {
    String twice = "*filter\n:INPUT DROP\nCOMMIT\n*filter\n-A INPUT -j LOG\nCOMMIT\n";
    assertThat(Ruleset.restore(Family.IPV4, twice).toString()).contains(":INPUT DROP [0:0]");
  }

  @Test
  void knowsNoFragmentsOfIpv6() {
    assertThatThrownBy(() -> Ruleset.restore(Family.IPV6, "*filter\n-A INPUT -f\nCOMMIT\n"))
        .hasMessageStartingWith("line 2: ");
    String header = "*filter\n-A INPUT -p ah --ahspi 5:5 --ahres\nCOMMIT\n";
    assertThat(Ruleset.restore(Family.IPV6, header).toString())
        .contains("-A INPUT -p ah -m ah --ahspi 5 --ahres\n");
  }

  @Test
  void renamesAChainWhereverRulesJumpToIt() {
    assertThat(printed("-A INPUT -j A\n-E A C")).contains(":C - [0:0]", "-A INPUT -j C\n");
  }

  @Test
  void endsAWordAtItsClosingQuote() {
    assertThat(printed("-A INPUT -m comment --comment \"a b\"-j ACCEPT"))
        .contains("-A INPUT -m comment --comment \"a b\" -j ACCEPT\n");
  }

  @Test
  void takesAnOptionOfALoadedMatchBeforeThatOfTheProtocol() {
    assertThat(printed("-A INPUT -p tcp -m multiport --dport 80,81"))
        .contains("-A INPUT -p tcp -m multiport --dports 80,81\n");
  }

  private static String printed(String lines) {
    return Ruleset.restore(Family.IPV4, CHAINS + lines + "\nCOMMIT\n").toString();
  }
}
