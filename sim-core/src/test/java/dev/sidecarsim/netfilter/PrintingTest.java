package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What iptables-save (1.8.9, legacy) makes of rules, tried with the tool itself. */
class PrintingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter | -p tcp --dport 80: -j ACCEPT | -p tcp -m tcp --dport 80:65535 -j ACCEPT",
        "filter | -p tcp --dport :80 -j ACCEPT | -p tcp -m tcp --dport 0:80 -j ACCEPT",
        "filter | -p tcp --syn -j DROP | -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP",
        "filter | -p icmp --icmp-type echo-request | -p icmp -m icmp --icmp-type 8",
        "filter | -s 10.1.2.3/8 -d 1.2.3.4 -j DROP | -s 10.0.0.0/8 -d 1.2.3.4/32 -j DROP",
        "filter | -s 10.1 -j DROP | -s 10.1.0.0/32 -j DROP",
        "filter | -s 010.1.1.1 -j DROP | -s 8.1.1.1/32 -j DROP",
        "filter | -s 0.0.0.0/0 -p all -j DROP | -j DROP",
        "filter | ! -s 0.0.0.0/0 -j DROP | ! -s 0.0.0.0/0 -j DROP",
        "filter | -i + -j DROP | -j DROP",
        "filter | -j REJECT | -j REJECT --reject-with icmp-port-unreachable",
        "filter | -m limit --limit 3/minute | -m limit --limit 3/min",
        "filter | -m limit --limit 60/min | -m limit --limit 1/sec",
        "filter | -m limit --limit 7/hour | -m limit --limit 7/hour",
        "filter | -j MARK --set-mark 7 | -j MARK --set-xmark 0x7/0xffffffff",
        "filter | -j MARK --set-mark 0x100/0xf0 | -j MARK --set-xmark 0x100/0x1f0",
        "filter | -m comment --comment \"a \\\"b\\\"\" | -m comment --comment \"a \\\"b\\\"\"",
        "filter | -m mac --mac-source 2:AB:0:2:0:1 | -m mac --mac-source 02:ab:00:02:00:01",
        "filter | -m conntrack --ctorigdst 10.0.0.1/24 | -m conntrack --ctorigdst 10.0.0.1/24",
        "filter | -m tos --tos Minimize-Delay | -m tos --tos 0x10/0x3f",
        "filter | -m recent --set | -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource",
        "nat | -p tcp -j REDIRECT --to-port 80 | -p tcp -j REDIRECT --to-ports 80",
        "nat | -j NETMAP --to 10.0.0.5 | -j NETMAP --to 10.0.0.5/32",
      })
  void printsAsTheToolDoes(String table, String given, String printed) {
    String chain = table.equals("nat") ? "PREROUTING" : "INPUT";
    String text = "*" + table + "\n-A " + chain + " " + given + "\nCOMMIT\n";
    Ruleset read = Ruleset.restore(Family.IPV4, text);
    assertThat(read.toString()).contains("\n-A " + chain + " " + printed + "\n");
    assertThat(Ruleset.restore(Family.IPV4, read.toString())).hasToString(read.toString());
  }
}
