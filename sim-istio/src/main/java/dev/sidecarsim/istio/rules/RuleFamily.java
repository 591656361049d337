package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;

/**
 * What differs between the rules of the two IP families.
 *
 * @param loopback the block that counts as localhost
 * @param passthroughSource the address from which the proxy calls the application
 * @param hostSuffix the prefix length of one address
 * @param dnsServers the servers whose port 53 is captured
 */
record RuleFamily(
    boolean v6,
    String loopback,
    String passthroughSource,
    String hostSuffix,
    ImmutableList<String> dnsServers) {

  static RuleFamily ipv4(IptablesParameters parameters) {
    return new RuleFamily(
        false,
        parameters.text(IptablesParameter.LOOPBACK_CIDR),
        "127.0.0.6/32",
        "/32",
        parameters.list(IptablesParameter.DNS_SERVERS_V4));
  }

  static RuleFamily ipv6(IptablesParameters parameters) {
    return new RuleFamily(
        true, "::1/128", "::6/128", "/128", parameters.list(IptablesParameter.DNS_SERVERS_V6));
  }

  /**
   * The blocks of a list that belong to this family, as the rules name them; what is no block is
   * skipped.
   */
  ImmutableList<String> blocks(ImmutableList<String> ranges, RulePreset preset) {
    return ranges.stream()
        .flatMap(range -> AddressBlock.of(range, preset).stream())
        .filter(block -> block.v6() == v6)
        .map(AddressBlock::text)
        .collect(ImmutableList.toImmutableList());
  }
}
