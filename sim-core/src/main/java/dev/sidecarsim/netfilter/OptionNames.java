package dev.sidecarsim.netfilter;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the option that a long name stands for, as getopt_long() does: the one of exactly this
 * name, or the only one that begins so. iptables asks in this order: its own options, then those of
 * matches and targets, the newest first.
 */
final class OptionNames {

  /**
   * What a name stands for: an option of iptables itself, or one of a match or target.
   *
   * @param basic iptables' own, or null
   * @param owner the match or target, or null
   * @param spec its option, or null
   */
  record Named(
      @Nullable BasicOption basic, @Nullable LoadedOptions owner, @Nullable OptionSpec spec) {}

  private final List<LoadedOptions> loaded;

  OptionNames(List<LoadedOptions> loaded) {
    this.loaded = loaded;
  }

  /** The option of this name, dashes included; null if there is none or several begin so. */
  @Nullable Named find(String word) {
    Named exact = exact(word);
    if (exact != null) {
      return exact;
    }
    List<Named> beginnings = beginnings(word);
    return beginnings.size() == 1 ? beginnings.get(0) : null;
  }

  private @Nullable Named exact(String word) {
    for (BasicOption option : BasicOption.values()) {
      if (option.named(word)) {
        return new Named(option, null, null);
      }
    }
    for (LoadedOptions one : Lists.reverse(newestByName())) {
      for (OptionSpec spec : one.specs()) {
        if (spec.named(word)) {
          return new Named(null, one, spec);
        }
      }
    }
    return null;
  }

  private List<Named> beginnings(String word) {
    List<Named> found = new ArrayList<>();
    for (BasicOption option : BasicOption.values()) {
      if (option.startsWith(word)) {
        found.add(new Named(option, null, null));
      }
    }
    for (LoadedOptions one : newestByName()) {
      for (OptionSpec spec : one.specs()) {
        if (spec.startsWith(word)) {
          found.add(new Named(null, one, spec));
        }
      }
    }
    return found;
  }

  /**
   * Of several matches with one name the last, at the place of the first: libxtables adds the
   * options of a match once.
   */
  private List<LoadedOptions> newestByName() {
    Map<String, LoadedOptions> byName = new LinkedHashMap<>();
    loaded.forEach(one -> byName.put((one.isTarget() ? "-j " : "-m ") + one.name(), one));
    return List.copyOf(byName.values());
  }
}
