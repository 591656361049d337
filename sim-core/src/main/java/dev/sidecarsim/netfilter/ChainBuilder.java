package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain while the lines of its table are read. */
final class ChainBuilder {

  @Nullable StandardTarget policy;
  Counters counters = Counters.ZERO;
  boolean declared;
  final List<RuleDraft.Made> rules = new ArrayList<>();

  /** Begins with what a chain holds; libiptc forgets what the policy has counted. */
  void fill(Chain old) {
    policy = old.policy();
    declared = old.declared();
    old.rules().forEach(rule -> rules.add(new RuleDraft.Made(rule, null, true)));
  }

  /** Sets the counters of all rules to nothing, as far as the text does not give them itself. */
  void zero() {
    rules.replaceAll(ChainBuilder::zeroed);
  }

  /** Sets one rule's counters to nothing. */
  void zero(int index) {
    rules.set(index, zeroed(rules.get(index)));
  }

  private static RuleDraft.Made zeroed(RuleDraft.Made made) {
    return made.inForce() ? made.with(made.rule().withCounters(Counters.ZERO)) : made;
  }

  /**
   * The finished chain.
   *
   * @throws RulesetException if the kernel refuses one of its rules
   */
  Chain build(String name) {
    ImmutableList.Builder<Rule> built = ImmutableList.builder();
    for (RuleDraft.Made made : rules) {
      if (made.refusal() != null) {
        throw new RulesetException(made.rule().line(), made.refusal());
      }
      built.add(made.rule());
    }
    return new Chain(name, policy, counters, declared, built.build());
  }
}
