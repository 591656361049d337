package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableMap;

/** What istio-iptables of one version makes of its parameters. */
public final class IptablesGenerator {

  private final RulePreset preset;

  public IptablesGenerator(RulePreset preset) {
    this.preset = preset;
  }

  /**
   * The rules for a pod.
   *
   * @throws IllegalArgumentException if istio-iptables would give up on a value
   */
  public RedirectRules generate(IptablesParameters asked) {
    IptablesParameters parameters = preset.known(asked);
    ParameterChecks.check(parameters, preset);
    RuleScript ipv4 = script(parameters, RuleFamily.ipv4(parameters));
    if (!parameters.isTrue(IptablesParameter.ENABLE_IPV6)) {
      return new RedirectRules(ipv4.tables(), ImmutableMap.of());
    }
    RuleScript ipv6 = script(parameters, RuleFamily.ipv6(parameters));
    return new RedirectRules(ipv4.tables(), ipv6.tables());
  }

  /** The steps of {@code IptablesConfigurator.Run} in tools/istio-iptables, in their order. */
  private RuleScript script(IptablesParameters parameters, RuleFamily family) {
    RuleScript script = new RuleScript(preset, parameters.isTrue(IptablesParameter.TRACE_LOGGING));
    boolean symmetric = !family.v6() || preset.has(RuleChange.SYMMETRIC_FAMILIES);
    boolean tproxy = symmetric && parameters.tproxy();
    InterfaceRules interfaces = new InterfaceRules(parameters, script);
    if (symmetric) {
      interfaces.excludeInterfaces();
    }
    interfaces.spareVirtualInterfaces();
    InboundRules inbound = new InboundRules(parameters, preset, family, script);
    if (symmetric) {
      inbound.dropInvalid();
    }
    inbound.spareTunnel();
    DnsRules dns = new DnsRules(parameters, preset, family, script);
    dns.amongCaptured();
    inbound.redirections();
    inbound.capture(tproxy);
    outbound(parameters, family, script, dns);
    if (tproxy) {
      inbound.tproxyMarks();
    }
    return script;
  }

  private void outbound(
      IptablesParameters parameters, RuleFamily family, RuleScript script, DnsRules dns) {
    OutboundRules outbound = new OutboundRules(parameters, preset, family, script, dns.sparesTcp());
    outbound.selfCalls();
    outbound.ownerGroups();
    dns.beforeLocalhost();
    outbound.ranges();
    dns.atTheEnd();
  }
}
