package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A kind of match or target: its options and what becomes of them.
 *
 * @param name as {@code -m} or {@code -j} names it
 * @param specs its options
 * @param build makes the match or target of the options that a rule gave
 */
record Extension<T>(String name, ImmutableList<OptionSpec> specs, Function<Options, T> build) {

  static <T> Extension<T> of(String name, Function<Options, T> build, OptionSpec... specs) {
    return new Extension<>(name, ImmutableList.copyOf(specs), build);
  }

  /** The option of exactly this name, or null. */
  @Nullable OptionSpec exact(String word) {
    for (OptionSpec spec : specs) {
      if (spec.named(word)) {
        return spec;
      }
    }
    return null;
  }

  /** The one option that the word abbreviates, or null. */
  @Nullable OptionSpec abbreviated(String word) {
    OptionSpec found = null;
    for (OptionSpec spec : specs) {
      if (spec.startsWith(word)) {
        if (found != null) {
          return null;
        }
        found = spec;
      }
    }
    return found;
  }
}
