package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** Rules that lead a pod's DNS queries to the agent. */
final class DnsRules {

  /** Where the agent listens for DNS. */
  private static final String AGENT_PORT = "15053";

  private final IptablesParameters parameters;
  private final RulePreset preset;
  private final RuleFamily family;
  private final RuleScript script;

  DnsRules(IptablesParameters parameters, RulePreset preset, RuleFamily family, RuleScript script) {
    this.parameters = parameters;
    this.preset = preset;
    this.family = family;
    this.script = script;
  }

  private String udpChain() {
    if (preset.allProtocols()) {
      return "ISTIO_OUTPUT_DNS";
    }
    return preset.ownChains() ? "ISTIO_OUTPUT" : "OUTPUT";
  }

  /** The jump to the chain that DNS has of its own from 1.25 on. */
  void jump() {
    if (preset.allProtocols()) {
      script.append("nat", "ISTIO_OUTPUT", "-j ISTIO_OUTPUT_DNS");
    }
  }

  void tcp() {
    String chain = preset.allProtocols() ? "ISTIO_OUTPUT_DNS" : "ISTIO_OUTPUT";
    for (String server : servers("-d")) {
      script.append(
          "nat", chain, "-p tcp --dport 53" + server + " -j REDIRECT --to-ports " + AGENT_PORT);
    }
  }

  void udp() {
    String chain = udpChain();
    if (chain.equals("ISTIO_OUTPUT")) {
      script.append("nat", "OUTPUT", "-p udp -j ISTIO_OUTPUT");
    }
    for (String owner : owners()) {
      script.append("nat", chain, "-p udp --dport 53 -m owner " + owner + " -j RETURN");
    }
    for (String groups : OutboundRules.ownerGroups(parameters)) {
      script.append("nat", chain, "-p udp --dport 53 " + groups + " -j RETURN");
    }
    for (String server : servers("-d")) {
      script.append(
          "nat", chain, "-p udp --dport 53" + server + " -j REDIRECT --to-port " + AGENT_PORT);
    }
    if (preset.dnsZones()) {
      zones(chain);
    }
  }

  /** Queries and answers of the agent and of the programs are kept apart, though ports clash. */
  private void zones(String chain) {
    if (preset.ownChains()) {
      script.append("raw", "OUTPUT", "-p udp -j " + chain);
    }
    for (String owner : owners()) {
      script.append("raw", chain, "-p udp --dport 53 -m owner " + owner + " -j CT --zone 1");
      String answers = "-p udp --sport " + AGENT_PORT + " -m owner " + owner;
      script.append("raw", chain, answers + " -j CT --zone 2");
    }
    for (String server : servers("-d")) {
      script.append("raw", chain, "-p udp --dport 53" + server + " -j CT --zone 2");
    }
    String inbound = preset.allProtocols() ? "ISTIO_INBOUND" : "PREROUTING";
    ImmutableList<String> answering = servers(preset.zoneBySource() ? "-s" : "-d");
    if (preset.allProtocols() && !answering.isEmpty()) {
      script.append("raw", "PREROUTING", "-p udp -j ISTIO_INBOUND");
    }
    for (String server : answering) {
      script.append("raw", inbound, "-p udp --sport 53" + server + " -j CT --zone 1");
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
