package dev.sidecarsim.istio.rules;

import static dev.sidecarsim.istio.rules.NftGenerator.DIVERT;
import static dev.sidecarsim.istio.rules.NftGenerator.DROP;
import static dev.sidecarsim.istio.rules.NftGenerator.INBOUND;
import static dev.sidecarsim.istio.rules.NftGenerator.IN_REDIRECT;
import static dev.sidecarsim.istio.rules.NftGenerator.MANGLE;
import static dev.sidecarsim.istio.rules.NftGenerator.NAT;
import static dev.sidecarsim.istio.rules.NftGenerator.OUTPUT;
import static dev.sidecarsim.istio.rules.NftGenerator.PREROUTING;
import static dev.sidecarsim.istio.rules.NftGenerator.REDIRECT;
import static dev.sidecarsim.istio.rules.NftGenerator.TCP;
import static dev.sidecarsim.istio.rules.NftGenerator.TPROXY;

import com.google.common.collect.ImmutableList;

/** Rules of nft for what comes into the pod. */
final class NftInboundRules {

  private final IptablesParameters parameters;
  private final ImmutableList<NftFamily> families;
  private final NftScript script;
  private final String mark;

  NftInboundRules(IptablesParameters parameters, NftScript script) {
    this.parameters = parameters;
    this.families = NftFamily.of(parameters);
    this.script = script;
    this.mark = parameters.text(IptablesParameter.TPROXY_MARK);
  }

  /** TCP alone, unlike iptables' rule. */
  void dropInvalid() {
    if (parameters.isTrue(IptablesParameter.DROP_INVALID)) {
      script.append(MANGLE, PREROUTING, TCP + " ct state invalid", "jump " + DROP);
      script.append(MANGLE, DROP, "", "drop");
    }
  }

  void chains() {
    String tunnel = parameters.text(IptablesParameter.INBOUND_TUNNEL_PORT);
    script.append(NAT, INBOUND, TCP + " tcp dport " + tunnel, "return");
    script.append(NAT, REDIRECT, TCP, redirectTo(IptablesParameter.PROXY_PORT));
    script.append(NAT, IN_REDIRECT, TCP, redirectTo(IptablesParameter.INBOUND_CAPTURE_PORT));
  }

  private String redirectTo(IptablesParameter port) {
    return "redirect to :" + parameters.text(port);
  }

  void capture() {
    if (parameters.isEmpty(IptablesParameter.INBOUND_PORTS_INCLUDE)) {
      return;
    }
    if (parameters.tproxy()) {
      tproxyChains();
    }
    String table = parameters.tproxy() ? MANGLE : NAT;
    script.append(table, PREROUTING, TCP, "jump " + INBOUND);
    if (parameters.isWildcard(IptablesParameter.INBOUND_PORTS_INCLUDE)) {
      for (String port : parameters.list(IptablesParameter.INBOUND_PORTS_EXCLUDE)) {
        script.append(table, INBOUND, TCP + " tcp dport " + port, "return");
      }
      take("");
    } else {
      for (String port : parameters.list(IptablesParameter.INBOUND_PORTS_INCLUDE)) {
        take(" tcp dport " + port);
      }
    }
  }

  private void take(String port) {
    if (parameters.tproxy()) {
      String established = TCP + " ct state related,established" + port;
      script.append(MANGLE, INBOUND, established, "jump " + DIVERT);
      script.append(MANGLE, INBOUND, TCP + port, "jump " + TPROXY);
    } else {
      script.append(NAT, INBOUND, TCP + port, "jump " + IN_REDIRECT);
    }
  }

  private void tproxyChains() {
    script.append(MANGLE, DIVERT, "", "meta mark set " + mark);
    script.append(MANGLE, DIVERT, "", "accept");
    String port = parameters.text(IptablesParameter.INBOUND_CAPTURE_PORT);
    for (NftFamily family : families) {
      String target = " tproxy " + family.keyword() + " to :" + port + " meta mark set " + mark;
      script.append(MANGLE, TPROXY, TCP + " " + family.elsewhere() + target, "accept");
    }
  }

  /** What {@link InboundRules#tproxyMarks} says of iptables. */
  void tproxyMarks() {
    String marked = TCP + " mark " + mark;
    script.append(MANGLE, PREROUTING, marked, "ct mark set mark");
    script.append(MANGLE, OUTPUT, "oifname lo " + marked, "return");
    parameters.list(IptablesParameter.PROXY_UID).forEach(uid -> markSelfCalls("skuid " + uid));
    parameters.list(IptablesParameter.PROXY_GID).forEach(gid -> markSelfCalls("skgid " + gid));
    script.append(MANGLE, OUTPUT, TCP + " ct mark " + mark, "meta mark set ct mark");
    script.insert(MANGLE, INBOUND, 0, marked, "return");
    for (NftFamily family : families) {
      String source = family.from(family.addresses().passthroughSource());
      script.insert(MANGLE, INBOUND, 1, "iifname lo " + TCP + " " + source, "return");
    }
    String others = "iifname lo " + TCP + " mark != " + InboundRules.SELF_CALL_MARK;
    script.insert(MANGLE, INBOUND, 2, others, "return");
  }

  private void markSelfCalls(String owner) {
    for (NftFamily family : families) {
      String match = "oifname lo " + TCP + " " + family.elsewhere() + " " + owner;
      script.append(MANGLE, OUTPUT, match, "meta mark set " + InboundRules.SELF_CALL_MARK);
    }
  }
}
