package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Arrays;

/**
 * What a version's istio-iptables writes.
 *
 * @param changes the changes that it has
 * @param unknown the parameters that it does not look at
 */
record RulePreset(ImmutableSet<RuleChange> changes, ImmutableSet<IptablesParameter> unknown) {

  static RulePreset of(IstioVersion version) {
    return new RulePreset(
        Arrays.stream(RuleChange.values())
            .filter(change -> change.in(version))
            .collect(Sets.toImmutableEnumSet()),
        Arrays.stream(IptablesParameter.values())
            .filter(parameter -> !parameter.in(version))
            .collect(Sets.toImmutableEnumSet()));
  }

  boolean has(RuleChange change) {
    return changes.contains(change);
  }

  /** What it makes of parameters of which it does not know some. */
  IptablesParameters known(IptablesParameters asked) {
    return asked.without(unknown);
  }
}
