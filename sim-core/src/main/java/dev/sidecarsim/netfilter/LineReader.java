package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one command of a restore file, such as {@code -A INPUT -p tcp --dport 80 -j ACCEPT}, and
 * carries it out. Words are taken for options as getopt_long() takes them.
 */
final class LineReader {

  private final TableBuilder table;
  private final int line;
  private final Words words;
  private final RuleDraft draft;
  private final OptionNames names;
  private final Set<BasicOption> given = EnumSet.noneOf(BasicOption.class);
  private @Nullable Command command;
  private boolean not;
  private boolean protocolLoaded;

  /** A line marked for the other family is passed over from there on. */
  private boolean otherFamily;

  LineReader(TableBuilder table, int line, Words words, Counters counters) {
    this.table = table;
    this.line = line;
    this.words = words;
    this.draft = new RuleDraft(table, line, counters);
    this.names = new OptionNames(draft.loaded());
  }

  void run() {
    while (words.hasNext() && !otherFamily) {
      word(words.next());
    }
    if (otherFamily) {
      return;
    }
    if (not) {
      throw new BadRule("nothing follows '!'");
    }
    if (command == null) {
      throw new BadRule("no command specified; a line begins with one such as -A INPUT");
    }
    command.check(given);
    command.run(table, draft);
  }

  private void word(String word) {
    if (word.equals("!")) {
      if (not) {
        throw new BadRule("multiple consecutive '!' are not allowed");
      }
      not = true;
      return;
    }
    if (word.startsWith("--")) {
      longOption(word);
    } else if (word.startsWith("-") && word.length() > 1) {
      letters(word);
    } else {
      throw new BadRule(
          "Bad argument `" + word + "'" + (not ? "; '!' stands before an option" : ""));
    }
    not = false;
  }

  /** Letters may stand together behind one dash, the last one's argument joined to it. */
  private void letters(String word) {
    for (int i = 1; i < word.length(); i++) {
      BasicOption option = BasicOption.of(word.charAt(i));
      if (option == null) {
        throw new BadRule("unknown option \"" + word + "\"");
      }
      String rest = word.substring(i + 1);
      if (option.argument() == BasicOption.Argument.NONE) {
        basic(option, null, word);
      } else {
        basic(option, rest.isEmpty() ? null : rest, word);
        return;
      }
    }
  }

  private void longOption(String word) {
    if (word.equals("--")) {
      if (words.hasNext()) {
        throw new BadRule("unknown arguments found on commandline: " + words.next());
      }
      return;
    }
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    String joined = equals < 0 ? null : word.substring(equals + 1);
    OptionNames.Named found = names.find(name);
    if (found == null && !protocolLoaded) {
      found = inProtocol(name);
    }
    if (found == null) {
      strange(name, joined);
    } else if (found.basic() != null) {
      basic(found.basic(), joined, word);
    } else if (found.owner() != null && found.spec() != null) {
      extended(found.owner(), found.spec(), joined);
    }
  }

  /** {@code -p tcp --dport 80} loads {@code -m tcp} by itself. */
  private OptionNames.@Nullable Named inProtocol(String name) {
    LoadedOptions match = draft.protocolMatch();
    if (match == null) {
      return null;
    }
    draft.loaded().add(match);
    OptionNames.Named found = names.find(name);
    protocolLoaded = found != null;
    if (found == null) {
      draft.loaded().remove(match);
    }
    return found;
  }

  /**
   * An option of iptables itself.
   *
   * @param joined the argument, if it is joined to the option
   * @param word the whole word: where iptables asks for its previous word, it gets the option too
   */
  private void basic(BasicOption option, @Nullable String joined, String word) {
    if (option.isCommand()) {
      command(option, joined);
      return;
    }
    given.add(option);
    switch (option) {
      case SOURCE, DESTINATION, PROTOCOL, IN, OUT -> {
        String value = joined != null ? word : negatedArgument(option.toString());
        draft.take(option, not, value);
      }
      case FRAGMENT -> draft.take(option, not, "");
      case IPV4 -> otherFamily = table.family().v6();
      case IPV6 -> otherFamily = !table.family().v6();
      default -> unnegated(option, joined, word);
    }
  }

  private void unnegated(BasicOption option, @Nullable String joined, String word) {
    if (not) {
      throw new BadRule("cannot have ! before " + option);
    }
    switch (option) {
      case MATCH -> draft.loadMatch(argument(option, joined));
      case JUMP, GOTO ->
          draft.jump(
              joined == null ? words.argument(option.toString()) : word,
              option == BasicOption.GOTO);
      case COUNTERS -> draft.setCounters(counters(argument(option, joined)));
      case MODPROBE -> argument(option, joined);
      case TABLE, WAIT, WAIT_INTERVAL, VERSION, HELP ->
          throw new BadRule("The " + option + " option cannot be used in a restore file");
      default -> {}
    }
  }

  private String argument(BasicOption option, @Nullable String joined) {
    return joined == null ? words.argument(option.toString()) : joined;
  }

  private void command(BasicOption option, @Nullable String joined) {
    if (not) {
      throw new BadRule("unexpected '!' flag before " + option);
    }
    if (command != null) {
      throw new BadRule("Cannot use " + option + " with " + command.option());
    }
    String first = joined;
    if (first == null && option.argument() == BasicOption.Argument.NEEDED) {
      first = words.argument(option.toString());
    }
    command = Command.read(option, first, words);
  }

  /** {@code -c PACKETS BYTES} or {@code -c PACKETS,BYTES}. */
  private Counters counters(String packets) {
    int comma = packets.indexOf(',');
    if (comma < 0 && !words.hasArgument()) {
      throw new BadRule("-c requires packet and byte counter");
    }
    String first = comma < 0 ? packets : packets.substring(0, comma);
    String second = comma < 0 ? words.next() : packets.substring(comma + 1);
    if (!isNumeric(first) || !isNumeric(second)) {
      throw new BadRule("-c packet counter not numeric: " + first + " " + second);
    }
    return Counters.parse(first, second);
  }

  private static boolean isNumeric(String word) {
    return word.matches("[-+]?[0-9].*");
  }

  /** The next word; in a dump {@code !} may stand before it, as iptables wrote until 1.4.2. */
  private String negatedArgument(String option) {
    if (words.peek().equals("!") && table.isDump()) {
      table.remark(line, "old negation: write ! before " + option);
      words.next();
      not = !not;
    }
    return words.argument(option);
  }

  private void extended(LoadedOptions owner, OptionSpec spec, @Nullable String joined) {
    if (spec.words() == 0 && joined != null) {
      throw new BadRule("option \"" + spec.name() + "\" takes no argument");
    }
    ImmutableList.Builder<String> arguments = ImmutableList.builder();
    for (int i = 0; i < spec.words(); i++) {
      if (i > 0 && !words.hasArgument()) {
        throw new BadRule(spec.name() + " requires two args.");
      }
      arguments.add(i > 0 ? words.next() : joined != null ? joined : negatedArgument(spec.name()));
    }
    owner.give(spec, not, arguments.build());
  }

  /** An option that nobody has: it belongs to a match or target of which nothing is known. */
  private void strange(String name, @Nullable String joined) {
    for (LoadedOptions one : Lists.reverse(draft.loaded())) {
      if (one.takesAnything()) {
        one.give(OptionSpec.strange(name), not, strangeWords(joined));
        return;
      }
    }
    throw new BadRule("unknown option \"" + name + "\"" + hint(name));
  }

  private ImmutableList<String> strangeWords(@Nullable String joined) {
    ImmutableList.Builder<String> arguments = ImmutableList.builder();
    if (joined != null) {
      arguments.add(joined);
    }
    while (words.hasArgument()) {
      arguments.add(words.next());
    }
    return arguments.build();
  }

  private static String hint(String name) {
    return name.endsWith("port") || name.equals("--syn") || name.equals("--tcp-flags")
        ? "; it needs -p tcp or another protocol with ports"
        : "";
  }
}
