package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.rules.RulePreset;
import dev.sidecarsim.istio.version.IstioVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one version of Istio does: the choices of its istiod, injector and agent, and those of its
 * istio-iptables. One may be given choices of another, to learn which of them decides.
 */
public final class Release {

  private final VersionPreset preset;
  private final RulePreset rules;

  private Release(VersionPreset preset, RulePreset rules) {
    this.preset = preset;
    this.rules = rules;
  }

  /**
   * A choice that two releases make differently.
   *
   * @param name as the preset names it
   * @param before what the one does
   * @param after what the other does
   */
  public record Choice(String name, String before, String after) {
    @Override
    public String toString() {
      return name + ": " + before + " -> " + after;
    }
  }

  public static Release of(IstioVersion version) {
    return new Release(VersionPreset.of(version), RulePreset.of(version));
  }

  VersionPreset preset() {
    return preset;
  }

  RulePreset rules() {
    return rules;
  }

  /** The choices that a later release makes differently, in the order of the presets. */
  public ImmutableList<Choice> unlike(Release later) {
    Map<String, Object> ours = choices();
    ImmutableList.Builder<Choice> unlike = ImmutableList.builder();
    later
        .choices()
        .forEach(
            (name, theirs) -> {
              Object own = Objects.requireNonNull(ours.get(name));
              if (!own.equals(theirs)) {
                unlike.add(new Choice(name, word(own), word(theirs)));
              }
            });
    return unlike.build();
  }

  private static String word(Object value) {
    if (value instanceof Boolean yes) {
      return yes ? "yes" : "no";
    }
    return value
        .toString()
        .replaceFirst("^Optional\\w*\\.empty$", "none")
        .replaceFirst("^Optional\\w*\\[(.*)]$", "$1");
  }

  private Map<String, Object> choices() {
    Map<String, Object> all = new LinkedHashMap<>(Presets.choices(preset));
    all.putAll(rules.choices());
    return all;
  }

  /** This release with one choice of another one. */
  public Release with(Choice choice, Release from) {
    ImmutableMap<String, Object> theirs = Presets.choices(from.preset);
    Object value = theirs.get(choice.name());
    return value == null
        ? new Release(preset, rules.with(choice.name(), from.rules))
        : new Release(Presets.with(preset, choice.name(), value), rules);
  }
}
