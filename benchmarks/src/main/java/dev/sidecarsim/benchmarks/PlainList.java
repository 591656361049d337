package dev.sidecarsim.benchmarks;

import dev.sidecarsim.classify.BoxIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The plain matcher for a list of rules: conditions in a list, the first rule as an Optional. */
final class PlainList implements BoxIndex {

  private record Rule(int number, List<PlainRules.Condition> conditions) {}

  private final List<Rule> rules = new ArrayList<>();

  PlainList(RuleList list) {
    for (int[] bounds : list.rules()) {
      List<PlainRules.Condition> conditions = new ArrayList<>();
      conditions.add(new PlainRules.Source(bounds[0], ~(bounds[0] ^ bounds[1])));
      conditions.add(new PlainRules.Destination(bounds[2], ~(bounds[2] ^ bounds[3])));
      conditions.add(new PlainRules.Protocol(bounds[4] == 6 ? "tcp" : "udp"));
      conditions.add(new PlainRules.SourcePort(bounds[6], bounds[7]));
      conditions.add(new PlainRules.DestinationPort(bounds[8], bounds[9]));
      rules.add(new Rule(rules.size(), conditions));
    }
  }

  @Override
  public int next(int[] words, int at, int from) {
    String protocol = words[at + 2] == 6 ? "tcp" : "udp";
    PlainPacket packet =
        new PlainPacket(
            words[at], words[at + 1], protocol, words[at + 3], words[at + 4], "", "", 0, 0);
    return first(packet, from).map(Rule::number).orElse(NONE);
  }

  private Optional<Rule> first(PlainPacket packet, int from) {
    for (Rule rule : from == 0 ? rules : rules.subList(from, rules.size())) {
      if (matches(rule, packet)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  private static boolean matches(Rule rule, PlainPacket packet) {
    for (PlainRules.Condition condition : rule.conditions()) {
      if (!condition.matches(packet)) {
        return false;
      }
    }
    return true;
  }
}
