package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.netfilter.DeadRules;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.MissTracer;
import dev.sidecarsim.netfilter.Ruleset;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Step;

/**
 * One packet's way through a rule set, with every rule that it passed over and why.
 *
 * @param verdict the verdict, as {@code netfilter eval} prints it
 * @param steps each hook, rule, rewrite and route in order
 * @param counters the rule set as {@code iptables-save -c} prints it afterwards
 * @param dead rules that no packet can meet
 * @param remarks lines that were read in another way than they stand there
 * @param unknown whether something not modelled decided
 */
public record NetfilterStory(
    JsonObject verdict,
    ImmutableList<String> steps,
    String counters,
    ImmutableList<String> dead,
    ImmutableList<String> remarks,
    boolean unknown) {

  /** Takes steps down, and hands them on to what makes the verdict. */
  private static final class Notes implements MissTracer {
    private final CaseTracer verdict;
    private final ImmutableList.Builder<String> steps = ImmutableList.builder();

    Notes(CaseTracer verdict) {
      this.verdict = verdict;
    }

    @Override
    public boolean on() {
      return true;
    }

    @Override
    public void step(Step step) {
      steps.add(step.text());
      verdict.step(step);
    }

    @Override
    public void cause(Cause cause) {}
  }

  /**
   * Sends one packet through a rule set as people find it on servers.
   *
   * @param env the host, as in a case of {@code netfilter eval}
   * @param rules text of iptables-save or, for a packet of IPv6, of ip6tables-save
   * @param packet the packet, as in a case of {@code netfilter eval}
   * @throws dev.sidecarsim.json.InputException if env or packet cannot be read
   * @throws dev.sidecarsim.netfilter.RulesetException if the rules cannot be read
   */
  public static NetfilterStory of(JsonObject env, String rules, Json packet) {
    CaseHost host = new CaseHost(env);
    CasePacket sent = host.packet(packet);
    Family family = sent.packet().src().v6() ? Family.IPV6 : Family.IPV4;
    ImmutableList<String> remarks = host.load(family, rules, true);
    CaseTracer verdict = new CaseTracer(sent.packet());
    Notes notes = new Notes(verdict);
    host.put(sent, notes);
    return new NetfilterStory(
        verdict.verdict(0, host.connectionMark(sent.packet())),
        notes.steps.build(),
        host.counters(family),
        DeadRules.of(Ruleset.dump(family, rules)),
        remarks,
        verdict.isUnknown());
  }
}
