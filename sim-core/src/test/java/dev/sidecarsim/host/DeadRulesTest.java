package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.netfilter.DeadRules;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Ruleset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rules are said to be dead. */
class DeadRulesTest {

  static final String HEAD =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :U - [0:0]
      :V - [0:0]
      """;

  private static List<String> dead(String... rules) {
    Ruleset read = Ruleset.restore(Family.IPV4, HEAD + String.join("\n", rules) + "\nCOMMIT\n");
    return DeadRules.of(read).stream().map(text -> text.split(" ", 2)[0]).toList();
  }

  @Test
  void findsRulesBehindOnesThatTakeTheirPackets() {
    assertThat(dead("-A INPUT -s 10.0.0.0/8 -j DROP", "-A INPUT -s 10.1.0.0/16 -p tcp"))
        .containsExactly("filter:INPUT:2");
    assertThat(
            dead(
                "-A INPUT -p tcp -m tcp --dport 80 -j DROP",
                "-A INPUT -p tcp -m tcp --dport 81",
                "-A INPUT -i eth0 -p tcp -m tcp --dport 80 -j ACCEPT"))
        .containsExactly("filter:INPUT:3");
  }

  @Test
  void findsRulesBehindAChainThatNoPacketComesBackFrom() {
    String end = "-A U -j V";
    String drop = "-A V -j DROP";
    assertThat(dead("-A INPUT -j U", "-A INPUT -p tcp", end, drop))
        .containsExactly("filter:INPUT:2");
    assertThat(dead("-A INPUT -j U", "-A INPUT -p tcp", "-A U -p udp -j RETURN", end, drop))
        .isEmpty();
    assertThat(dead("-A INPUT -g U", "-A INPUT -p tcp", "-A U -p udp"))
        .containsExactly("filter:INPUT:2");
  }

  @Test
  void findsRulesThatNothingLeadsToOrThatAskForTheImpossible() {
    assertThat(dead("-A U -p tcp", "-A INPUT ! -s 0.0.0.0/0 -j V", "-A V -p udp"))
        .containsExactly("filter:INPUT:1", "filter:U:1", "filter:V:1");
  }

  @Test
  void leavesAloneWhatMayChangeBetweenTwoRules() {
    assertThat(
            dead(
                "-A INPUT -m mark --mark 0x1 -j DROP",
                "-A INPUT -j MARK --set-mark 1",
                "-A INPUT -m mark --mark 0x1 -j ACCEPT",
                "-A INPUT -m limit --limit 1/sec -j ACCEPT",
                "-A INPUT -m limit --limit 1/sec -j ACCEPT"))
        .isEmpty();
  }
}
