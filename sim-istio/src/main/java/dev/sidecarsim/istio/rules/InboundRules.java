package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;

/** Rules for what comes into the pod: by REDIRECT in table nat, or by TPROXY in table mangle. */
final class InboundRules {

  private static final String INBOUND = "ISTIO_INBOUND";

  /** The mark of the proxy's calls to its own pod, beside the mark of captured packets. */
  static final String SELF_CALL_MARK = "1338";

  private final IptablesParameters parameters;
  private final RulePreset preset;
  private final RuleFamily family;
  private final RuleScript script;
  private final String mark;

  InboundRules(
      IptablesParameters parameters, RulePreset preset, RuleFamily family, RuleScript script) {
    this.parameters = parameters;
    this.preset = preset;
    this.family = family;
    this.script = script;
    this.mark = parameters.text(IptablesParameter.TPROXY_MARK);
  }

  void dropInvalid() {
    if (!parameters.isTrue(IptablesParameter.DROP_INVALID)) {
      return;
    }
    String target = preset.has(RuleChange.ONLY_OWN_CHAINS) ? "ISTIO_DROP" : "DROP";
    script.append("mangle", "PREROUTING", "-m conntrack --ctstate INVALID -j " + target);
    if (preset.has(RuleChange.ONLY_OWN_CHAINS)) {
      script.append("mangle", "ISTIO_DROP", "-j DROP");
    }
  }

  void spareTunnel() {
    String tunnel = parameters.text(IptablesParameter.INBOUND_TUNNEL_PORT);
    script.append("nat", INBOUND, "-p tcp --dport " + tunnel + " -j RETURN");
  }

  void redirections() {
    script.append("nat", "ISTIO_REDIRECT", redirect(IptablesParameter.PROXY_PORT));
    script.append(
        "InboundCapture",
        "nat",
        "ISTIO_IN_REDIRECT",
        redirect(IptablesParameter.INBOUND_CAPTURE_PORT));
  }

  private String redirect(IptablesParameter port) {
    return "-p tcp -j REDIRECT --to-ports " + parameters.text(port);
  }

  void capture(boolean tproxy) {
    if (parameters.isEmpty(IptablesParameter.INBOUND_PORTS_INCLUDE)) {
      return;
    }
    String table = tproxy ? "mangle" : "nat";
    if (tproxy) {
      tproxyChains();
    }
    script.append("JumpInbound", table, "PREROUTING", "-p tcp -j " + INBOUND);
    if (parameters.isWildcard(IptablesParameter.INBOUND_PORTS_INCLUDE)) {
      spareExcludedPorts(table);
      take("-p tcp", tproxy).forEach(rule -> script.append(table, INBOUND, rule));
    } else {
      for (String port : parameters.list(IptablesParameter.INBOUND_PORTS_INCLUDE)) {
        take("-p tcp --dport " + port, tproxy)
            .forEach(rule -> script.append("IncludeInboundPort", table, INBOUND, rule));
      }
    }
  }

  private void spareExcludedPorts(String table) {
    if (!preset.has(RuleChange.SSH_CAPTURED)) {
      sparePort(table, "22");
    }
    for (String port : parameters.list(IptablesParameter.INBOUND_PORTS_EXCLUDE)) {
      sparePort(table, port);
    }
  }

  private void sparePort(String table, String port) {
    script.append("ExcludeInboundPort", table, INBOUND, "-p tcp --dport " + port + " -j RETURN");
  }

  private static ImmutableList<String> take(String match, boolean tproxy) {
    if (!tproxy) {
      return ImmutableList.of(match + " -j ISTIO_IN_REDIRECT");
    }
    String established = " -m conntrack --ctstate RELATED,ESTABLISHED";
    return ImmutableList.of(match + established + " -j ISTIO_DIVERT", match + " -j ISTIO_TPROXY");
  }

  private void tproxyChains() {
    script.append("mangle", "ISTIO_DIVERT", "-j MARK --set-mark " + mark);
    script.append("mangle", "ISTIO_DIVERT", "-j ACCEPT");
    String port = parameters.text(IptablesParameter.INBOUND_CAPTURE_PORT);
    String target = " -p tcp -j TPROXY --tproxy-mark " + mark + "/0xffffffff --on-port " + port;
    script.append("mangle", "ISTIO_TPROXY", "! -d " + family.loopback() + target);
  }

  /** Keeps answers of captured connections, and calls of the pod to itself, off the capture. */
  void tproxyMarks() {
    if (!preset.has(RuleChange.TPROXY_CALLERS_ADDRESS)) {
      String answers = "-p tcp -s 127.0.0.1/32 ! -d 127.0.0.1/32";
      script.append("mangle", "OUTPUT", answers + " -j MARK --set-mark " + mark);
      return;
    }
    String marked = "-p tcp -m mark --mark " + mark;
    script.append("mangle", "PREROUTING", marked + " -j CONNMARK --save-mark");
    if (preset.has(RuleChange.TPROXY_SELF_CALLS)) {
      script.append("mangle", "OUTPUT", "-p tcp -o lo -m mark --mark " + mark + " -j RETURN");
      parameters
          .list(IptablesParameter.PROXY_UID)
          .forEach(uid -> markSelfCalls("--uid-owner " + uid));
      parameters
          .list(IptablesParameter.PROXY_GID)
          .forEach(gid -> markSelfCalls("--gid-owner " + gid));
    }
    String restored = "-p tcp -m connmark --mark " + mark + " -j CONNMARK --restore-mark";
    script.append("mangle", "OUTPUT", restored);
    script.insert("mangle", INBOUND, 1, marked + " -j RETURN");
    if (preset.has(RuleChange.TPROXY_SELF_CALLS)) {
      String source = "-p tcp -s " + family.passthroughSource() + " -i lo -j RETURN";
      script.insert("mangle", INBOUND, 2, source);
      String others = "-p tcp -i lo -m mark ! --mark " + SELF_CALL_MARK + " -j RETURN";
      script.insert("mangle", INBOUND, 3, others);
    }
  }

  private void markSelfCalls(String owner) {
    String match = "! -d " + family.loopback() + " -p tcp -o lo -m owner " + owner;
    script.append("mangle", "OUTPUT", match + " -j MARK --set-mark " + SELF_CALL_MARK);
  }
}
