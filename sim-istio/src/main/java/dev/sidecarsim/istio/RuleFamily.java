package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;

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
    String loopback = parameters.text(IptablesParameter.LOOPBACK_CIDR);
    return new RuleFamily(
        false,
        loopback.isEmpty() ? IptablesParameter.LOOPBACK_CIDR.injected() : loopback,
        "127.0.0.6/32",
        "/32",
        parameters.list(IptablesParameter.DNS_SERVERS_V4));
  }

  static RuleFamily ipv6(IptablesParameters parameters) {
    return new RuleFamily(
        true, "::1/128", "::6/128", "/128", parameters.list(IptablesParameter.DNS_SERVERS_V6));
  }

  /** The blocks of a list that belong to this family; what is no block is skipped. */
  ImmutableList<String> blocks(ImmutableList<String> ranges) {
    return ranges.stream().filter(this::owns).collect(ImmutableList.toImmutableList());
  }

  /** Whether one of the blocks holds loopback addresses. */
  boolean hasLoopback(ImmutableList<String> ranges) {
    return blocks(ranges).stream().anyMatch(text -> Cidr.of(text).address().isLoopback());
  }

  private boolean owns(String range) {
    try {
      return range.contains("/") && Cidr.of(range).address().v6() == v6;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
