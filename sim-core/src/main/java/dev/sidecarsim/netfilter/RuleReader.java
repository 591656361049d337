package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what follows {@code -A CHAIN}: one rule, or one for each pair of listed addresses. */
final class RuleReader {

  private static final ImmutableMap<String, String> LONG_NAMES =
      ImmutableMap.<String, String>builder()
          .put("--protocol", "-p")
          .put("--proto", "-p")
          .put("--source", "-s")
          .put("--src", "-s")
          .put("--destination", "-d")
          .put("--dst", "-d")
          .put("--in-interface", "-i")
          .put("--out-interface", "-o")
          .put("--match", "-m")
          .put("--jump", "-j")
          .put("--goto", "-g")
          .put("--fragment", "-f")
          .put("--set-counters", "-c")
          .put("--ipv4", "-4")
          .put("--ipv6", "-6")
          .buildOrThrow();

  private static final String SHORT_OPTIONS = "psdiomjgfc46v";

  /** The one protocol with ports whose match is not loaded by itself. */
  private static final int UDPLITE = 136;

  static final String NAT_DROP =
      "The \"nat\" table is not intended for filtering, the use of DROP is inhibited";

  /** IFNAMSIZ of the kernel, without the final zero. */
  private static final int DEVICE_LENGTH = 15;

  private final TableBuilder table;
  private final String chain;
  private final int line;
  private final Words words;
  private final List<LoadedOptions> loaded = new ArrayList<>();

  private boolean not;
  private Options.@Nullable Value protocolGiven;
  private Options.@Nullable Value source;
  private Options.@Nullable Value destination;
  private Options.@Nullable Value in;
  private Options.@Nullable Value out;
  private Options.@Nullable Value fragment;
  private @Nullable String jump;
  private boolean goTo;
  private Counters counters;
  private Protocol protocol = Protocols.ALL;
  private boolean protocolLoaded;

  /** A rule marked for the other family is passed over without a word. */
  private boolean otherFamily;

  RuleReader(TableBuilder table, String chain, int line, Words words, Counters counters) {
    this.table = table;
    this.chain = chain;
    this.line = line;
    this.words = words;
    this.counters = counters;
  }

  /** Options of a match or target as they are read. */
  private static final class LoadedOptions {
    final String name;
    final @Nullable Extension<?> extension;
    final boolean target;
    final List<OptionSpec> specs = new ArrayList<>();
    final List<Options.Value> values = new ArrayList<>();

    LoadedOptions(String name, @Nullable Extension<?> extension, boolean target) {
      this.name = name;
      this.extension = extension;
      this.target = target;
    }

    Options options(Options.Context context) {
      Options options = new Options(name, context);
      for (int i = 0; i < specs.size(); i++) {
        options.put(specs.get(i), values.get(i));
      }
      return options;
    }
  }

  ImmutableList<Rule> read() {
    while (words.hasNext()) {
      word(words.next());
    }
    if (not) {
      throw new BadRule("nothing follows '!'");
    }
    return otherFamily ? ImmutableList.of() : rules();
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
      int equals = word.indexOf('=');
      if (equals > 0) {
        words.push(word.substring(equals + 1));
        word = word.substring(0, equals);
      }
      longOption(word);
    } else if (word.startsWith("-") && word.length() > 1) {
      if (word.length() > 2 || SHORT_OPTIONS.indexOf(word.charAt(1)) < 0) {
        throw new BadRule("unknown option \"" + word + "\"");
      }
      basic(word);
    } else {
      throw new BadRule(
          "Bad argument `" + word + "'" + (not ? "; '!' stands before an option" : ""));
    }
    not = false;
  }

  private void longOption(String word) {
    String exact = LONG_NAMES.get(word);
    String basic = exact == null && exactOwner(word) == null ? abbreviatedBasic(word) : exact;
    if (basic != null) {
      basic(basic);
    } else if (!extensionOption(word)) {
      throw new BadRule("unknown option \"" + word + "\"" + hint(word));
    }
  }

  private static String hint(String word) {
    return word.endsWith("port") || word.equals("--syn") || word.equals("--tcp-flags")
        ? "; it needs -p tcp or another protocol with ports"
        : "";
  }

  private void basic(String option) {
    switch (option) {
      case "-p" -> {
        protocolGiven = once(protocolGiven, option);
        protocol = Protocols.parse(protocolGiven.word());
      }
      case "-s" -> source = once(source, option);
      case "-d" -> destination = once(destination, option);
      case "-i" -> in = device(once(in, option));
      case "-o" -> out = device(once(out, option));
      case "-m" -> {
        refuseNot(option);
        loadMatch(words.argument(option));
      }
      case "-j", "-g" -> {
        refuseNot(option);
        if (jump != null) {
          throw new BadRule("multiple " + option + " flags not allowed");
        }
        jump = words.argument(option);
        goTo = option.equals("-g");
        loadTarget(jump);
      }
      case "-f" -> fragment = new Options.Value(not, ImmutableList.of());
      case "-c" -> counters = counters(words.argument(option), words.argument(option));
      case "-4", "-6" -> otherFamily |= option.equals("-6") != table.family().v6();
      default -> {}
    }
  }

  private static Counters counters(String packets, String bytes) {
    return new Counters(
        Numbers.parse("-c", "packets", packets, 0, Long.MAX_VALUE),
        Numbers.parse("-c", "bytes", bytes, 0, Long.MAX_VALUE));
  }

  private void refuseNot(String option) {
    if (not) {
      throw new BadRule("cannot have ! before " + option);
    }
  }

  private Options.Value once(Options.@Nullable Value before, String option) {
    if (before != null) {
      throw new BadRule("multiple " + option + " flags not allowed");
    }
    String argument = words.argument(option);
    if (argument.equals("!") && table.isDump()) {
      table.remark(line, "old negation: write ! before " + option);
      not = !not;
      argument = words.argument(option);
    }
    return new Options.Value(not, ImmutableList.of(argument));
  }

  private static Options.Value device(Options.Value value) {
    if (value.word().isEmpty()) {
      throw new BadRule("Empty interface is likely to be undesired");
    }
    if (value.word().length() > DEVICE_LENGTH) {
      throw new BadRule("interface name `" + value.word() + "' must be shorter than IFNAMSIZ (15)");
    }
    return value;
  }

  private void loadMatch(String name) {
    Extension<Match> found = Extensions.match(name, table.family());
    if (found == null && !Extensions.isOtherMatch(name) && !table.isDump()) {
      throw new BadRule("Couldn't load match `" + name + "': no such match is known");
    }
    loaded.add(new LoadedOptions(found == null ? name : found.name(), found, false));
  }

  private void loadTarget(String name) {
    if (goTo || standard(name) != null || table.has(name)) {
      return;
    }
    Extension<Target> found = Extensions.target(name, table.family());
    boolean old = table.isDump() && Extensions.isGoneTarget(name);
    if (found == null && !old && !Extensions.isOtherTarget(name)) {
      throw new BadRule(
          "Couldn't load target `"
              + name
              + "': no chain of table "
              + table.name()
              + " declared above and no target has this name");
    }
    loaded.add(new LoadedOptions(name, found, true));
  }

  private static @Nullable StandardTarget standard(String name) {
    return switch (name) {
      case "ACCEPT" -> StandardTarget.ACCEPT;
      case "DROP" -> StandardTarget.DROP;
      case "RETURN" -> StandardTarget.RETURN;
      default -> null;
    };
  }

  /** Takes an option of a loaded match or target, the newest first. */
  private boolean extensionOption(String word) {
    LoadedOptions owner = exactOwner(word);
    if (owner == null) {
      owner = abbreviatedOwner(word);
    }
    if (owner == null && loadProtocol(word)) {
      owner = loaded.get(loaded.size() - 1);
    }
    if (owner == null) {
      owner = unknownOwner();
    }
    if (owner == null) {
      return false;
    }
    take(owner, word);
    return true;
  }

  private @Nullable LoadedOptions exactOwner(String word) {
    for (int i = loaded.size() - 1; i >= 0; i--) {
      Extension<?> extension = loaded.get(i).extension;
      if (extension != null && extension.exact(word) != null) {
        return loaded.get(i);
      }
    }
    return null;
  }

  private @Nullable LoadedOptions abbreviatedOwner(String word) {
    for (int i = loaded.size() - 1; i >= 0; i--) {
      Extension<?> extension = loaded.get(i).extension;
      if (extension != null && extension.abbreviated(word) != null) {
        return loaded.get(i);
      }
    }
    return null;
  }

  /** The one basic option that the word abbreviates, if no match's option does. */
  private @Nullable String abbreviatedBasic(String word) {
    String found = null;
    for (Map.Entry<String, String> name : LONG_NAMES.entrySet()) {
      if (name.getKey().startsWith(word)) {
        if (found != null && !found.equals(name.getValue())) {
          return null;
        }
        found = name.getValue();
      }
    }
    return found == null || abbreviatedOwner(word) != null ? null : found;
  }

  /** {@code -p tcp --dport 80} loads {@code -m tcp} by itself. */
  private boolean loadProtocol(String word) {
    if (protocolLoaded || protocol.number() == 0 || protocol.number() == UDPLITE) {
      return false;
    }
    Extension<Match> found = Extensions.match(protocol.toString(), table.family());
    if (found == null || (found.exact(word) == null && found.abbreviated(word) == null)) {
      return false;
    }
    protocolLoaded = true;
    loaded.add(new LoadedOptions(found.name(), found, false));
    return true;
  }

  private @Nullable LoadedOptions unknownOwner() {
    for (int i = loaded.size() - 1; i >= 0; i--) {
      if (loaded.get(i).extension == null) {
        return loaded.get(i);
      }
    }
    return null;
  }

  private void take(LoadedOptions owner, String word) {
    OptionSpec spec = owner.extension == null ? null : owner.extension.exact(word);
    if (spec == null && owner.extension != null) {
      spec = owner.extension.abbreviated(word);
    }
    ImmutableList.Builder<String> arguments = ImmutableList.builder();
    if (spec == null) {
      while (words.hasNext() && !words.peek().startsWith("-") && !words.peek().equals("!")) {
        arguments.add(words.next());
      }
      spec = new OptionSpec(word, ImmutableList.of(), 0, true);
    } else {
      for (int i = 0; i < spec.words(); i++) {
        arguments.add(extensionArgument(spec, i));
      }
    }
    if (not && !spec.negatable()) {
      throw new BadRule(owner.name + ": option \"" + spec.name() + "\" cannot be inverted");
    }
    owner.specs.add(spec);
    owner.values.add(new Options.Value(not, arguments.build()));
  }

  private String extensionArgument(OptionSpec spec, int index) {
    if (index == 0 && words.peek().equals("!") && table.isDump()) {
      table.remark(line, "old negation: write ! before " + spec.name());
      words.next();
      not = !not;
    }
    if (index > 0 && (!words.hasNext() || words.peek().startsWith("-"))) {
      throw new BadRule(spec.name() + " requires two args.");
    }
    return words.argument(spec.name());
  }

  private ImmutableList<Rule> rules() {
    if (protocolGiven != null && protocolGiven.not() && protocol.number() == 0) {
      throw new BadRule("rule would never match protocol");
    }
    checkDirections();
    boolean notProtocol = protocolGiven != null && protocolGiven.not();
    Options.Context context =
        new Options.Context(table.family(), table.name(), protocol, notProtocol, table.sets());
    ImmutableList<Match> matches = matches(context);
    Target target = target(context);
    if (target instanceof TcpMssTarget) {
      TcpMssTarget.check(matches);
    }
    ImmutableList.Builder<Rule> rules = ImmutableList.builder();
    for (AddressMask from : addresses(source)) {
      for (AddressMask to : addresses(destination)) {
        rules.add(new Rule(header(from, to, notProtocol), matches, target, counters, line));
      }
    }
    return rules.build();
  }

  private void checkDirections() {
    if (in != null && (chain.equals("OUTPUT") || chain.equals("POSTROUTING"))) {
      throw new BadRule("Can't use -i with " + chain);
    }
    if (out != null && (chain.equals("PREROUTING") || chain.equals("INPUT"))) {
      throw new BadRule("Can't use -o with " + chain);
    }
  }

  private ImmutableList<AddressMask> addresses(Options.@Nullable Value value) {
    if (value == null) {
      return ImmutableList.of(AddressMask.any(table.family().v6()));
    }
    List<String> parts = Splitter.on(',').splitToList(value.word());
    if (parts.size() > 1 && value.not()) {
      throw new BadRule("! not allowed with multiple source or destination IP addresses");
    }
    ImmutableList.Builder<AddressMask> addresses = ImmutableList.builder();
    for (String part : parts) {
      addresses.add(AddressMask.parse(part.strip(), table.family().v6()));
    }
    return addresses.build();
  }

  private Header header(AddressMask from, AddressMask to, boolean notProtocol) {
    return new Header(
        source != null && source.not(),
        from,
        destination != null && destination.not(),
        to,
        in != null && in.not(),
        in == null ? "" : in.word(),
        out != null && out.not(),
        out == null ? "" : out.word(),
        notProtocol,
        protocol,
        fragment != null && fragment.not(),
        fragment != null);
  }

  private ImmutableList<Match> matches(Options.Context context) {
    ImmutableList.Builder<Match> matches = ImmutableList.builder();
    for (LoadedOptions one : loaded) {
      if (!one.target) {
        Match match = match(one, context);
        if (!match.needsProtocol(context.number())) {
          throw new KernelRefusal("-m " + one.name + " needs -p " + one.name);
        }
        matches.add(match);
      }
    }
    return matches.build();
  }

  @SuppressWarnings("unchecked") // an extension that is no target's makes matches
  private Match match(LoadedOptions one, Options.Context context) {
    Options options = one.options(context);
    if (one.extension == null) {
      return UnknownMatch.of(options, "this match is not modelled");
    }
    try {
      return ((Extension<Match>) one.extension).build().apply(options);
    } catch (BadRule | KernelRefusal e) {
      if (!table.isDump()) {
        throw e;
      }
      // a value that somebody made unreadable, such as a MAC address
      table.remark(line, "taken as unknown: " + e.getMessage());
      return UnknownMatch.of(options, String.valueOf(e.getMessage()));
    }
  }

  @SuppressWarnings("unchecked") // a target's extension makes targets
  private Target target(Options.Context context) {
    if (jump == null) {
      return NoTarget.INSTANCE;
    }
    StandardTarget standard = goTo ? null : standard(jump);
    if (standard != null) {
      if (standard.equals(StandardTarget.DROP) && table.name() == TableName.NAT) {
        throw new BadRule(NAT_DROP);
      }
      return standard;
    }
    if (goTo || table.has(jump)) {
      return jumpTarget(jump);
    }
    for (LoadedOptions one : loaded) {
      if (one.target) {
        Options options = one.options(context);
        return one.extension == null
            ? new UnknownTarget(one.name, options.save(), "this target is not modelled")
            : ((Extension<Target>) one.extension).build().apply(options);
      }
    }
    throw new IllegalStateException("target " + jump + " was not loaded");
  }

  private Target jumpTarget(String name) {
    if (!table.has(name)) {
      throw new BadRule("goto '" + name + "' is not a chain");
    }
    if (table.isBuiltIn(name)) {
      throw new KernelRefusal("a rule cannot jump to the built-in chain " + name);
    }
    return new JumpTarget(name, goTo);
  }
}
