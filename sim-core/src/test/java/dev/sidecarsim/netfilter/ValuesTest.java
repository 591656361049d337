package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unusual values of options: what iptables-legacy 1.8.9 made of them when it was asked. */
class ValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\0',
      value = {
        "-s 0x0a.010.3~-s 10.8.3.0/32",
        "-s 10.1.772~-s 10.1.3.4/32",
        "-s link-local/16~-s 169.254.0.0/16",
        "-p 0x11~-p udp",
        "-p 010~-p egp",
        "-p +6~-p tcp",
        "-p udp --dport 65537:65539~-p udp -m udp --dport 1:3",
        "-p udp --dport 010~-p udp -m udp --dport 10",
        "-p tcp --dport 010~-p tcp -m tcp --dport 8",
        "-p udp --dport tftp~-p udp -m udp --dport 69",
        "-p dccp --sport :~-p dccp -m dccp --sport 0:65535",
        "-p sctp --chunk-types all DATA:beuI~-p sctp -m sctp --chunk-types all DATA:Iube",
        "-m mark --mark +1/+2~-m mark --mark 0x1/0x2",
        "-m length --length :~-m length --length 0:65535",
        "-m conntrack --ctorigsrc 10.1/16~-m conntrack --ctorigsrc 10.0.0.1/16",
        "-m conntrack --ctorigsrc 1.2.3.4/255.0.255.0~-m conntrack --ctorigsrc 1.2.3.4",
        "-m conntrack --ctorigsrcport 9:5~-m conntrack --ctorigsrcport 9:5",
        "-m connbytes --connbytes 5:5 --connbytes-dir both --connbytes-mode bytes"
            + "~-m connbytes --connbytes 5:5 --connbytes-mode bytes --connbytes-dir both",
        "-m recent --set --mask 24~-m recent --set --name DEFAULT --mask 0.0.0.24 --rsource",
        "-m limit --limit 5x/m~-m limit --limit 5/min",
        "-m hashlimit --hashlimit-upto 1000b/s --hashlimit-name x"
            + "~-m hashlimit --hashlimit-upto 992b/s --hashlimit-name x",
        "-m hashlimit --hashlimit-above 512kb/s --hashlimit-burst 1m --hashlimit-name x"
            + "~-m hashlimit --hashlimit-above 512kb/s --hashlimit-burst 1mb --hashlimit-name x",
        "-m hashlimit --hashlimit-upto 5/m --hashlimit-name x --hashlimit-rate-match"
            + "~-m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-name x"
            + " --hashlimit-htable-expire 60000 --hashlimit-rate-match"
            + " --hashlimit-rate-interval 60",
        "-m time --timestart 8:00 --weekdays Mo,7"
            + "~-m time --timestart 08:00:00 --timestop 23:59:59 --weekdays Mon,Sun"
            + " --datestop 2038-01-19T03:14:07",
        "-m time --datestart 2020-12 --datestop 2021~-m time"
            + " --datestart 2020-12-01T00:00:00 --datestop 2021-01-01T00:00:00",
        "-m cluster --cluster-total-nodes 2 --cluster-local-node 2 --cluster-hash-seed 5"
            + "~-m cluster --cluster-local-nodemask 0x00000002 --cluster-total-nodes 2"
            + " --cluster-hash-seed 0x00000005",
        "-m string --hex-string \"a|0d 0a|b\" --algo bm"
            + "~-m string --hex-string \"|610d0a62|\" --algo bm",
        "-m string --hex-string \"|4142|c\" --algo bm --to 65535~-m string --string \"ABc\" --algo bm",
        "-m u32 --u32 \"6 & 0xFF = 1 && 4=2:2,010\"~-m u32 --u32 \"0x6&0xff=0x1&&0x4=0x2,0x8\"",
        "-m bpf --bytecode \"1, 06 0 0 1,\"~-m bpf --bytecode \"1,6 0 0 1\"",
        "-m realm --realm 0~-m realm --realm cosmos",
        "-m mac --mac-source 2:0:0:0:0:A~-m mac --mac-source 02:00:00:00:00:0a",
        "-m policy --dir in --tunnel-src 1.2 --mode tunnel --spi 9"
            + "~-m policy --dir in --pol ipsec --spi 0x9 --mode tunnel --tunnel-src 1.0.0.2",
        "-m connmark --mark 1 -m mark --mark 2~-m connmark --mark 0x1 -m mark --mark 0x2",
        "-j CONNMARK --save-mark --left-shift-mark 5~-j CONNMARK --save-mark"
            + " --nfmask 0xffffffff --ctmask 0xffffffff --left-shift-mark 5",
        "-j RATEEST --rateest-name x --rateest-interval 1 --rateest-ewmalog .5s~-j RATEEST"
            + " --rateest-name x --rateest-interval 250.0ms --rateest-ewmalog 1111.5s",
        "-j HMARK --hmark-tuple src,sport --hmark-mod 5 --hmark-rnd 1~-j HMARK"
            + " --hmark-src-prefix 32 --hmark-sport-mask 0xffff --hmark-rnd 0x00000001"
            + " --hmark-mod 5",
      })
  void printsWhatTheToolPrints(String given, String printed) {
    assertThat(saved(given)).isEqualTo("-A FORWARD " + printed.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-s \"1.2.3.4 \"",
        "-p 08",
        "-p tcp --dport tftp",
        "-p udp --dport 0x50",
        "-p sctp --dport ssh",
        "-m connbytes --connbytes 5 --connbytes-dir Both --connbytes-mode bytes",
        "-m physdev --physdev-in abcdefghijklmnop",
        "-m limit --limit 1/day",
        "-m hashlimit --hashlimit-upto 0b/s --hashlimit-name x",
        "-m hashlimit --hashlimit-upto 5/s --hashlimit-name x --hashlimit-burst 1m",
        "-m recent --set --name ..",
        "-m time --weekdays 0",
        "-m time --contiguous",
        "-m time --timestart 24:00",
        "-m cluster --cluster-total-nodes 2 --cluster-local-node 3 --cluster-hash-seed 5",
        "-m string --hex-string \"|4|\" --algo bm",
        "-m u32 --u32 \"0=1:\"",
        "-m bpf --bytecode \"1,48 0 0 9\"",
        "-m osf --genre Linux",
        "-m connlabel --label http",
        "-m connlabel --label 128",
        "-m mark --mark 1 -m connmark --mark 2 -m mark --mark 3",
        "-j CONNMARK --save-mark --mask 1 --nfmask 2",
        "-j CONNMARK --set-mark 1 --left-shift-mark 32",
        "-j LOG --log-prefix \"\"",
        "-j NFLOG --nflog-group 65536",
        "-j NFQUEUE --queue-balance 0:65535",
        "-j HMARK --hmark-mod 5 --hmark-rnd 1",
        "-j IDLETIMER --timeout 0 --label x",
        "-j TRACE",
        "-j LED --led-trigger-id x",
        "-m ipvs --ipvs",
      })
  void refusesWhatTheToolRefuses(String given) {
    assertThatThrownBy(() -> saved(given)).isInstanceOf(RulesetException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\0',
      value = {
        "-s ::ffff:1.2.3.4~-s ::ffff:1.2.3.4/128",
        "-m dst --dst-opts 1:2,3,256 ! --dst-len 0x10~-m dst ! --dst-len 16 --dst-opts 1:2,3,0",
        "-m frag --fragid 5:5 --fraglast --fragfirst~-m frag --fragid 5 --fragfirst --fraglast",
        "-m ipv6header --header frag,0,esp~-m ipv6header --header hop-by-hop,ipv6-frag,esp",
        "-m rt --rt-type 0 --rt-0-addrs fd00::1 --rt-segsleft :5"
            + "~-m rt --rt-type 0 --rt-segsleft 0:5 --rt-0-addrs fd00::1",
        "-p mh --mh-type brr:hoti~-p mobility-header -m mh --mh-type 0:1",
        "-m srh --srh-psid fd00::/64~-m srh --srh-psid fd00::/64",
      })
  void printsWhatTheToolPrintsOfIpv6(String given, String printed) {
    assertThat(saved(Family.IPV6, given)).isEqualTo("-A FORWARD " + printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-m rt --rt-0-res",
        "-m frag --fragmore --fraglast",
        "-m ipv6header --header tcp",
        "-p mh --mh-type hoti:brr",
        "-m dst --dst-opts 1:",
      })
  void refusesWhatTheToolRefusesOfIpv6(String given) {
    assertThatThrownBy(() -> saved(Family.IPV6, given)).isInstanceOf(RulesetException.class);
  }

  @Test
  void takesWhatItCannotUnderstandInADumpAndSaysSo() {
    Ruleset read =
        Ruleset.dump(Family.IPV4, "*filter\n-A FORWARD -j LED --led-trigger-id x\nCOMMIT\n");
    assertThat(read.toString()).contains("-A FORWARD -j LED --led-trigger-id x");
    assertThat(read.remarks()).singleElement().asString().contains("line 2", "LED");
  }

  private static String saved(String rule) {
    return saved(Family.IPV4, rule);
  }

  private static String saved(Family family, String rule) {
    String text = "*filter\n-A FORWARD " + rule + "\nCOMMIT\n";
    return Ruleset.restore(family, text)
        .toString()
        .lines()
        .filter(line -> line.startsWith("-A"))
        .findFirst()
        .orElseThrow();
  }
}
