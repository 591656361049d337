package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/** {@code -m set}: whether the packet's addresses and ports are in a set. */
record SetMatch(boolean not, String name, ImmutableList<String> directions, IpSet set)
    implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of(
          "set",
          SetMatch::of,
          OptionSpec.match("--match-set", "--set").words(2),
          OptionSpec.flag("--return-nomatch"),
          OptionSpec.negatableFlag("--update-counters"),
          OptionSpec.negatableFlag("--update-subcounters"),
          OptionSpec.match("--packets-eq"),
          OptionSpec.value("--packets-lt"),
          OptionSpec.value("--packets-gt"),
          OptionSpec.match("--bytes-eq"),
          OptionSpec.value("--bytes-lt"),
          OptionSpec.value("--bytes-gt"));

  static Match of(Options options) {
    Options.Value value = options.need("--match-set");
    String name = value.words().get(0);
    ImmutableList<String> directions = directions(value.words().get(1));
    IpSet set = find(options, name);
    if (options.names().size() > 1) {
      return UnknownMatch.of(options, "options of --match-set are not modelled");
    }
    if (set == null) {
      return UnknownMatch.of(options, "the contents of set " + name + " are not known");
    }
    if (!set.isModelled()) {
      return UnknownMatch.of(options, "sets of type " + set.type() + " are not modelled");
    }
    return new SetMatch(value.not(), name, directions, set);
  }

  static ImmutableList<String> directions(String text) {
    ImmutableList<String> directions = ImmutableList.copyOf(Splitter.on(',').split(text));
    for (String direction : directions) {
      if (!direction.equals("src") && !direction.equals("dst")) {
        throw new BadRule("set: a direction is src or dst, not \"" + direction + "\"");
      }
    }
    return directions;
  }

  /** The set of this name; null where sets may exist that nobody described. */
  static @Nullable IpSet find(Options options, String name) {
    IpSet set = options.context().sets().find(name);
    if (set == null && !options.context().sets().anySet()) {
      throw new BadRule("Set " + name + " doesn't exist; create it before the rules are loaded");
    }
    return set;
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return set.contains(skb, directions) != not;
  }

  @Override
  public String save() {
    return "-m set " + Match.not(not) + "--match-set " + name + " " + String.join(",", directions);
  }
}
