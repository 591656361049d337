package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a line has said of a rule so far, and the rules that come of it. */
final class RuleDraft {

  static final String NAT_DROP =
      "The \"nat\" table is not intended for filtering, the use of DROP is inhibited";

  /** IFNAMSIZ of the kernel, without the final zero. */
  private static final int DEVICE_LENGTH = 15;

  private final TableBuilder table;
  private final int line;
  private final List<LoadedOptions> loaded = new ArrayList<>();
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

  RuleDraft(TableBuilder table, int line, Counters counters) {
    this.table = table;
    this.line = line;
    this.counters = counters;
  }

  /**
   * A rule of a table.
   *
   * @param refusal if the kernel will refuse it when the table is committed, why
   * @param inForce whether it was there before the text
   */
  record Made(Rule rule, @Nullable String refusal, boolean inForce) {
    Made with(Rule other) {
      return new Made(other, refusal, inForce);
    }
  }

  List<LoadedOptions> loaded() {
    return loaded;
  }

  Protocol protocol() {
    return protocol;
  }

  Counters counters() {
    return counters;
  }

  void setCounters(Counters given) {
    counters = given;
  }

  /** Takes an option of the rule itself. */
  void take(BasicOption option, boolean not, String word) {
    Options.Value value = new Options.Value(not, ImmutableList.of(word));
    switch (option) {
      case SOURCE -> source = once(source, value, option);
      case DESTINATION -> destination = once(destination, value, option);
      case IN -> in = device(once(in, value, option));
      case OUT -> out = device(once(out, value, option));
      case FRAGMENT -> {
        if (table.family().v6()) {
          throw new BadRule("unknown option \"-f\"; fragments of IPv6 are a matter of -m frag");
        }
        fragment = once(fragment, value, option);
      }
      case PROTOCOL -> {
        protocolGiven = once(protocolGiven, value, option);
        protocol = Protocols.parse(word);
        if (not && protocol.number() == 0) {
          throw new BadRule("rule would never match protocol");
        }
      }
      default -> throw new IllegalArgumentException(option + " is no part of a rule");
    }
  }

  private static Options.Value once(
      Options.@Nullable Value before, Options.Value now, BasicOption option) {
    if (before != null) {
      throw new BadRule("multiple " + option + " flags not allowed");
    }
    return now;
  }

  private static Options.Value device(Options.Value value) {
    if (value.word().isEmpty()) {
      throw new BadRule("Empty interface is likely to be undesired");
    }
    checkDevice(value.word());
    return value;
  }

  static void checkDevice(String name) {
    if (name.length() > DEVICE_LENGTH) {
      throw new BadRule("interface name `" + name + "' must be shorter than IFNAMSIZ (15)");
    }
  }

  void loadMatch(String name) {
    Extension<Match> found = Extensions.match(name, table.family());
    if (found == null && !Extensions.isOtherMatch(name) && !table.isDump()) {
      throw new BadRule("Couldn't load match `" + name + "': no such match is known");
    }
    loaded.add(LoadedOptions.match(name, found));
  }

  /** The match that is named like the rule's protocol, or null. */
  @Nullable LoadedOptions protocolMatch() {
    String word = protocolGiven == null ? "" : protocolGiven.word().toLowerCase(Locale.ROOT);
    // a number's name is looked up; a name is taken as it is, so that mh is not mobility-header
    boolean numeric = Numbers.whole(word, 0, 255).isPresent();
    Extension<Match> found = Extensions.match(numeric ? protocol.toString() : word, table.family());
    return found == null || protocol.number() == 0
        ? null
        : LoadedOptions.match(found.name(), found);
  }

  void jump(String name, boolean jumpsForGood) {
    if (jump != null) {
      throw new BadRule("multiple -j flags not allowed");
    }
    if (name.isEmpty() || name.length() > TableBuilder.NAME_LENGTH || Words.hasBlank(name)) {
      throw new BadRule("Invalid target name `" + name + "'");
    }
    jump = name;
    goTo = jumpsForGood;
    if (!goTo && StandardTarget.of(name) == null && !table.has(name)) {
      loadTarget(name);
    }
  }

  private void loadTarget(String name) {
    Extension<Target> found = Extensions.target(name, table.family());
    boolean old = table.isDump() && Extensions.isGoneTarget(name);
    if (found == null && !old && !Extensions.isOtherTarget(name, table.family())) {
      throw new BadRule(
          "Couldn't load target `"
              + name
              + "': no chain of table "
              + table.name()
              + " declared above and no target has this name");
    }
    loaded.add(LoadedOptions.target(name, found));
  }

  /** One rule, or one for each pair of listed addresses, sources outside. */
  ImmutableList<Made> rules(String chain) {
    checkDirections(chain);
    boolean notProtocol = protocolGiven != null && protocolGiven.not();
    RuleParts parts =
        new RuleParts(
            table,
            line,
            new Options.Context(table.family(), table.name(), protocol, notProtocol, table.sets()));
    ImmutableList<Match> matches = parts.matches(loaded);
    Target target = parts.target(loaded, jump, goTo);
    parts.checkTogether(matches, target);
    ImmutableList<AddressMask> sources = addresses(source);
    ImmutableList<AddressMask> destinations = addresses(destination);
    if (sources.size() * destinations.size() > 1 && (isNot(source) || isNot(destination))) {
      throw new BadRule("! not allowed with multiple source or destination IP addresses");
    }
    ImmutableList.Builder<Made> rules = ImmutableList.builder();
    for (AddressMask from : sources) {
      for (AddressMask to : destinations) {
        Rule rule = new Rule(header(from, to, notProtocol), matches, target, counters, line);
        rules.add(new Made(rule, parts.refusal(), false));
      }
    }
    return rules.build();
  }

  private static boolean isNot(Options.@Nullable Value value) {
    return value != null && value.not();
  }

  private void checkDirections(String chain) {
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
    ImmutableList.Builder<AddressMask> addresses = ImmutableList.builder();
    for (String part : parts) {
      addresses.add(Addresses.network(part.stripLeading(), table.family().v6()));
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
}
