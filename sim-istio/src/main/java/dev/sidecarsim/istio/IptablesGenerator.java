package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;

/** What istio-iptables of one version makes of its parameters. */
final class IptablesGenerator {

  private final RulePreset preset;

  IptablesGenerator(RulePreset preset) {
    this.preset = preset;
  }

  RedirectRules generate(IptablesParameters asked) {
    IptablesParameters parameters = asked.without(preset.unknown());
    RuleScript ipv4 = script(parameters, RuleFamily.ipv4(parameters));
    if (!parameters.isTrue(IptablesParameter.ENABLE_IPV6)) {
      return new RedirectRules(ipv4.tables(), ImmutableMap.of());
    }
    RuleScript ipv6 = script(parameters, RuleFamily.ipv6(parameters));
    return new RedirectRules(ipv4.tables(), ipv6.tables());
  }

  /** The steps of {@code IptablesConfigurator.Run} in tools/istio-iptables, in their order. */
  private RuleScript script(IptablesParameters parameters, RuleFamily family) {
    RuleScript script = new RuleScript();
    boolean full = preset.symmetricFamilies() || !family.v6();
    InterfaceRules interfaces = new InterfaceRules(parameters, script);
    if (full) {
      interfaces.excludeInterfaces();
    }
    interfaces.sparePodInternalInterfaces();
    InboundRules inbound = new InboundRules(parameters, preset, family, script);
    if (full) {
      inbound.dropInvalid();
    }
    inbound.chains();
    inbound.capture(full && parameters.tproxy());
    DnsRules dns = new DnsRules(parameters, preset, family, script);
    boolean redirectsDns = full && parameters.isTrue(IptablesParameter.REDIRECT_DNS);
    OutboundRules outbound = new OutboundRules(parameters, preset, family, script, redirectsDns);
    outbound.selfCalls();
    if (full) {
      outbound.ownerGroups();
    }
    if (redirectsDns) {
      dns.jump();
      dns.tcp();
    }
    outbound.ranges(full);
    if (redirectsDns) {
      dns.udp();
    }
    if (full && parameters.tproxy()) {
      inbound.tproxyMarks();
    }
    return script;
  }
}
