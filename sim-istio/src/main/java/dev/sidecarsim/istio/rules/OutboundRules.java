package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;

/** Rules for what the pod's programs send, in table nat. */
final class OutboundRules {

  private static final String OUTPUT = "ISTIO_OUTPUT";

  private final IptablesParameters parameters;
  private final RulePreset preset;
  private final RuleFamily family;
  private final RuleScript script;
  private final boolean sparesDns;

  OutboundRules(
      IptablesParameters parameters,
      RulePreset preset,
      RuleFamily family,
      RuleScript script,
      boolean sparesDns) {
    this.parameters = parameters;
    this.preset = preset;
    this.family = family;
    this.script = script;
    this.sparesDns = sparesDns;
  }

  void selfCalls() {
    String protocol = preset.has(RuleChange.ALL_PROTOCOLS) ? "" : "-p tcp ";
    script.append("JumpOutbound", "nat", "OUTPUT", protocol + "-j " + OUTPUT);
    excludePorts();
    add("-o lo -s " + family.passthroughSource() + " -j RETURN");
    for (String uid : parameters.list(IptablesParameter.PROXY_UID)) {
      selfCalls("--uid-owner " + uid, sparesDns ? sparingDns() : sparingTunnel());
    }
    for (String gid : parameters.list(IptablesParameter.PROXY_GID)) {
      selfCalls("--gid-owner " + gid, sparingTunnel());
    }
  }

  private void excludePorts() {
    for (String port : parameters.list(IptablesParameter.OUTBOUND_PORTS_EXCLUDE)) {
      add("-p tcp --dport " + port + " -j RETURN");
      if (preset.has(RuleChange.ALL_PROTOCOLS)) {
        add("-p udp --dport " + port + " -j RETURN");
      }
    }
  }

  private void selfCalls(String owner, String spared) {
    String elsewhere = "-o lo ! -d " + family.loopback() + spared;
    add(elsewhere + " -m owner " + owner + " -j ISTIO_IN_REDIRECT");
    if (!capturesLoopback()) {
      String tcp = sparesDns ? " -p tcp ! --dport 53" : "";
      add("-o lo" + tcp + " -m owner ! " + owner + " -j RETURN");
    }
    add("-m owner " + owner + " -j RETURN");
  }

  /**
   * Whether an included range starts at a loopback address; one of either family counts for both,
   * but for the separate IPv6 rules of old.
   */
  private boolean capturesLoopback() {
    return symmetric() && includesLoopback(parameters, preset);
  }

  static boolean includesLoopback(IptablesParameters parameters, RulePreset preset) {
    return parameters.list(IptablesParameter.OUTBOUND_RANGES_INCLUDE).stream()
        .flatMap(range -> AddressBlock.of(range, preset).stream())
        .anyMatch(block -> block.address().isLoopback());
  }

  private boolean symmetric() {
    return !family.v6() || preset.has(RuleChange.SYMMETRIC_FAMILIES);
  }

  private String sparingTunnel() {
    String tunnel = parameters.text(IptablesParameter.INBOUND_TUNNEL_PORT);
    return preset.has(RuleChange.TUNNEL_SPARED) ? " -p tcp ! --dport " + tunnel : "";
  }

  private String sparingDns() {
    String tunnel = parameters.text(IptablesParameter.INBOUND_TUNNEL_PORT);
    return preset.has(RuleChange.TUNNEL_SPARED)
        ? " -p tcp -m multiport ! --dports 53," + tunnel
        : " -p tcp ! --dport 53";
  }

  void ownerGroups() {
    ownerGroups(parameters).forEach(match -> add(match + "-j RETURN"));
  }

  /** The matches of programs whose group keeps them off the capture, each with a space behind. */
  static ImmutableList<String> ownerGroups(IptablesParameters parameters) {
    if (parameters.isWildcard(IptablesParameter.OWNER_GROUPS_INCLUDE)) {
      return parameters.list(IptablesParameter.OWNER_GROUPS_EXCLUDE).stream()
          .map(group -> "-m owner --gid-owner " + group + " ")
          .collect(ImmutableList.toImmutableList());
    }
    StringBuilder none = new StringBuilder();
    for (String group : parameters.list(IptablesParameter.OWNER_GROUPS_INCLUDE)) {
      none.append("-m owner ! --gid-owner ").append(group).append(' ');
    }
    return ImmutableList.of(none.toString());
  }

  void ranges() {
    add("-d " + family.loopback() + " -j RETURN");
    blocks(IptablesParameter.OUTBOUND_RANGES_EXCLUDE)
        .forEach(block -> add("-d " + block + " -j RETURN"));
    if (!family.v6() || preset.has(RuleChange.PORTS_ON_IPV6)) {
      for (String port : parameters.list(IptablesParameter.OUTBOUND_PORTS_INCLUDE)) {
        add("-p tcp --dport " + port + " -j ISTIO_REDIRECT");
      }
    }
    if (parameters.isWildcard(IptablesParameter.OUTBOUND_RANGES_INCLUDE)) {
      add("-j ISTIO_REDIRECT");
      captureVirtualMachines("", symmetric() ? "ISTIO_REDIRECT" : "RETURN");
    } else {
      listedRanges();
    }
  }

  private void listedRanges() {
    ImmutableList<String> blocks = blocks(IptablesParameter.OUTBOUND_RANGES_INCLUDE);
    for (String block : blocks) {
      captureVirtualMachines(" -d " + block, "ISTIO_REDIRECT");
      add("-d " + block + " -j ISTIO_REDIRECT");
    }
    if (!preset.has(RuleChange.OPEN_RANGES) && !blocks.isEmpty()) {
      add("-j RETURN");
    }
  }

  private ImmutableList<String> blocks(IptablesParameter ranges) {
    return family.blocks(parameters.list(ranges), preset);
  }

  private void captureVirtualMachines(String destination, String target) {
    for (String name : parameters.list(IptablesParameter.VIRTUAL_INTERFACES)) {
      String rule = "-i " + name + destination + " -j " + target;
      script.insert(InterfaceRules.VIRTUAL_EVENT, "nat", "PREROUTING", 1, rule);
    }
  }

  private void add(String rule) {
    script.append("nat", OUTPUT, rule);
  }
}
