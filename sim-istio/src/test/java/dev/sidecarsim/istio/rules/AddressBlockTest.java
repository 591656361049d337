package dev.sidecarsim.istio.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.istio.version.IstioVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks as ParseCIDR of Go's net and ParsePrefix of its net/netip read and write them. */
class AddressBlockTest {

  private static final RulePreset NET = RulePreset.of(new IstioVersion(16, 0));
  private static final RulePreset NETIP = RulePreset.of(new IstioVersion(17, 0));

  private static String read(String text, RulePreset preset) {
    return AddressBlock.of(text, preset)
        .map(block -> (block.v6() ? "IPv6 " : "IPv4 ") + block.text())
        .orElse("none");
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/8, IPv4 10.0.0.0/8, IPv4 10.1.2.3/8",
    "2001:DB8:0:0:1::/64, IPv6 2001:db8::/64, IPv6 2001:db8:0:0:1::/64",
    "::1.2.3.4/128, IPv6 ::102:304/128, IPv6 ::102:304/128",
    "::ffff:10.1.2.3/104, IPv4 10.0.0.0/8, IPv6 ::ffff:10.1.2.3/104",
    "::ffff:10.1.2.3/64, IPv4 ::/64, IPv6 ::ffff:10.1.2.3/64",
    "10.0.0.0/08, IPv4 10.0.0.0/8, none",
  })
  void theTwoPackagesDiffer(String text, String net, String netip) {
    assertThat(read(text, NET)).isEqualTo(net);
    assertThat(read(text, NETIP)).isEqualTo(netip);
  }

  @Test
  void whatIsNoBlockIsNoneForBoth() {
    for (String text :
        new String[] {
          "",
          "*",
          "10.0.0.0",
          "10.0.0.0/",
          "10.0.0.0/33",
          "10.0.0.0/+8",
          "10.0.0.0/8/8",
          " 10.0.0.0/8",
          "10.0.0.0/ 8",
          "010.0.0.0/8",
          "10.0/8",
          "fe80::1%eth0/64",
          "::/129",
        }) {
      assertThat(read(text, NET)).as(text).isEqualTo("none");
      assertThat(read(text, NETIP)).as(text).isEqualTo("none");
    }
  }
}
