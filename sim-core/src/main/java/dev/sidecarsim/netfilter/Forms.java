package dev.sidecarsim.netfilter;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How iptables reads and prints the values of options: the common forms. */
final class Forms {

  private Forms() {}

  /** As it was given. */
  static Unmodelled.Form given() {
    return words -> String.join(" ", words.stream().map(Quoting::quoteBlanks).toList());
  }

  /**
   * A string, in quotes where it needs some.
   *
   * @param size the bytes that libxtables has for it, a final zero included; it cuts off the rest
   */
  static Unmodelled.Form string(int size) {
    return words -> Quoting.quote(cut(words.get(0), size));
  }

  /** The same, printed as it is, even if it could not be read again then. */
  static Unmodelled.Form bare(int size) {
    return words -> cut(words.get(0), size);
  }

  static String cut(String text, int size) {
    return text.substring(0, Math.min(size - 1, text.length()));
  }

  /** A string that is printed in quotes whatever it holds. */
  static Unmodelled.Form quoted() {
    return words -> '"' + words.get(0).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** A number, printed in decimals. */
  static Unmodelled.Form number(long min, long max) {
    return words -> Long.toUnsignedString(number(words.get(0), min, max));
  }

  private static long number(String word, long min, long max) {
    return Numbers.parse("value", word, word, min, max);
  }

  /** A number with perhaps a mask, printed as {@code 0x1/0xff}. */
  static Unmodelled.Form masked() {
    return words -> MaskedValue.parse("value", words.get(0), words.get(0)).toString();
  }

  /** The same; iproute2's name for 0 alone is read and printed. */
  static Unmodelled.Form maskedOr(String zero) {
    return words -> {
      String word = words.get(0).equals(zero) ? "0" : words.get(0);
      MaskedValue value = MaskedValue.parse("value", word, word);
      return value.value() == 0 && value.mask() == -1 ? zero : value.toString();
    };
  }

  /** {@code 5}, {@code 5:9}, {@code 5:} or {@code :9}. */
  static Unmodelled.Form range(long max) {
    return words -> range(words, max).toString();
  }

  /** The same, left out if it covers everything. */
  static Unmodelled.Form partialRange(long max) {
    return words -> {
      NumberRange range = range(words, max);
      return range.min() == 0 && range.max() == max ? null : range.toString();
    };
  }

  /** The same in order. */
  static Unmodelled.Form orderedRange(long max) {
    return words -> {
      NumberRange range = range(words, max);
      if (range.isReversed()) {
        throw new BadRule("the range " + words.get(0) + " is reversed");
      }
      return range.toString();
    };
  }

  private static NumberRange range(ImmutableList<String> words, long max) {
    return NumberRange.parse("range", words.get(0), words.get(0), max);
  }

  /** One of some words. */
  static Unmodelled.Form oneOf(String... allowed) {
    return words -> one(words.get(0), String::equals, allowed);
  }

  /** One of some words, in any case. */
  static Unmodelled.Form oneOfAnyCase(String... allowed) {
    return words -> one(words.get(0), String::equalsIgnoreCase, allowed);
  }

  private static String one(String word, BiPredicate<String, String> same, String... allowed) {
    for (String candidate : allowed) {
      if (same.test(candidate, word)) {
        return candidate;
      }
    }
    throw new BadRule("`" + word + "' is none of " + Joiner.on(", ").join(allowed));
  }

  /** Any of some words behind commas, printed in the order of the list. */
  static Unmodelled.Form anyOf(String... allowed) {
    return words -> any(words.get(0), String::equals, allowed);
  }

  /** The same in any case, of which there may be none. */
  static Unmodelled.Form anyOfAnyCase(String... allowed) {
    CharMatcher comma = CharMatcher.is(',');
    return words -> {
      String list = comma.trimAndCollapseFrom(words.get(0), ',');
      return list.isEmpty() ? "" : any(list, String::equalsIgnoreCase, allowed);
    };
  }

  private static String any(String list, BiPredicate<String, String> same, String... allowed) {
    List<String> given = new ArrayList<>();
    for (String word : Splitter.on(',').split(list)) {
      given.add(one(word, same, allowed));
    }
    return Stream.of(allowed).filter(given::contains).collect(Collectors.joining(","));
  }

  /** A number of which only some bits are kept. */
  static Unmodelled.Form lowBits(int mask) {
    return words -> Long.toString(number(words.get(0), 0, Numbers.U32) & mask);
  }

  /** A class of traffic control, {@code 0001:0010}, as sscanf() of C reads it. */
  static Unmodelled.Form trafficClass() {
    return words -> {
      String word = words.get(0);
      CNumber major = CNumber.read(word, 0, 16);
      boolean colon = major.end() >= 0 && word.startsWith(":", major.end());
      CNumber minor = CNumber.read(word, colon ? major.end() + 1 : word.length(), 16);
      if (minor.end() < 0) {
        throw new BadRule("Bad class value \"" + word + "\"; write one such as 1:10");
      }
      return String.format(Locale.ROOT, "%04x:%04x", half(major), half(minor));
    };
  }

  private static long half(CNumber number) {
    return (number.negative() ? -number.value() : number.value()) & 0xffff;
  }

  /** Refuses two options that exclude each other. */
  static void exclude(Options options, String one, String other) {
    if (options.has(one) && options.has(other)) {
      throw new BadRule(
          options.owner()
              + ": option \""
              + one
              + "\" cannot be used together with \""
              + other
              + "\"");
    }
  }

  /** Refuses a rule that gives neither of two options. */
  static void needOneOf(Options options, String one, String other) {
    if (!options.has(one) && !options.has(other)) {
      throw new BadRule(options.owner() + ": " + one + " or " + other + " must be given");
    }
  }

  /** Refuses an option without another one that it needs. */
  static void require(Options options, String option, String needed) {
    if (options.has(option) && !options.has(needed)) {
      throw new BadRule(
          options.owner() + ": option \"" + option + "\" also requires \"" + needed + "\"");
    }
  }
}
