package dev.sidecarsim.host;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.netfilter.Conntrack;
import dev.sidecarsim.netfilter.Family;
import java.util.ArrayList;
import java.util.List;

/** A case whose rules change while its packets come. */
public final class CaseSession {

  private final CaseHost host;
  private final List<Conntrack> tracking = new ArrayList<>();
  private int packets;

  public CaseSession(JsonObject env) {
    host = new CaseHost(env);
    host.prepare(rules -> tracking.add(rules.conntrack()));
  }

  /** Puts other rules in the place of those in force. */
  public void load(boolean v6, String rules) {
    host.load(v6 ? Family.IPV6 : Family.IPV4, rules, false);
  }

  /** The verdict on one packet. */
  public JsonObject put(JsonObject json) {
    CasePacket packet = host.packet(json);
    CaseTracer tracer = new CaseTracer(packet.packet());
    host.put(packet, tracer);
    return tracer.verdict(packets++, host.connectionMark(packet.packet()));
  }

  /** What {@code /proc/net/nf_conntrack} would show. */
  public String connections() {
    return tracking.get(0).proc();
  }
}
