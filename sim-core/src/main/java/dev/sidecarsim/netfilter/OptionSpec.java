package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;

/**
 * An option of a match or target.
 *
 * @param name the name that iptables-save prints, with its dashes
 * @param aliases other names
 * @param words how many arguments follow
 * @param negatable whether {@code !} may stand before it
 * @param repeatable whether it may come several times
 */
record OptionSpec(
    String name, ImmutableList<String> aliases, int words, boolean negatable, boolean repeatable) {

  /** An option that takes one argument and may be negated. */
  static OptionSpec match(String name, String... aliases) {
    return new OptionSpec(name, ImmutableList.copyOf(aliases), 1, true, false);
  }

  /** An option that takes one argument. */
  static OptionSpec value(String name, String... aliases) {
    return new OptionSpec(name, ImmutableList.copyOf(aliases), 1, false, false);
  }

  /** An option without argument. */
  static OptionSpec flag(String name) {
    return new OptionSpec(name, ImmutableList.of(), 0, false, false);
  }

  /** An option without argument that may be negated. */
  static OptionSpec negatableFlag(String name) {
    return new OptionSpec(name, ImmutableList.of(), 0, true, false);
  }

  OptionSpec words(int count) {
    return new OptionSpec(name, aliases, count, negatable, repeatable);
  }

  OptionSpec manyTimes() {
    return new OptionSpec(name, aliases, words, negatable, true);
  }

  /** An option of which nothing is known. */
  static OptionSpec strange(String name) {
    return new OptionSpec(name, ImmutableList.of(), 0, true, true);
  }

  boolean named(String word) {
    return name.equals(word) || aliases.contains(word);
  }

  /** Whether the word is the beginning of a name: getopt_long() takes abbreviations. */
  boolean startsWith(String word) {
    return name.startsWith(word) || aliases.stream().anyMatch(a -> a.startsWith(word));
  }
}
