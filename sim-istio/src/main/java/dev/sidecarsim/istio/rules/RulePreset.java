package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.sidecarsim.istio.version.IstioVersion;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a version's istio-iptables writes.
 *
 * @param changes the changes that it has
 * @param unknown the parameters that it does not look at
 */
public record RulePreset(
    ImmutableSet<RuleChange> changes, ImmutableSet<IptablesParameter> unknown) {

  public static RulePreset of(IstioVersion version) {
    return new RulePreset(
        Arrays.stream(RuleChange.values())
            .filter(change -> change.in(version))
            .collect(Sets.toImmutableEnumSet()),
        Arrays.stream(IptablesParameter.values())
            .filter(parameter -> !parameter.in(version))
            .collect(Sets.toImmutableEnumSet()));
  }

  /** Each change, and whether this has it; each parameter, and whether this looks at it. */
  public ImmutableMap<String, Object> choices() {
    ImmutableMap.Builder<String, Object> all = ImmutableMap.builder();
    for (RuleChange change : RuleChange.values()) {
      all.put(name(change), changes.contains(change));
    }
    for (IptablesParameter parameter : IptablesParameter.values()) {
      all.put(name(parameter), !unknown.contains(parameter));
    }
    return all.buildOrThrow();
  }

  /** This with one choice of another. */
  public RulePreset with(String choice, RulePreset from) {
    return new RulePreset(
        one(RuleChange.values(), choice, changes, from.changes),
        one(IptablesParameter.values(), choice, unknown, from.unknown));
  }

  private static <E extends Enum<E>> ImmutableSet<E> one(
      E[] all, String choice, ImmutableSet<E> ours, ImmutableSet<E> theirs) {
    return Arrays.stream(all)
        .filter(each -> (name(each).equals(choice) ? theirs : ours).contains(each))
        .collect(Sets.toImmutableEnumSet());
  }

  private static String name(Enum<?> choice) {
    String kind = choice instanceof RuleChange ? "rules " : "parameter ";
    return kind + choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public boolean has(RuleChange change) {
    return changes.contains(change);
  }

  /** What it makes of parameters of which it does not know some. */
  public IptablesParameters known(IptablesParameters asked) {
    return asked.without(unknown);
  }
}
