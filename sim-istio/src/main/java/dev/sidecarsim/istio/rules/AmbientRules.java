package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What the CNI's node agent writes for pods in ambient mode (cni/pkg/iptables of istio/istio): the
 * pod's traffic goes to the sockets that ztunnel opens in the pod, and ztunnel's own packets are
 * told by a mark.
 */
public final class AmbientRules {

  /** Ports of ztunnel inside the pod. */
  static final String OUTBOUND_PORT = "15001";

  static final String PLAINTEXT_PORT = "15006";
  static final String TUNNEL_PORT = "15008";
  private static final String DNS_PORT = "15053";

  /** The mark of ztunnel's packets. */
  private static final String ZTUNNEL = "-m mark --mark 0x539/0xfff";

  private static final String NOT_ZTUNNEL = "-m mark ! --mark 0x539/0xfff";

  /** The mark of ztunnel's connections. */
  private static final String CONNECTION = "0x111/0xfff";

  private static final String PRERT = "ISTIO_PRERT";
  private static final String OUTPUT = "ISTIO_OUTPUT";
  private static final String POSTRT = "ISTIO_POSTRT";

  private final AmbientParameters parameters;
  private final RulePreset preset;

  /** Whether inbound traffic is led to ztunnel by TPROXY; REDIRECT since #52622. */
  private final boolean tproxy;

  /** Whether DNS over TCP is captured too and ztunnel's DNS is marked (#52867). */
  private final boolean marksDns;

  private final boolean ingress;
  private final boolean hasPodOptions;

  /**
   * @throws IllegalArgumentException if the version's ambient rules are not known
   */
  public AmbientRules(IstioVersion version, AmbientParameters parameters) {
    this(checked(version), parameters);
  }

  private static RulePreset checked(IstioVersion version) {
    RulePreset preset = RulePreset.of(version);
    if (!preset.has(RuleChange.AMBIENT)) {
      throw new IllegalArgumentException(
          "the ambient rules of " + version + " are not known; known are 1.22 to 1.30");
    }
    return preset;
  }

  public AmbientRules(RulePreset preset, AmbientParameters parameters) {
    this.parameters = parameters;
    this.preset = preset;
    this.tproxy =
        !preset.has(RuleChange.AMBIENT_REDIRECT)
            || (!preset.has(RuleChange.AMBIENT_NO_TPROXY) && parameters.tproxy());
    this.marksDns = preset.has(RuleChange.AMBIENT_DNS_MARKS);
    this.ingress = preset.has(RuleChange.AMBIENT_INGRESS) && parameters.ingress();
    this.hasPodOptions = preset.has(RuleChange.AMBIENT_POD_OPTIONS);
  }

  public RedirectRules inPod() {
    return new RedirectRules(
        inPod("127.0.0.1/32", parameters.probeSource()),
        parameters.ipv6() ? inPod("::1/128", probeSourceV6()) : ImmutableMap.of());
  }

  public RedirectRules onNode() {
    return new RedirectRules(
        onNode("-v4", parameters.probeSource()),
        parameters.ipv6() ? onNode("-v6", probeSourceV6()) : ImmutableMap.of());
  }

  private String probeSourceV6() {
    return tellsFamilies() ? parameters.probeSourceV6() : parameters.probeSource();
  }

  private boolean tellsFamilies() {
    return preset.has(RuleChange.AMBIENT_FAMILIES);
  }

  /** Gives the kubelet's probes of local pods a source by which the pods' rules know them. */
  private ImmutableMap<String, ImmutableList<String>> onNode(String family, String probeSource) {
    RuleScript script = new RuleScript(preset, false);
    if (preset.has(RuleChange.AMBIENT_NODE_FIRST)) {
      script.insert("nat", "POSTROUTING", 1, "-j " + POSTRT);
    } else {
      script.append("nat", "POSTROUTING", "-j " + POSTRT);
    }
    String probed = "istio-inpod-probes" + (tellsFamilies() ? family : "");
    String match = "-m owner --socket-exists -p tcp -m set --match-set " + probed + " dst";
    script.append("nat", POSTRT, match + " -j SNAT --to-source " + probeSource);
    return script.tables();
  }

  private ImmutableMap<String, ImmutableList<String>> inPod(String loopback, String probeSource) {
    RuleScript script = new RuleScript(preset, false);
    boolean dns = redirectsDns();
    jumps(script, dns);
    if (hasPodOptions) {
      virtualInterfaces(script);
    }
    String probes = "-s " + probeSource + " -p tcp -m tcp -j ACCEPT";
    if (!ingress || preset.has(RuleChange.AMBIENT_INGRESS_TUNNEL)) {
      script.append("mangle", PRERT, ZTUNNEL + " -j CONNMARK --set-xmark " + CONNECTION);
    }
    if (!ingress) {
      script.append(tproxy ? "mangle" : "nat", PRERT, probes);
    }
    script.append("nat", OUTPUT, "-d " + probeSource + " -p tcp -m tcp -j ACCEPT");
    if (!ingress) {
      inbound(script, "! -d " + loopback + " -p tcp ");
    }
    String restore = "-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff";
    script.append("mangle", OUTPUT, "-m connmark --mark " + CONNECTION + " " + restore);
    if (dns) {
      dns(script, loopback);
    }
    outbound(script, loopback);
    return script.tables();
  }

  private boolean redirectsDns() {
    boolean byDefault = parameters.redirectDns();
    return hasPodOptions ? parameters.podDns().orElse(byDefault) : byDefault;
  }

  private void jumps(RuleScript script, boolean dns) {
    script.append("mangle", "PREROUTING", "-j " + PRERT);
    script.append("mangle", "OUTPUT", "-j " + OUTPUT);
    script.append("nat", "OUTPUT", "-j " + OUTPUT);
    if (dns && marksDns) {
      script.append("raw", "PREROUTING", "-j " + PRERT);
      script.append("raw", "OUTPUT", "-j " + OUTPUT);
    }
    if (!tproxy) {
      script.append("nat", "PREROUTING", "-j " + PRERT);
    }
  }

  /** What a virtual machine sends counts as sent by the pod. */
  private void virtualInterfaces(RuleScript script) {
    for (String name : parameters.virtualInterfaces()) {
      String match = "-i " + name + " -p tcp -j ";
      script.append("nat", PRERT, match + "REDIRECT --to-ports " + OUTBOUND_PORT);
      script.append("nat", PRERT, match + "RETURN");
    }
  }

  private void inbound(RuleScript script, String elsewhere) {
    if (!tproxy) {
      String match = elsewhere + "! --dport " + TUNNEL_PORT + " " + NOT_ZTUNNEL;
      script.append("nat", PRERT, match + " -j REDIRECT --to-ports " + PLAINTEXT_PORT);
      return;
    }
    script.append("mangle", PRERT, elsewhere + "-i lo -j ACCEPT");
    String tunnel = "-p tcp -m tcp --dport " + TUNNEL_PORT + " " + NOT_ZTUNNEL;
    script.append("mangle", PRERT, tunnel + tproxyTo(TUNNEL_PORT));
    String established = "-p tcp -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";
    script.append("mangle", PRERT, established);
    script.append("mangle", PRERT, elsewhere + NOT_ZTUNNEL + tproxyTo(PLAINTEXT_PORT));
  }

  private static String tproxyTo(String port) {
    return " -j TPROXY --on-port " + port + " --tproxy-mark " + CONNECTION;
  }

  private void dns(RuleScript script, String loopback) {
    String unmarked = marksDns ? NOT_ZTUNNEL + " " : "";
    String udp = "! -o lo -p udp " + unmarked + "-m udp --dport 53";
    script.append("nat", OUTPUT, udp + " -j REDIRECT --to-port " + DNS_PORT);
    if (marksDns) {
      String tcp = "! -d " + loopback + " -p tcp --dport 53 " + NOT_ZTUNNEL;
      script.append("nat", OUTPUT, tcp + " -j REDIRECT --to-ports " + DNS_PORT);
      script.append("raw", OUTPUT, "-p udp " + ZTUNNEL + " -m udp --dport 53 -j CT --zone 1");
      script.append("raw", PRERT, "-p udp " + NOT_ZTUNNEL + " -m udp --sport 53 -j CT --zone 1");
    }
  }

  private void outbound(RuleScript script, String loopback) {
    script.append("nat", OUTPUT, "-p tcp -m mark --mark " + CONNECTION + " -j ACCEPT");
    script.append("nat", OUTPUT, "! -d " + loopback + " -o lo -j ACCEPT");
    String rest = "! -d " + loopback + " -p tcp " + NOT_ZTUNNEL;
    script.append("nat", OUTPUT, rest + " -j REDIRECT --to-ports " + OUTBOUND_PORT);
  }
}
