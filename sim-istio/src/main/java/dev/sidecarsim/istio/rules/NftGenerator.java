package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;

/**
 * What the native nftables backend makes of istio-iptables' parameters (tools/istio-nftables of
 * istio/istio): the rules of {@link IptablesGenerator} in nft's words, with mistakes of their own.
 */
final class NftGenerator {

  static final String NAT = "istio-proxy-nat";
  static final String MANGLE = "istio-proxy-mangle";
  static final String RAW = "istio-proxy-raw";

  static final String PREROUTING = "prerouting";
  static final String OUTPUT = "output";
  static final String INBOUND = "istio-inbound";
  static final String OUTBOUND = "istio-output";
  static final String DNS = "istio-output-dns";
  static final String REDIRECT = "istio-redirect";
  static final String IN_REDIRECT = "istio-in-redirect";
  static final String DIVERT = "istio-divert";
  static final String TPROXY = "istio-tproxy";
  static final String DROP = "istio-drop";

  /** How matches of TCP begin. */
  static final String TCP = "meta l4proto tcp";

  private final RulePreset preset;

  NftGenerator(RulePreset preset) {
    this.preset = preset;
  }

  /**
   * The rules for a pod.
   *
   * @throws IllegalArgumentException if the program would give up on a value
   */
  NftRules generate(IptablesParameters asked) {
    IptablesParameters parameters = preset.known(asked);
    ParameterChecks.check(parameters, preset);
    NftScript script = new NftScript(tables(), false, preset);
    NftInboundRules inbound = new NftInboundRules(parameters, script);
    NftOutboundRules outbound = new NftOutboundRules(parameters, preset, script);
    interfaces(parameters, script);
    inbound.dropInvalid();
    inbound.chains();
    inbound.capture();
    outbound.selfCalls();
    outbound.ownerGroups();
    if (DnsRules.knowsServer(parameters)) {
      new NftDnsRules(parameters, preset, script).capture();
    }
    outbound.ranges();
    if (parameters.tproxy()) {
      inbound.tproxyMarks();
    }
    return script.rules();
  }

  private ImmutableList<NftTable> tables() {
    String marking = preset.has(RuleChange.NFT_TPROXY_MENDED) ? "route" : "filter";
    return ImmutableList.of(
        NftTable.of(
            NAT,
            NftTable.base(PREROUTING, "nat", -100),
            NftTable.base(OUTPUT, "nat", -100),
            INBOUND,
            REDIRECT,
            IN_REDIRECT,
            OUTBOUND,
            DNS),
        NftTable.of(
            MANGLE,
            NftTable.base(PREROUTING, "filter", -150),
            NftTable.base(OUTPUT, marking, -150),
            DIVERT,
            TPROXY,
            INBOUND,
            DROP),
        NftTable.of(
            RAW,
            NftTable.base(PREROUTING, "filter", -300),
            NftTable.base(OUTPUT, "filter", -300),
            INBOUND,
            DNS));
  }

  private static void interfaces(IptablesParameters parameters, NftScript script) {
    ImmutableList<String> excluded = parameters.list(IptablesParameter.EXCLUDE_INTERFACES);
    excluded.forEach(name -> exclude(script, NAT, name));
    if (parameters.tproxy()) {
      excluded.forEach(name -> exclude(script, MANGLE, name));
    }
    for (String name : parameters.list(IptablesParameter.VIRTUAL_INTERFACES)) {
      script.insert(NAT, PREROUTING, 0, "iifname " + name, "return");
    }
  }

  private static void exclude(NftScript script, String table, String name) {
    script.append(table, PREROUTING, "iifname " + name, "return");
    script.append(table, OUTPUT, "oifname " + name, "return");
  }
}
