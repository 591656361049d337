package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;

/** An IP family as matches of nft name it. */
record NftFamily(String keyword, RuleFamily addresses) {

  /** The families of a pod: IPv4, and IPv6 if it has any. */
  static ImmutableList<NftFamily> of(IptablesParameters parameters) {
    NftFamily ipv4 = new NftFamily("ip", RuleFamily.ipv4(parameters));
    return parameters.isTrue(IptablesParameter.ENABLE_IPV6)
        ? ImmutableList.of(ipv4, new NftFamily("ip6", RuleFamily.ipv6(parameters)))
        : ImmutableList.of(ipv4);
  }

  String to(String block) {
    return keyword + " daddr " + block;
  }

  String from(String block) {
    return keyword + " saddr " + block;
  }

  /** What does not go to localhost. */
  String elsewhere() {
    return keyword + " daddr != " + addresses.loopback();
  }
}
