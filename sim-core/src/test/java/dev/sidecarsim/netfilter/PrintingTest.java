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
        "filter | -mmark --mar 0x1 -j ACCEPT | -m mark --mark 0x1 -j ACCEPT",
        "filter | --sou 10.0.0.1 -p tcp --dport=80 | -s 10.0.0.1/32 -p tcp -m tcp --dport 80",
        "filter | -s nosuch.invalid/0 -i -ieth0 | -i -ieth0",
        "filter | -m length --length 200:100 | -m length --length 200:100",
        "filter | -j REJECT --reject-with ICMP-HOST | -j REJECT --reject-with icmp-host-unreachable",
        "filter | -p ah --ahspi 5: | -p ah -m ah --ahspi 5:4294967295",
        "filter | -p ah ! --ahspi 0:4294967295 | -p ah -m ah",
        "filter | -p esp ! --espspi 0x5:7 | -p esp -m esp ! --espspi 5:7",
        "filter | -m connlimit ! --connlimit-upto 10 | -m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr",
        "filter | -m connbytes --connbytes :9 --connbytes-dir both --connbytes-mode bytes | -m connbytes --connbytes 0:9 --connbytes-mode bytes --connbytes-dir both",
        "filter | -m quota ! --quota 0x10 | -m quota ! --quota 16",
        "filter | -m string --string ab --algo bm | -m string --string \"ab\" --algo bm",
        "filter | -m u32 --u32 \"6&0xFF=1 && 4=0,2:5\" | -m u32 --u32 \"0x6&0xff=0x1&&0x4=0x0,0x2:0x5\"",
        "filter | -p tcp -m tcpmss ! --mss 5:5 | -p tcp -m tcpmss ! --mss 5",
        "filter | -m policy --pol none --proto esp --dir in | -m policy --dir in --pol none",
        "filter | -m policy --dir in | -m policy --dir in --pol ipsec",
        "filter | -m policy --dir in --pol ipsec --strict --proto esp --next ! --proto ah | -m policy --dir in --pol ipsec --strict --proto esp --next ! --proto ah",
        "filter | -p tcp --tcp-option 010 --sport 5 | -p tcp -m tcp --sport 5 --tcp-option 8",
        "filter | -p sctp --chunk-types ONLY ASCONF,abort:t --dport 80 | -p sctp -m sctp --dport 80 --chunk-types only ABORT:t,ASCONF",
        "filter | -p dccp --dccp-types response,REQUEST | -p dccp -m dccp --dccp-types REQUEST,RESPONSE",
        "filter | -m conntrack --ctexpire :5 --ctstate NEW | -m conntrack --ctstate NEW --ctexpire 0:5",
        "filter | -m hashlimit --hashlimit-upto 12345/s --hashlimit-name x | -m hashlimit --hashlimit-upto 12345/sec --hashlimit-burst 5 --hashlimit-name x",
        "filter | -m hashlimit --hashlimit-upto 120/min --hashlimit-name x | -m hashlimit --hashlimit-upto 2/sec --hashlimit-burst 5 --hashlimit-name x --hashlimit-htable-expire 60000",
        "filter | -j AUDIT --type ACCEPT | -j AUDIT --type accept",
        "filter | -j NFQUEUE --queue-bypass | -j NFQUEUE --queue-num 0 --queue-bypass",
        "filter | -p tcp -j SYNPROXY --mss 0x5b4 --sack-perm | -p tcp -j SYNPROXY --sack-perm --mss 1460",
        "filter | -p udp --dport 90:80 | -p udp -m udp --dport 90:80",
        "filter | -p ipv6-mh | -p mobility-header",
        "filter | -m recent --rcheck --hitcount 0 | -m recent --rcheck --name DEFAULT --mask 255.255.255.255 --rsource",
        "filter | -m conntrack --ctstatus seen,c | -m conntrack --ctstatus SEEN_REPLY,CONFIRMED",
        "filter | -m pkttype --pkt-type otherhost | -m pkttype --pkt-type otherhost",
        "filter | -j LOG --log-level error | -j LOG --log-level 3",
        "nat | -j NETMAP --to 10.5.0.7/255.0.255.0 | -j NETMAP --to 10.5.0.7/32",
        "nat | -p icmp -j DNAT --to-destination 1.2.3.4:80 | -p icmp -j DNAT --to-destination 1.2.3.4:80",
      })
  void printsAsTheToolDoes(String table, String given, String printed) {
    printsIn(table, table.equals("nat") ? "PREROUTING" : "INPUT", given, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu --set-mss 1400 | -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1400",
        "-j CLASSIFY --set-class 1:ABCD | -j CLASSIFY --set-class 0001:abcd",
        "-p tcp -j TCPOPTSTRIP --strip-options sack,mss,19 | -p tcp -j TCPOPTSTRIP --strip-options 2,5,19",
        "-p tcp -j ECN --ecn-tcp-cwr 1 --ecn-tcp-ece 0 | -p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 1",
      })
  void printsTargetsOfMangleAsTheToolDoes(String given, String printed) {
    printsIn("mangle", "POSTROUTING", given, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-j CT --zone-orig 6 --zone 5 | -j CT --zone-orig 5",
        "-j CT --zone-orig 5 --zone-reply 6 | -j CT --zone 6",
        "-j CT --zone 0 | -j CT",
        "-p tcp -j CT --zone 7 --ctevents destroy,new | -p tcp -j CT --ctevents new,destroy --zone 7",
      })
  void printsTargetsOfRawAsTheToolDoes(String given, String printed) {
    printsIn("raw", "PREROUTING", given, printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s fd00:1:2:3:4::/56 | -s fd00:1:2::/56",
        "-s fd00:1:2:3:4:5:6:7/100 | -s fd00:1:2:3:4:5::/100",
        "! -d fd00::1/ffff::ff | ! -d fd00::1/ffff::ff",
        "-d fd00::1 | -d fd00::1/128",
        "-s fd00::1/0 -j DROP | -j DROP",
      })
  void printsAddressesOfIpv6AsTheToolDoes(String given, String printed) {
    String text = "*filter\n-A INPUT " + given + "\nCOMMIT\n";
    assertThat(Ruleset.restore(Family.IPV6, text).toString())
        .contains("\n-A INPUT " + printed + "\n");
  }

  private static void printsIn(String table, String chain, String given, String printed) {
    String text = "*" + table + "\n-A " + chain + " " + given + "\nCOMMIT\n";
    Ruleset read = Ruleset.restore(Family.IPV4, text);
    assertThat(read.toString()).contains("\n-A " + chain + " " + printed + "\n");
    assertThat(Ruleset.restore(Family.IPV4, read.toString())).hasToString(read.toString());
  }
}
