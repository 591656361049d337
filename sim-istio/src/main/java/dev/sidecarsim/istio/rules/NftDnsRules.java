package dev.sidecarsim.istio.rules;

import static dev.sidecarsim.istio.rules.NftGenerator.DNS;
import static dev.sidecarsim.istio.rules.NftGenerator.INBOUND;
import static dev.sidecarsim.istio.rules.NftGenerator.NAT;
import static dev.sidecarsim.istio.rules.NftGenerator.OUTBOUND;
import static dev.sidecarsim.istio.rules.NftGenerator.OUTPUT;
import static dev.sidecarsim.istio.rules.NftGenerator.PREROUTING;
import static dev.sidecarsim.istio.rules.NftGenerator.RAW;
import static dev.sidecarsim.istio.rules.NftGenerator.TCP;

import com.google.common.collect.ImmutableList;

/** Rules of nft that lead a pod's DNS queries to the agent. */
final class NftDnsRules {

  private static final String TO_AGENT = "redirect to :" + DnsRules.AGENT_PORT;

  private final IptablesParameters parameters;
  private final NftScript script;
  private final boolean answersBySource;

  NftDnsRules(IptablesParameters parameters, RulePreset preset, NftScript script) {
    this.parameters = parameters;
    this.script = script;
    this.answersBySource = preset.has(RuleChange.NFT_DNS_MENDED);
  }

  void capture() {
    script.append(RAW, OUTPUT, "", "jump " + DNS);
    script.append(NAT, OUTBOUND, "", "jump " + DNS);
    if (parameters.isTrue(IptablesParameter.CAPTURE_ALL_DNS)) {
      script.append(NAT, DNS, TCP + " tcp dport 53", TO_AGENT);
      script.append(NAT, DNS, "udp dport 53", TO_AGENT);
    } else {
      servers(true).forEach(server -> script.append(NAT, DNS, server + " tcp dport 53", TO_AGENT));
      servers(true).forEach(server -> script.append(NAT, DNS, server + " udp dport 53", TO_AGENT));
    }
    parameters.list(IptablesParameter.PROXY_UID).forEach(uid -> ownZones("skuid " + uid));
    parameters.list(IptablesParameter.PROXY_GID).forEach(gid -> ownZones("skgid " + gid));
    script.append(RAW, PREROUTING, "", "jump " + INBOUND);
    zones();
  }

  private void ownZones(String owner) {
    script.append(RAW, DNS, "udp dport 53 meta " + owner, "ct zone set 1");
    String answers = "udp sport " + DnsRules.AGENT_PORT + " meta " + owner;
    script.append(RAW, DNS, answers, "ct zone set 2");
  }

  private void zones() {
    if (parameters.isTrue(IptablesParameter.CAPTURE_ALL_DNS)) {
      zones("", "");
      return;
    }
    ImmutableList<String> asked = servers(true);
    ImmutableList<String> answering = servers(!answersBySource);
    for (int i = 0; i < asked.size(); i++) {
      zones(" " + asked.get(i), " " + answering.get(i));
    }
  }

  private void zones(String asked, String answering) {
    script.append(RAW, DNS, "udp dport 53" + asked, "ct zone set 2");
    script.append(RAW, INBOUND, "udp sport 53" + answering, "ct zone set 1");
  }

  /** A match for each server: of packets to it, or from it. */
  private ImmutableList<String> servers(boolean destination) {
    ImmutableList.Builder<String> all = ImmutableList.builder();
    for (NftFamily family : NftFamily.of(parameters)) {
      for (String server : family.addresses().dnsServers()) {
        String block = server + family.addresses().hostSuffix();
        all.add(destination ? family.to(block) : family.from(block));
      }
    }
    return all.build();
  }
}
