package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Netfilter;
import dev.sidecarsim.netfilter.RulesetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A rule set and the packets put to it: one line of {@code netfilter eval}.
 *
 * <p>{@code ruleset} holds the rules for IPv4, {@code ruleset6} those for IPv6.
 *
 * <p>Each packet meets an empty connection table, unless its {@code ct} says otherwise.
 */
public final class NetfilterCase {

  /**
   * The answer to a case.
   *
   * @param json what is printed
   * @param unknown whether something not modelled decided about a packet
   * @param remarks lines of the rule set that were read in another way than they stand there
   */
  public record Answer(JsonObject json, boolean unknown, ImmutableList<String> remarks) {}

  private NetfilterCase() {}

  /**
   * Answers a case.
   *
   * @param lenient whether the rule set is read as people read it, not as iptables-restore does
   * @throws dev.sidecarsim.json.InputException if the line is no case
   */
  public static Answer answer(JsonObject line, boolean lenient) {
    return answer(line, lenient, rules -> {});
  }

  /** The same, with something done to the rules before the first packet comes. */
  static Answer answer(JsonObject line, boolean lenient, Consumer<Netfilter> prepare) {
    Json id = line.get("id").orElse(Json.nothing());
    CaseHost host = new CaseHost(line.objectOrEmpty("env"));
    List<CasePacket> packets = new ArrayList<>();
    for (Json json : line.array("packets")) {
      packets.add(host.packet(json));
    }
    ImmutableList<String> remarks;
    try {
      remarks =
          ImmutableList.<String>builder()
              .addAll(host.load(Family.IPV4, line.string("ruleset", ""), lenient))
              .addAll(host.load(Family.IPV6, line.string("ruleset6", ""), lenient))
              .build();
    } catch (RulesetException e) {
      String error = "ruleset: " + e.getMessage();
      JsonObject refused = Json.object().put("id", id).put("error", Json.of(error)).build();
      return new Answer(refused, false, ImmutableList.of());
    }
    host.prepare(prepare);
    return verdicts(id, host, packets, remarks);
  }

  private static Answer verdicts(
      Json id, CaseHost host, List<CasePacket> packets, ImmutableList<String> remarks) {
    List<Json> verdicts = new ArrayList<>();
    boolean unknown = false;
    CaseTracer open = null;
    for (int i = 0; i < packets.size(); i++) {
      CasePacket packet = packets.get(i);
      CaseTracer tracer = new CaseTracer(packet.packet());
      host.put(packet, tracer);
      if (open != null && packet.known() == CasePacket.Known.KEEP) {
        // what conntrack keeps of a packet whose fate is unknown is unknown too
        verdicts.add(open.unknownVerdict(i));
        continue;
      }
      verdicts.add(tracer.verdict(i, host.connectionMark(packet.packet())));
      unknown |= tracer.isUnknown();
      open = tracer.isUnknown() ? tracer : null;
    }
    JsonObject answer = Json.object().put("id", id).put("verdicts", Json.array(verdicts)).build();
    return new Answer(answer, unknown, remarks);
  }
}
