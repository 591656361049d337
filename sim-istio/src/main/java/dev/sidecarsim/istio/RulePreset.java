package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableSet;

/**
 * What a version's istio-iptables writes, in the order in which the differences came.
 *
 * @param unknown the parameters that came later, which the version does not look at
 * @param excludesSsh whether inbound port 22 is left alone (up to 1.12)
 * @param dnsZones whether captured DNS gets conntrack zones in table raw (from 1.11)
 * @param symmetricFamilies whether IPv6 gets the same rules as IPv4 (from 1.12); before, IPv6 has a
 *     set of its own without DNS, owner groups and TPROXY
 * @param tproxyMarksSelfCalls whether TPROXY leaves a pod's calls to itself alone (from 1.11)
 * @param selfCallSparesTunnel whether the self-call rules let port 15008 pass (from 1.18)
 * @param zoneBySource whether answers of DNS servers are told by source, not by destination as
 *     before by mistake (from 1.20)
 * @param closesRanges whether a list of included ranges ends in a RETURN (up to 1.22)
 * @param ownChains whether all rules but the jumps stand in chains of Istio's own (from 1.24)
 * @param allProtocols whether all protocols jump to ISTIO_OUTPUT, not TCP alone, and DNS has a
 *     chain of its own (from 1.25)
 */
record RulePreset(
    ImmutableSet<IptablesParameter> unknown,
    boolean excludesSsh,
    boolean dnsZones,
    boolean symmetricFamilies,
    boolean tproxyMarksSelfCalls,
    boolean selfCallSparesTunnel,
    boolean zoneBySource,
    boolean closesRanges,
    boolean ownChains,
    boolean allProtocols) {

  static RulePreset of(IstioVersion version) {
    return new RulePreset(
        unknown(version),
        !version.atLeast(13, 0),
        version.atLeast(11, 0),
        version.atLeast(12, 0),
        version.atLeast(11, 0),
        version.atLeast(18, 0),
        version.atLeast(20, 0),
        !version.atLeast(23, 0),
        version.atLeast(24, 0),
        version.atLeast(25, 0));
  }

  private static ImmutableSet<IptablesParameter> unknown(IstioVersion version) {
    ImmutableSet.Builder<IptablesParameter> unknown = ImmutableSet.builder();
    if (!version.atLeast(8, 0)) {
      unknown.add(IptablesParameter.REDIRECT_DNS);
    }
    if (!version.atLeast(11, 0)) {
      unknown.add(IptablesParameter.CAPTURE_ALL_DNS);
    }
    if (!version.atLeast(12, 0)) {
      unknown.add(IptablesParameter.EXCLUDE_INTERFACES);
    }
    if (!version.atLeast(13, 0)) {
      unknown.add(IptablesParameter.DROP_INVALID);
    }
    if (!version.atLeast(14, 0)) {
      unknown.add(IptablesParameter.OWNER_GROUPS_INCLUDE, IptablesParameter.OWNER_GROUPS_EXCLUDE);
    }
    if (!version.atLeast(21, 0)) {
      unknown.add(IptablesParameter.LOOPBACK_CIDR);
    }
    return unknown.build();
  }
}
