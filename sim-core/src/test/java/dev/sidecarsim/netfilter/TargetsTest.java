package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets as iptables-restore 1.8.9 (legacy) takes them and iptables-save then prints them. */
class TargetsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mangle | INPUT -j CONNMARK --save-mark --mask 0xff | INPUT -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff",
        "mangle | INPUT -j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf0 | INPUT -j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf0",
        "mangle | INPUT -j CONNMARK --restore-mark | INPUT -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff",
        "mangle | INPUT -j CONNMARK --set-mark 5 --mask 7 | INPUT -j CONNMARK --set-xmark 0x5/0x7",
        "mangle | INPUT -j CONNMARK --mask 7 --set-mark 5 | INPUT -j CONNMARK --set-xmark 0x5/0xffffffff",
        "mangle | INPUT -j CONNMARK --set-mark 5 --nfmask 7 | INPUT -j CONNMARK --set-xmark 0x5/0xffffffff",
        "mangle | INPUT -j CONNMARK --or-mark 5 --ctmask 7 | INPUT -j CONNMARK --set-xmark 0x5/0x7",
        "mangle | INPUT -m connmark ! --mark 5/7 | INPUT -m connmark ! --mark 0x5/0x7",
        "raw | PREROUTING -j NOTRACK | PREROUTING -j NOTRACK",
        "raw | PREROUTING -j CT --notrack | PREROUTING -j CT --notrack",
        "raw | PREROUTING -j CT --zone-orig 5 | PREROUTING -j CT --zone-orig 5",
        "raw | PREROUTING -j CT --zone-reply 5 | PREROUTING -j CT --zone-reply 5",
        "raw | PREROUTING -j CT --zone mark | PREROUTING -j CT --zone mark",
        "mangle | PREROUTING -p tcp -j TPROXY --on-port 80 | PREROUTING -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0",
        "mangle | PREROUTING -p udp -j TPROXY --on-port 80 --on-ip 127.0.0.1 --tproxy-mark 0x5/0xff | PREROUTING -p udp -j TPROXY --on-port 80 --on-ip 127.0.0.1 --tproxy-mark 0x5/0xff",
        "filter | INPUT -j REJECT --reject-with net-unreach | INPUT -j REJECT --reject-with icmp-net-unreachable",
        "filter | INPUT -j REJECT --reject-with port-unreach | INPUT -j REJECT --reject-with icmp-port-unreachable",
        "filter | INPUT -j REJECT --reject-with admin-prohib | INPUT -j REJECT --reject-with icmp-admin-prohibited",
        "filter | INPUT -p tcp -j REJECT --reject-with tcp | INPUT -p tcp -j REJECT --reject-with tcp-reset",
      })
  void prints(String table, String given, String printed) {
    assertThat(Ruleset.restore(Family.IPV4, text(table, given)).toString())
        .contains("\n-A " + printed + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INPUT -j REJECT --reject-with no-route | INPUT -j REJECT --reject-with icmp6-no-route",
        "INPUT -j REJECT --reject-with reject-route | INPUT -j REJECT --reject-with icmp6-reject-route",
        "INPUT -j REJECT | INPUT -j REJECT --reject-with icmp6-port-unreachable",
      })
  void printsThoseOfIpv6(String given, String printed) {
    assertThat(Ruleset.restore(Family.IPV6, text("filter", given)).toString())
        .contains("\n-A " + printed + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter | INPUT -j CT --zone 5",
        "filter | INPUT -j NOTRACK",
        "filter | INPUT -p tcp -j TPROXY --on-port 80",
        "mangle | PREROUTING -j TPROXY --on-port 80",
        "mangle | INPUT -p udp -j TPROXY --on-port 80",
        "mangle | INPUT -j CONNMARK --save-mark --restore-mark",
        "mangle | INPUT -j CONNMARK --restore-mark --mask 0xff --ctmask 0xf0",
        "mangle | INPUT -j CONNMARK --ctmask 7",
        "raw | PREROUTING -j CT --helper ftp",
        "filter | INPUT -j REJECT --reject-with tcp-reset",
        "filter | INPUT -j REJECT --reject-with icmp6-no-route",
        "filter | INPUT -m hashlimit --hashlimit-upto 1/min --hashlimit-name x --hashlimit-htable-expire 0",
        "filter | INPUT -m hashlimit --hashlimit-upto 1/min --hashlimit-name x --hashlimit-htable-gcinterval 0",
      })
  void refuses(String table, String given) {
    assertThatThrownBy(() -> Ruleset.restore(Family.IPV4, text(table, given)))
        .isInstanceOf(RulesetException.class);
  }

  private static String text(String table, String given) {
    return "*" + table + "\n-A " + given + "\nCOMMIT\n";
  }
}
