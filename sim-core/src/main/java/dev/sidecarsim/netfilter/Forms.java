package dev.sidecarsim.netfilter;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How iptables reads and prints the values of options: the common forms. */
final class Forms {

  private Forms() {}

  /** As it was given. */
  static Unmodelled.Form given() {
    return words -> String.join(" ", words.stream().map(Quoting::quoteBlanks).toList());
  }

  /** A string, in quotes where it needs some. */
  static Unmodelled.Form string() {
    return words -> Quoting.quote(words.get(0));
  }

  /** A string that is printed in quotes whatever it holds. */
  static Unmodelled.Form quoted() {
    return words -> '"' + words.get(0).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** A number, printed in decimals. */
  static Unmodelled.Form number(long min, long max) {
    return words -> Long.toString(number(words.get(0), min, max));
  }

  private static long number(String word, long min, long max) {
    return Numbers.parse("value", word, word, min, max);
  }

  /** An address of a machine. */
  static Unmodelled.Form address() {
    return words -> AddressMask.address(words.get(0), words.get(0).indexOf(':') >= 0).toString();
  }

  /** A number with perhaps a mask, printed as {@code 0x1/0xff}. */
  static Unmodelled.Form masked() {
    return words -> MaskedValue.parse("value", words.get(0), words.get(0)).toString();
  }

  /** {@code 5}, {@code 5:9}, {@code 5:} or {@code :9}. */
  static Unmodelled.Form range(long max) {
    return words -> {
      String word = words.get(0);
      int colon = word.indexOf(':');
      if (colon < 0) {
        return Long.toString(number(word, 0, max));
      }
      String from = word.substring(0, colon);
      String to = word.substring(colon + 1);
      long min = from.isEmpty() ? 0 : number(from, 0, max);
      long top = to.isEmpty() ? max : number(to, 0, max);
      return min == top ? Long.toString(min) : min + ":" + top;
    };
  }

  /** The same, left out if it covers everything. */
  static Unmodelled.Form partialRange(long max) {
    Unmodelled.Form range = range(max);
    return words -> {
      String text = range.text(words);
      return ("0:" + max).equals(text) ? null : text;
    };
  }

  /** The same in order. */
  static Unmodelled.Form orderedRange(long max) {
    Unmodelled.Form range = range(max);
    return words -> {
      String text = String.valueOf(range.text(words));
      int colon = text.indexOf(':');
      if (colon > 0
          && Long.parseLong(text.substring(0, colon)) > Long.parseLong(text.substring(colon + 1))) {
        throw new BadRule("the range " + words.get(0) + " is reversed");
      }
      return text;
    };
  }

  /** One of some words, in any case. */
  static Unmodelled.Form oneOf(String... allowed) {
    ImmutableSet<String> known = ImmutableSet.copyOf(allowed);
    return words -> {
      for (String candidate : known) {
        if (candidate.equalsIgnoreCase(words.get(0))) {
          return candidate;
        }
      }
      throw new BadRule("`" + words.get(0) + "' is none of " + Joiner.on(", ").join(known));
    };
  }

  /** Any of some words behind commas, printed in the order of the list. */
  static Unmodelled.Form anyOf(String... allowed) {
    ImmutableList<String> known = ImmutableList.copyOf(allowed);
    return words -> {
      List<String> given = new ArrayList<>();
      for (String word : Splitter.on(',').split(words.get(0))) {
        given.add(oneOf(allowed).text(ImmutableList.of(word)));
      }
      return known.stream().filter(given::contains).reduce((a, b) -> a + "," + b).orElse("");
    };
  }

  /** A class of traffic control, {@code 0001:0010}. */
  static Unmodelled.Form trafficClass() {
    return words -> {
      String word = words.get(0).toLowerCase(Locale.ROOT);
      if (!word.matches("[0-9a-f]+:[0-9a-f]+")) {
        throw new BadRule("Bad class value \"" + words.get(0) + "\"; write one such as 1:10");
      }
      int colon = word.indexOf(':');
      return padded(word.substring(0, colon)) + ":" + padded(word.substring(colon + 1));
    };
  }

  private static String padded(String digits) {
    String full = "000" + digits;
    return full.substring(full.length() - 4);
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
