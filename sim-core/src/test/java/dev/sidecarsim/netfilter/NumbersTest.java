package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Numbers and addresses as iptables-restore 1.8.9 (legacy) takes them, and as iptables-save then
 * prints them.
 */
class NumbersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "-p tcp --dport +80 | -p tcp -m tcp --dport 80",
        "-p tcp --dport \" 80\" | -p tcp -m tcp --dport 80",
        "-p tcp --dport 0X50 | -p tcp -m tcp --dport 80",
        "-p tcp --dport 00000000000000120 | -p tcp -m tcp --dport 80",
        "-p tcp --dport 0 | -p tcp -m tcp --dport 0",
        "-p tcp --dport 65535 | -p tcp -m tcp --dport 65535",
        "-p +6 | -p tcp",
        "-p 0x6 | -p tcp",
        "-p 006 | -p tcp",
        "-p 255 | -p 255",
        "-m mark --mark 5/+7 | -m mark --mark 0x5/0x7",
        "-m mark --mark 0xffffffff | -m mark --mark 0xffffffff",
        "-s 1.2.3.4/+24 | -s 1.2.3.0/24",
        "-s 1.2.3.4/030 | -s 1.2.3.0/24",
        "-s 1.2.3.4/32 | -s 1.2.3.4/32",
        "-s 0377.0.0.1 | -s 255.0.0.1/32",
        "-s 0x0a.0.0.1 | -s 10.0.0.1/32",
        "-s 0000000012.0.0.1 | -s 10.0.0.1/32",
        "-s 1.2.3.+4 | -s 1.2.3.4/32",
        "-s \" 1.2.3.4\" | -s 1.2.3.4/32",
        "-s 1.2 | -s 1.2.0.0/32",
        "-s /0 | ``",
      })
  void takesWhatTheToolTakes(String given, String printed) {
    assertThat(print(Family.IPV4, given)).isEqualTo("-A INPUT " + printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s fd00::1/:: | ''",
        "-s fd00:1:2:3:4::/65 | -s fd00:1:2:3::/65",
        "-s fd00:1:2:3:4::/64 | -s fd00:1:2:3::/64",
        "-s fd00:1:2:3:8004::/63 | -s fd00:1:2:2::/63",
      })
  void takesAddressesOfIpv6AsTheToolDoes(String given, String printed) {
    assertThat(print(Family.IPV6, given)).isEqualTo("-A INPUT " + printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-p tcp --dport \"80 \"",
        "-p tcp --dport 0x",
        "-p tcp --dport #50",
        "-p tcp --dport 08",
        "-p tcp --dport -0",
        "-p tcp --dport +",
        "-p tcp --dport 65536",
        "-p tcp --dport 99999999999999999999",
        "-p 256",
        "-p -1",
        "-m mark --mark 0x100000000",
        "-m mark --mark 5/",
        "-s /8",
        "-s 10.",
        "-s .10",
        "-s 1..2",
        "-s 08.0.0.1",
        "-s 1.2.3.4.5",
        "-s 255.256.2.1",
        "-s \"1.2.3.4 \"",
        "-s \"1.2.3.4 , 5.6.7.8\"",
        "-s 1.2.3.4,,5.6.7.8",
        "-s ,",
        "-s 1.2.3.4,",
        "-s 1.2.3.4/",
        "-s 1.2.3.4/33",
        "-s 1.2.3.4/.255",
        "-s 1.2.3.4/255.0",
      })
  void refusesWhatTheToolRefuses(String given) {
    assertThatThrownBy(() -> print(Family.IPV4, given))
        .isInstanceOf(RulesetException.class)
        .hasMessageContaining("line 2");
  }

  private static String print(Family family, String given) {
    String text = "*filter\n-A INPUT " + given + "\nCOMMIT\n";
    return Ruleset.restore(family, text)
        .toString()
        .lines()
        .filter(line -> line.startsWith("-A"))
        .findFirst()
        .map(line -> line.equals("-A INPUT") ? "-A INPUT " : line)
        .orElseThrow();
  }
}
