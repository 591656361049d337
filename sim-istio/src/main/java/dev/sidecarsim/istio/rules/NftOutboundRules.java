package dev.sidecarsim.istio.rules;

import static dev.sidecarsim.istio.rules.NftGenerator.IN_REDIRECT;
import static dev.sidecarsim.istio.rules.NftGenerator.NAT;
import static dev.sidecarsim.istio.rules.NftGenerator.OUTBOUND;
import static dev.sidecarsim.istio.rules.NftGenerator.OUTPUT;
import static dev.sidecarsim.istio.rules.NftGenerator.PREROUTING;
import static dev.sidecarsim.istio.rules.NftGenerator.REDIRECT;
import static dev.sidecarsim.istio.rules.NftGenerator.TCP;

import com.google.common.collect.ImmutableList;
import java.util.stream.Collectors;

/** Rules of nft for what the pod's programs send. */
final class NftOutboundRules {

  private static final String LOCAL = "oifname lo ";

  private final IptablesParameters parameters;
  private final RulePreset preset;
  private final ImmutableList<NftFamily> families;
  private final NftScript script;
  private final boolean redirectsDns;
  private final String tunnel;

  NftOutboundRules(IptablesParameters parameters, RulePreset preset, NftScript script) {
    this.parameters = parameters;
    this.preset = preset;
    this.families = NftFamily.of(parameters);
    this.script = script;
    this.redirectsDns = DnsRules.knowsServer(parameters);
    this.tunnel = parameters.text(IptablesParameter.INBOUND_TUNNEL_PORT);
  }

  void selfCalls() {
    script.append(NAT, OUTPUT, "", "jump " + OUTBOUND);
    for (String port : parameters.list(IptablesParameter.OUTBOUND_PORTS_EXCLUDE)) {
      add("tcp dport " + port, "return");
      add("udp dport " + port, "return");
    }
    for (NftFamily family : families) {
      add(LOCAL + family.from(family.addresses().passthroughSource()), "return");
    }
    String sparedByUid = redirectsDns ? "{ 53, " + tunnel + " }" : tunnel;
    for (String uid : parameters.list(IptablesParameter.PROXY_UID)) {
      boolean mended = !redirectsDns || preset.has(RuleChange.NFT_DNS_MENDED);
      selfCalls("skuid " + uid, "skuid " + (mended ? "!= " : "") + uid, sparedByUid);
    }
    for (String gid : parameters.list(IptablesParameter.PROXY_GID)) {
      selfCalls("skgid " + gid, "skgid != " + gid, tunnel);
    }
  }

  private void selfCalls(String proxy, String others, String spared) {
    for (NftFamily family : families) {
      String match = LOCAL + TCP + " " + family.elsewhere() + " tcp dport != " + spared;
      add(match + " " + proxy, "jump " + IN_REDIRECT);
    }
    if (!OutboundRules.includesLoopback(parameters, preset)) {
      String tcp = redirectsDns ? TCP + " tcp dport != 53 " : "";
      add(LOCAL + tcp + others, "return");
    }
    add(proxy, "return");
  }

  void ownerGroups() {
    if (parameters.isWildcard(IptablesParameter.OWNER_GROUPS_INCLUDE)) {
      parameters
          .list(IptablesParameter.OWNER_GROUPS_EXCLUDE)
          .forEach(group -> add("skgid " + group, "return"));
      return;
    }
    String none =
        parameters.list(IptablesParameter.OWNER_GROUPS_INCLUDE).stream()
            .map(group -> "skgid != " + group)
            .collect(Collectors.joining(" "));
    add(none, "return");
  }

  void ranges() {
    for (NftFamily family : families) {
      add(family.to(family.addresses().loopback()), "return");
    }
    for (NftFamily family : families) {
      blocks(family, IptablesParameter.OUTBOUND_RANGES_EXCLUDE)
          .forEach(block -> add(family.to(block), "return"));
    }
    for (String port : parameters.list(IptablesParameter.OUTBOUND_PORTS_INCLUDE)) {
      add("tcp dport " + port, "jump " + REDIRECT);
    }
    if (parameters.isWildcard(IptablesParameter.OUTBOUND_RANGES_INCLUDE)) {
      add("", "jump " + REDIRECT);
      captureVirtualMachines("");
    } else {
      families.forEach(this::includedRanges);
    }
  }

  private void includedRanges(NftFamily family) {
    for (String block : blocks(family, IptablesParameter.OUTBOUND_RANGES_INCLUDE)) {
      captureVirtualMachines(" " + family.to(block));
      add(family.to(block), "jump " + REDIRECT);
    }
  }

  private ImmutableList<String> blocks(NftFamily family, IptablesParameter ranges) {
    return family.addresses().blocks(parameters.list(ranges), preset);
  }

  private void captureVirtualMachines(String destination) {
    for (String name : parameters.list(IptablesParameter.VIRTUAL_INTERFACES)) {
      script.insert(NAT, PREROUTING, 0, "iifname " + name + destination, "jump " + REDIRECT);
    }
  }

  private void add(String match, String statement) {
    script.append(NAT, OUTBOUND, match, statement);
  }
}
