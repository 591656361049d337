package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The options that iptables itself has, by letter and long names; matches and targets bring more.
 */
enum BasicOption {
  APPEND('A', Argument.NEEDED, "append"),
  DELETE('D', Argument.NEEDED, "delete"),
  CHECK('C', Argument.NEEDED, "check"),
  INSERT('I', Argument.NEEDED, "insert"),
  REPLACE('R', Argument.NEEDED, "replace"),
  LIST('L', Argument.POSSIBLE, "list"),
  LIST_RULES('S', Argument.POSSIBLE, "list-rules"),
  FLUSH('F', Argument.POSSIBLE, "flush"),
  ZERO('Z', Argument.POSSIBLE, "zero"),
  NEW_CHAIN('N', Argument.NEEDED, "new-chain"),
  DELETE_CHAIN('X', Argument.POSSIBLE, "delete-chain"),
  RENAME_CHAIN('E', Argument.NEEDED, "rename-chain"),
  POLICY('P', Argument.NEEDED, "policy"),
  SOURCE('s', Argument.NEEDED, "source", "src"),
  DESTINATION('d', Argument.NEEDED, "destination", "dst"),
  PROTOCOL('p', Argument.NEEDED, "protocol"),
  IN('i', Argument.NEEDED, "in-interface"),
  OUT('o', Argument.NEEDED, "out-interface"),
  FRAGMENT('f', Argument.NONE, "fragments"),
  MATCH('m', Argument.NEEDED, "match"),
  JUMP('j', Argument.NEEDED, "jump"),
  GOTO('g', Argument.NEEDED, "goto"),
  COUNTERS('c', Argument.NEEDED, "set-counters"),
  IPV4('4', Argument.NONE, "ipv4"),
  IPV6('6', Argument.NONE, "ipv6"),
  TABLE('t', Argument.NEEDED, "table"),
  MODPROBE('M', Argument.NEEDED, "modprobe"),
  VERBOSE('v', Argument.NONE, "verbose"),
  NUMERIC('n', Argument.NONE, "numeric"),
  EXACT('x', Argument.NONE, "exact"),
  LINE_NUMBERS('0', Argument.NONE, "line-numbers"),
  WAIT('w', Argument.POSSIBLE, "wait"),
  WAIT_INTERVAL('W', Argument.POSSIBLE, "wait-interval"),
  VERSION('V', Argument.NONE, "version"),
  HELP('h', Argument.POSSIBLE, "help");

  /** Whether a word belongs to the option. */
  enum Argument {
    NONE,
    /** Only when joined to it; commands look at the next word themselves. */
    POSSIBLE,
    NEEDED
  }

  private final char letter;
  private final Argument argument;
  private final ImmutableList<String> names;

  BasicOption(char letter, Argument argument, String... names) {
    this.letter = letter;
    this.argument = argument;
    this.names = ImmutableList.copyOf(names);
  }

  static @Nullable BasicOption of(char letter) {
    for (BasicOption option : values()) {
      if (option.letter == letter && option != LINE_NUMBERS) {
        return option;
      }
    }
    return null;
  }

  Argument argument() {
    return argument;
  }

  boolean named(String word) {
    return names.stream().anyMatch(name -> word.equals("--" + name));
  }

  boolean startsWith(String word) {
    return names.stream().anyMatch(name -> ("--" + name).startsWith(word));
  }

  /** Whether it says what is to be done, rather than to what. */
  boolean isCommand() {
    return compareTo(POLICY) <= 0;
  }

  /** Whether it is a part of a rule. */
  boolean describesRule() {
    return (compareTo(SOURCE) >= 0 && compareTo(FRAGMENT) <= 0) || this == JUMP || this == GOTO;
  }

  @Override
  public String toString() {
    return this == LINE_NUMBERS ? "--" + names.get(0) : String.format(Locale.ROOT, "-%c", letter);
  }
}
