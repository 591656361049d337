package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.function.Function;

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
}
