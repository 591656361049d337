package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;

/**
 * What the CNI's node agent writes for pods in ambient mode where it uses nft (cni/pkg/nftables of
 * istio/istio): the rules of {@link AmbientRules} in nft's words.
 */
final class NftAmbientRules {

  private static final String NAT = "istio-ambient-nat";
  private static final String MANGLE = "istio-ambient-mangle";
  private static final String RAW = "istio-ambient-raw";

  private static final String PREROUTING = "prerouting";
  private static final String OUTPUT = "output";
  private static final String OWN_PREROUTING = "istio-prerouting";
  private static final String OWN_OUTPUT = "istio-output";

  private static final String TCP = "meta l4proto tcp ";
  private static final String ZTUNNEL = "mark and 0xfff == 0x539";
  private static final String NOT_ZTUNNEL = "mark and 0xfff != 0x539";
  private static final String MARKED = "mark and 0xfff == 0x111";

  /** Who sends the kubelet's probes: the node agent looks the process up, which runs as root. */
  private static final String KUBELET = "skuid 0";

  private final RulePreset preset;
  private final AmbientParameters parameters;
  private final boolean ipv6;

  /** Whether a version has these rules and is asked for them. */
  static boolean wanted(RulePreset preset, AmbientParameters parameters) {
    return preset.has(RuleChange.NFT_AMBIENT) && parameters.nativeNftables();
  }

  NftAmbientRules(RulePreset preset, AmbientParameters parameters) {
    this.preset = preset;
    this.parameters = parameters;
    this.ipv6 = parameters.ipv6() || !preset.has(RuleChange.NFT_AMBIENT_FAMILIES);
  }

  NftRules onNode() {
    NftTable.Chain postrouting = NftTable.base("postrouting", "nat", 100);
    NftTable nat = new NftTable(NAT, ImmutableList.of(postrouting));
    NftScript script = new NftScript(ImmutableList.of(nat), true, preset);
    String probes = TCP + KUBELET + " ";
    script.append(
        NAT,
        postrouting.name(),
        probes + "ip daddr @istio-inpod-probes-v4",
        "snat to " + parameters.probeSource());
    if (ipv6) {
      script.append(
          NAT,
          postrouting.name(),
          probes + "ip6 daddr @istio-inpod-probes-v6",
          "snat to " + parameters.probeSourceV6());
    }
    return script.rules();
  }

  NftRules inPod() {
    NftScript script = new NftScript(tables(), true, preset);
    boolean dns = parameters.podDns().orElse(parameters.redirectDns());
    jumps(script, dns);
    virtualInterfaces(script);
    inbound(script);
    script.append(MANGLE, OWN_OUTPUT, "ct " + MARKED, "meta mark set ct mark");
    if (dns) {
      dns(script);
    }
    outbound(script);
    return script.rules();
  }

  private static ImmutableList<NftTable> tables() {
    return ImmutableList.of(
        table(NAT, "nat", "nat", -100),
        table(MANGLE, "filter", "route", -150),
        table(RAW, "filter", "filter", -300));
  }

  private static NftTable table(String name, String prerouting, String output, int priority) {
    return NftTable.of(
        name,
        NftTable.base(PREROUTING, prerouting, priority),
        NftTable.base(OUTPUT, output, priority),
        OWN_PREROUTING,
        OWN_OUTPUT);
  }

  private static void jumps(NftScript script, boolean dns) {
    script.appendPlain(MANGLE, PREROUTING, "jump " + OWN_PREROUTING);
    script.appendPlain(MANGLE, OUTPUT, "jump " + OWN_OUTPUT);
    script.appendPlain(NAT, OUTPUT, "jump " + OWN_OUTPUT);
    if (dns) {
      script.appendPlain(RAW, PREROUTING, "jump " + OWN_PREROUTING);
      script.appendPlain(RAW, OUTPUT, "jump " + OWN_OUTPUT);
    }
    script.appendPlain(NAT, PREROUTING, "jump " + OWN_PREROUTING);
  }

  private void virtualInterfaces(NftScript script) {
    for (String name : parameters.virtualInterfaces()) {
      String match = "iifname " + name + " meta l4proto tcp";
      script.append(NAT, OWN_PREROUTING, match, redirectTo(AmbientRules.OUTBOUND_PORT));
      script.append(NAT, OWN_PREROUTING, match, "return");
    }
  }

  /** The spaces are those of upstream, which joins its words with one more here and there. */
  private void inbound(NftScript script) {
    boolean captured = !parameters.ingress();
    if (captured || preset.has(RuleChange.AMBIENT_INGRESS_TUNNEL)) {
      String mark = "ct mark set ct mark & 0xfffff000 |  0x111";
      script.append(MANGLE, OWN_PREROUTING, "meta mark & 0xfff == 0x539", mark);
    }
    if (captured) {
      probes(script, OWN_PREROUTING, "saddr");
    }
    probes(script, OWN_OUTPUT, "daddr");
    if (captured) {
      String rest = " tcp dport != " + AmbientRules.TUNNEL_PORT + " ";
      String plaintext = redirectTo(AmbientRules.PLAINTEXT_PORT);
      String v4 = "ip daddr != 127.0.0.1/32" + rest + "mark and 0xfff  != 0x539";
      script.append(NAT, OWN_PREROUTING, v4, plaintext);
      if (ipv6) {
        script.append(NAT, OWN_PREROUTING, "ip6 daddr != ::1/128" + rest + NOT_ZTUNNEL, plaintext);
      }
    }
  }

  private void probes(NftScript script, String chain, String side) {
    script.append(NAT, chain, TCP + "ip " + side + " " + parameters.probeSource(), "accept");
    if (ipv6) {
      script.append(NAT, chain, TCP + "ip6 " + side + " " + parameters.probeSourceV6(), "accept");
    }
  }

  private void dns(NftScript script) {
    String agent = redirectTo(DnsRules.AGENT_PORT);
    script.append(NAT, OWN_OUTPUT, "oifname != lo " + NOT_ZTUNNEL + " udp dport 53", agent);
    for (String elsewhere : elsewhere()) {
      script.append(NAT, OWN_OUTPUT, elsewhere + " tcp dport 53 " + NOT_ZTUNNEL, agent);
    }
    script.append(RAW, OWN_OUTPUT, "udp dport 53 meta " + ZTUNNEL, "ct zone set 1");
    script.append(RAW, OWN_PREROUTING, "udp sport 53 meta " + NOT_ZTUNNEL, "ct zone set 1");
  }

  private void outbound(NftScript script) {
    script.append(NAT, OWN_OUTPUT, TCP + MARKED, "accept");
    for (String elsewhere : elsewhere()) {
      script.append(NAT, OWN_OUTPUT, "oifname lo " + elsewhere, "accept");
    }
    for (String elsewhere : elsewhere()) {
      String rest = TCP + elsewhere + " " + NOT_ZTUNNEL;
      script.append(NAT, OWN_OUTPUT, rest, redirectTo(AmbientRules.OUTBOUND_PORT));
    }
  }

  /** What does not go to localhost, by family. */
  private ImmutableList<String> elsewhere() {
    String v4 = "ip daddr != 127.0.0.1/32";
    return ipv6 ? ImmutableList.of(v4, "ip6 daddr != ::1/128") : ImmutableList.of(v4);
  }

  private static String redirectTo(String port) {
    return "redirect to :" + port;
  }
}
