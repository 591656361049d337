package dev.sidecarsim.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.2", "0.0.0.0", "255.255.255.255", "::", "::1", "fd00::2", "1::"})
  void anAddressIsPrintedAsItIsWritten(String text) {
    assertThat(IpAddress.of(text)).hasToString(text);
  }

  @Test
  void aV4MappedAddressIsIpv4() {
    assertThat(IpAddress.of("::ffff:10.0.0.2")).isEqualTo(IpAddress.of("10.0.0.2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0", "10.0.0.256", "zk-0", "", "10.0.0.2:80"})
  void whatIsNoAddressIsNamed(String text) {
    assertThatThrownBy(() -> IpAddress.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3/8, 10.9.9.9, true",
    "0.0.0.0/0, 1.2.3.4, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/72, fd00::ff:0:0:1, true",
    "fd00::/72, fd00::ff00:0:0:1, false",
    "10.0.0.2, 10.0.0.2, true",
    "10.0.0.2, 10.0.0.3, false"
  })
  void aBlockHoldsTheAddressesOfItsPrefix(String block, String address, boolean expected) {
    assertThat(Cidr.of(block).contains(IpAddress.of(address))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/24, 10.0.0.255",
    "10.0.0.7/32, 10.0.0.7",
    "0.0.0.0/0, 255.255.255.255",
    "fd00::/64, fd00::ffff:ffff:ffff:ffff"
  })
  void theLastAddressOfABlock(String block, String last) {
    assertThat(Cidr.of(block).last()).hasToString(last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.2:3888", "[fd00::2]:80", "0.0.0.0:0"})
  void anEndpointIsPrintedAsItIsWritten(String text) {
    assertThat(Endpoint.of(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.2:65536", "10.0.0.2:-1", "10.0.0.2:http", "10.0.0.2"})
  void aPortIsANumberFrom0To65535(String text) {
    assertThatThrownBy(() -> Endpoint.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"tcp, 6", "TCP, 6", "6, 6", "icmpv6, 58", "ipv6-icmp, 58", "200, 200"})
  void aProtocolIsANameInAnyCaseOrANumber(String text, int number) {
    assertThat(Protocol.of(text).number()).isEqualTo(number);
  }

  @Test
  void anAddressFurtherOnCarriesIntoTheUpperHalf() {
    assertThat(IpAddress.of("10.0.0.255").plus(1)).hasToString("10.0.1.0");
    assertThat(IpAddress.of("fd00::ffff:ffff:ffff:ffff").plus(1)).hasToString("fd00:0:0:1::");
  }
}
