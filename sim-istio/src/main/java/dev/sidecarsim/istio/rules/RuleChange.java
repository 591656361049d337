package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.istio.version.IstioVersion;

/**
 * A change of what istio-iptables, or ambient mode's node agent, writes, with the minor release of
 * Istio 1 that brought it (tools/istio-iptables of istio/istio and the pull requests named).
 */
public enum RuleChange {
  /** Of DNS only what goes to the servers of resolv.conf is captured, not all (#30647). */
  DNS_BY_SERVER(9),
  /** TPROXY marks the proxy's calls under a caller's address, and their answers (#28457). */
  TPROXY_CALLERS_ADDRESS(9),
  /** Captured DNS over UDP gets conntrack zones in table raw (#33572). */
  DNS_ZONES(11),
  /** IPv6 looks at the included outbound ports too (#30868). */
  PORTS_ON_IPV6(11),
  /** TPROXY leaves a pod's calls to itself alone (#31165). */
  TPROXY_SELF_CALLS(11),
  /**
   * IPv6 gets the same rules as IPv4 (#34274); before, it has a set of its own without DNS, owner
   * groups and TPROXY.
   */
  SYMMETRIC_FAMILIES(12),
  /** Inbound port 22 is captured like any other. */
  SSH_CAPTURED(13),
  /** Address blocks are read and written by Go's net/netip, which keeps host bits (#41398). */
  UNMASKED_BLOCKS(17),
  /** The self-call rules let the tunnel port pass. */
  TUNNEL_SPARED(18),
  /**
   * Answers of DNS servers are told by source, not by destination as by mistake before (#46937).
   */
  ZONE_BY_SOURCE(20),
  /** A list of included ranges no longer ends in a RETURN (#51352). */
  OPEN_RANGES(23),
  /** DNS over UDP stands in ISTIO_OUTPUT instead of OUTPUT (#50915). */
  DNS_IN_OWN_CHAIN(23),
  /**
   * Invalid packets are dropped in a chain ISTIO_DROP, and chains that are only jumped to exist.
   */
  ONLY_OWN_CHAINS(24),
  /** The prefixes of log rules are written without quotes. */
  BARE_LOG_PREFIX(24),
  /** Pods can be in ambient mode; its alpha of 1.18 to 1.21 is not known here. */
  AMBIENT(22),
  /**
   * Ambient mode's IPv6 rules have a set of probed pods and a source of the kubelet's probes of
   * their own (#50747, #51221), and an installation asks for them; before, both families' rules
   * name one set and the IPv4 source, which ip6tables refuses, and nothing turned them on (#50162).
   */
  AMBIENT_FAMILIES(23),
  /** Ambient pods are captured by REDIRECT unless asked for TPROXY; before, by TPROXY (#52622). */
  AMBIENT_REDIRECT(24),
  /** Ambient pods' DNS over TCP is captured too, and ztunnel's own DNS is marked (#52867). */
  AMBIENT_DNS_MARKS(24),
  /** A pod may keep its inbound traffic to itself. */
  AMBIENT_INGRESS(24),
  /** Ambient pods can no longer be captured by TPROXY. */
  AMBIENT_NO_TPROXY(25),
  /** Ambient pods' DNS is captured where nobody says otherwise (upgrade notes of 1.25). */
  AMBIENT_DNS_BY_DEFAULT(25),
  /** Virtual interfaces and DNS capture are set for each ambient pod. */
  AMBIENT_POD_OPTIONS(25),
  /** All protocols jump to ISTIO_OUTPUT, not TCP alone, and DNS has a chain for itself (#53998). */
  ALL_PROTOCOLS(25),
  /** A range that is no address block is an error, not skipped. */
  STRICT_BLOCKS(27),
  /**
   * The node's jump to Istio's chain stands before what others have in POSTROUTING, where some
   * CNIs' rules took the kubelet's probes before (#56414).
   */
  AMBIENT_NODE_FIRST(27),
  /**
   * A pod that keeps its inbound traffic to itself still has ztunnel's connections marked, so that
   * calls through the tunnel get answers (#58577).
   */
  AMBIENT_INGRESS_TUNNEL(29),
  /** The node agent, too, leaves excluded namespaces alone, not the plugin only (#59471). */
  AMBIENT_EXCLUDED_NAMESPACES(30),
  /** Ambient mode's rules can be those of nft (#57524). */
  NFT_AMBIENT(28),
  /** Rules for nft count what they match (#57216). */
  NFT_COUNTERS(28),
  /**
   * Captured DNS with nft: programs other than the proxy are told by "skuid !=", and answers of DNS
   * servers by their source; 1.27 has the mistakes of rules that lack the "!=" and look at the
   * destination.
   */
  NFT_DNS_MENDED(28),
  /**
   * TPROXY with nft: marks set in OUTPUT lead to another route, and rules are appended where a
   * chain has too few to insert one (#58175, #58234).
   */
  NFT_TPROXY_MENDED(new IstioVersion(28, 1), new IstioVersion(27, 4)),
  /** Ambient pods without IPv6 get no IPv6 rules from nft (#58249). */
  NFT_AMBIENT_FAMILIES(new IstioVersion(28, 1));

  private final IstioVersion since;
  private final ImmutableList<IstioVersion> backports;

  RuleChange(int sinceMinor) {
    this(new IstioVersion(sinceMinor, 0));
  }

  /**
   * @param since the first release of the first minor that has it in all later ones
   * @param backports the first patch of each earlier minor that got it
   */
  RuleChange(IstioVersion since, IstioVersion... backports) {
    this.since = since;
    this.backports = ImmutableList.copyOf(backports);
  }

  /** Whether a version's istio-iptables has it. */
  boolean in(IstioVersion version) {
    return version.compareTo(since) >= 0
        || backports.stream()
            .anyMatch(first -> first.minor() == version.minor() && version.compareTo(first) >= 0);
  }
}
