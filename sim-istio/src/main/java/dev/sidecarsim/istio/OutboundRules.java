package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;

/** Rules for what the pod's programs send, in table nat. */
final class OutboundRules {

  private static final String OUTPUT = "ISTIO_OUTPUT";

  private final IptablesParameters parameters;
  private final RulePreset preset;
  private final RuleFamily family;
  private final RuleScript script;
  private final boolean redirectsDns;

  OutboundRules(
      IptablesParameters parameters,
      RulePreset preset,
      RuleFamily family,
      RuleScript script,
      boolean redirectsDns) {
    this.parameters = parameters;
    this.preset = preset;
    this.family = family;
    this.script = script;
    this.redirectsDns = redirectsDns;
  }

  void selfCalls() {
    String protocol = preset.allProtocols() ? "" : "-p tcp ";
    if (parameters.isTrue(IptablesParameter.TRACE_LOGGING)) {
      script.append("nat", "OUTPUT", protocol + InboundRules.nflog("JumpOutbound"));
    }
    script.append("nat", "OUTPUT", protocol + "-j " + OUTPUT);
    excludePorts();
    add("-o lo -s " + family.passthroughSource() + " -j RETURN");
    for (String uid : parameters.list(IptablesParameter.PROXY_UID)) {
      selfCalls("--uid-owner " + uid, redirectsDns ? sparingDns() : sparingTunnel());
    }
    for (String gid : parameters.list(IptablesParameter.PROXY_GID)) {
      selfCalls("--gid-owner " + gid, sparingTunnel());
    }
  }

  private void excludePorts() {
    for (String port : parameters.list(IptablesParameter.OUTBOUND_PORTS_EXCLUDE)) {
      add("-p tcp --dport " + port + " -j RETURN");
      if (preset.allProtocols()) {
        add("-p udp --dport " + port + " -j RETURN");
      }
    }
  }

  private void selfCalls(String owner, String spared) {
    add(
        "-o lo ! -d "
            + family.loopback()
            + spared
            + " -m owner "
            + owner
            + " -j ISTIO_IN_REDIRECT");
    if (!family.hasLoopback(parameters.list(IptablesParameter.OUTBOUND_RANGES_INCLUDE))) {
      String tcp = redirectsDns ? " -p tcp ! --dport 53" : "";
      add("-o lo" + tcp + " -m owner ! " + owner + " -j RETURN");
    }
    add("-m owner " + owner + " -j RETURN");
  }

  private String sparingTunnel() {
    String tunnel = parameters.text(IptablesParameter.INBOUND_TUNNEL_PORT);
    return preset.selfCallSparesTunnel() ? " -p tcp ! --dport " + tunnel : "";
  }

  private String sparingDns() {
    String tunnel = parameters.text(IptablesParameter.INBOUND_TUNNEL_PORT);
    return preset.selfCallSparesTunnel()
        ? " -p tcp -m multiport ! --dports 53," + tunnel
        : " -p tcp ! --dport 53";
  }

  void ownerGroups() {
    ownerGroups(parameters).forEach(match -> add(match + " -j RETURN"));
  }

  /** The matches of programs whose group keeps them off the capture. */
  static ImmutableList<String> ownerGroups(IptablesParameters parameters) {
    if (parameters.isWildcard(IptablesParameter.OWNER_GROUPS_INCLUDE)) {
      return parameters.list(IptablesParameter.OWNER_GROUPS_EXCLUDE).stream()
          .map(group -> "-m owner --gid-owner " + group)
          .collect(ImmutableList.toImmutableList());
    }
    return ImmutableList.of(
        String.join(
            " ",
            parameters.list(IptablesParameter.OWNER_GROUPS_INCLUDE).stream()
                .map(group -> "-m owner ! --gid-owner " + group)
                .toList()));
  }

  void ranges(boolean full) {
    add("-d " + family.loopback() + " -j RETURN");
    for (String block : family.blocks(parameters.list(IptablesParameter.OUTBOUND_RANGES_EXCLUDE))) {
      add("-d " + block + " -j RETURN");
    }
    if (full || preset.dnsZones()) {
      for (String port : parameters.list(IptablesParameter.OUTBOUND_PORTS_INCLUDE)) {
        add("-p tcp --dport " + port + " -j ISTIO_REDIRECT");
      }
    }
    if (parameters.isWildcard(IptablesParameter.OUTBOUND_RANGES_INCLUDE)) {
      add("-j ISTIO_REDIRECT");
      captureVirtualMachines("", full ? "ISTIO_REDIRECT" : "RETURN");
    } else {
      listedRanges();
    }
  }

  private void listedRanges() {
    ImmutableList<String> blocks =
        family.blocks(parameters.list(IptablesParameter.OUTBOUND_RANGES_INCLUDE));
    for (String block : blocks) {
      captureVirtualMachines(" -d " + block, "ISTIO_REDIRECT");
      add("-d " + block + " -j ISTIO_REDIRECT");
    }
    if (preset.closesRanges() && !blocks.isEmpty()) {
      add("-j RETURN");
    }
  }

  private void captureVirtualMachines(String destination, String target) {
    for (String name : parameters.list(IptablesParameter.VIRTUAL_INTERFACES)) {
      script.insert("nat", "PREROUTING", 1, "-i " + name + destination + " -j " + target);
    }
  }

  private void add(String rule) {
    script.append("nat", OUTPUT, rule.strip());
  }
}
