package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** Rules that lead a pod's DNS queries to the agent. */
final class DnsRules {

  /** Where the agent listens for DNS. */
  static final String AGENT_PORT = "15053";

  private static final String OUTPUT = "ISTIO_OUTPUT";
  private static final String OWN = "ISTIO_OUTPUT_DNS";

  private final IptablesParameters parameters;
  private final RulePreset preset;
  private final RuleFamily family;
  private final RuleScript script;
  private final boolean captured;
  private final boolean byServer;
  private final boolean ownChain;

  DnsRules(IptablesParameters parameters, RulePreset preset, RuleFamily family, RuleScript script) {
    this.parameters = parameters;
    this.preset = preset;
    this.family = family;
    this.script = script;
    this.captured = captured();
    this.byServer = preset.has(RuleChange.DNS_BY_SERVER);
    this.ownChain = preset.has(RuleChange.ALL_PROTOCOLS);
  }

  /** Whether DNS is captured in a family; where it knows no server, none is from 1.25 on. */
  private boolean captured() {
    return parameters.isTrue(IptablesParameter.REDIRECT_DNS)
        && (!family.v6() || preset.has(RuleChange.SYMMETRIC_FAMILIES))
        && (knowsServer(parameters) || !preset.has(RuleChange.ALL_PROTOCOLS));
  }

  /** Whether DNS is to be captured, and there are servers that it could be captured from. */
  static boolean knowsServer(IptablesParameters parameters) {
    return parameters.isTrue(IptablesParameter.REDIRECT_DNS)
        && (parameters.isTrue(IptablesParameter.CAPTURE_ALL_DNS)
            || !parameters.isEmpty(IptablesParameter.DNS_SERVERS_V4)
            || !parameters.isEmpty(IptablesParameter.DNS_SERVERS_V6));
  }

  /** Whether the proxy's and the programs' own DNS over TCP is kept off what other TCP meets. */
  boolean sparesTcp() {
    return captured && byServer;
  }

  /** The rule for DNS over TCP among what is captured anyway. */
  void amongCaptured() {
    if (captured && !byServer) {
      redirect("ISTIO_REDIRECT", "-p tcp --dport 53", "--to-ports");
    }
  }

  /** The rules that stand before localhost is left alone. */
  void beforeLocalhost() {
    if (!sparesTcp()) {
      return;
    }
    String chain = ownChain ? OWN : OUTPUT;
    if (ownChain) {
      script.append("raw", "OUTPUT", "-j " + OWN);
      if (!servers("-d").isEmpty()) {
        script.append("nat", OUTPUT, "-j " + OWN);
      }
    }
    for (String server : servers("-d")) {
      redirect(chain, "-p tcp --dport 53" + server, "--to-ports");
    }
    if (ownChain) {
      redirectUdp(OWN);
      zones(OWN);
    }
  }

  /** The rules that stand at the end, while DNS over UDP has no chain of its own. */
  void atTheEnd() {
    if (!captured || ownChain) {
      return;
    }
    String chain = preset.has(RuleChange.DNS_IN_OWN_CHAIN) ? OUTPUT : "OUTPUT";
    leadTo(chain, "nat");
    spareOwners(chain);
    if (byServer) {
      redirectUdp(chain);
    } else {
      translateUdp(chain);
    }
    if (preset.has(RuleChange.DNS_ZONES)) {
      leadTo(chain, "raw");
      zones(chain);
    }
  }

  private void leadTo(String chain, String table) {
    if (chain.equals(OUTPUT)) {
      script.append(table, "OUTPUT", "-p udp -j " + OUTPUT);
    }
  }

  private void spareOwners(String chain) {
    for (String owner : owners()) {
      script.append("nat", chain, "-p udp --dport 53 -m owner " + owner + " -j RETURN");
    }
    for (String groups : OutboundRules.ownerGroups(parameters)) {
      script.append("nat", chain, "-p udp --dport 53 " + groups + "-j RETURN");
    }
  }

  private void redirectUdp(String chain) {
    for (String server : servers("-d")) {
      redirect(chain, "-p udp --dport 53" + server, "--to-port");
    }
  }

  /** The source is changed too, lest the agent's answer leave by another interface. */
  private void translateUdp(String chain) {
    String agent = "127.0.0.1:" + AGENT_PORT;
    script.append("nat", chain, "-p udp --dport 53 -j DNAT --to-destination " + agent);
    String translated = "-p udp --dport " + AGENT_PORT;
    script.append("nat", "POSTROUTING", translated + " -j SNAT --to-source 127.0.0.1");
  }

  private void redirect(String chain, String match, String option) {
    script.append("nat", chain, match + " -j REDIRECT " + option + " " + AGENT_PORT);
  }

  /** Queries and answers of the agent and of the programs are kept apart, though ports clash. */
  private void zones(String chain) {
    for (String owner : owners()) {
      script.append("raw", chain, "-p udp --dport 53 -m owner " + owner + " -j CT --zone 1");
      String answers = "-p udp --sport " + AGENT_PORT + " -m owner " + owner;
      script.append("raw", chain, answers + " -j CT --zone 2");
    }
    ImmutableList<String> asked = servers("-d");
    ImmutableList<String> answering = servers(preset.has(RuleChange.ZONE_BY_SOURCE) ? "-s" : "-d");
    String inbound = ownChain ? "ISTIO_INBOUND" : "PREROUTING";
    if (ownChain && !asked.isEmpty()) {
      script.append("raw", "PREROUTING", "-j " + inbound);
    }
    for (int i = 0; i < asked.size(); i++) {
      script.append("raw", chain, "-p udp --dport 53" + asked.get(i) + " -j CT --zone 2");
      script.append("raw", inbound, "-p udp --sport 53" + answering.get(i) + " -j CT --zone 1");
    }
  }

  private List<String> owners() {
    List<String> owners = new ArrayList<>();
    parameters.list(IptablesParameter.PROXY_UID).forEach(uid -> owners.add("--uid-owner " + uid));
    parameters.list(IptablesParameter.PROXY_GID).forEach(gid -> owners.add("--gid-owner " + gid));
    return owners;
  }

  /** A match for each captured server, or one that matches all. */
  private ImmutableList<String> servers(String direction) {
    if (parameters.isTrue(IptablesParameter.CAPTURE_ALL_DNS)) {
      return ImmutableList.of("");
    }
    return family.dnsServers().stream()
        .map(server -> " " + direction + " " + server + family.hostSuffix())
        .collect(ImmutableList.toImmutableList());
  }
}
