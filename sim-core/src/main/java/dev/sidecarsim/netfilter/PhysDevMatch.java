package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;

/** {@code -m physdev}: the port of a bridge. No packet here comes by one. */
record PhysDevMatch(boolean allNegated, String options) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of(
          "physdev",
          PhysDevMatch::of,
          OptionSpec.match("--physdev-in"),
          OptionSpec.match("--physdev-out"),
          OptionSpec.negatableFlag("--physdev-is-in"),
          OptionSpec.negatableFlag("--physdev-is-out"),
          OptionSpec.negatableFlag("--physdev-is-bridged"));

  private static final ImmutableList<String> ORDER =
      ImmutableList.of(
          "--physdev-is-in",
          "--physdev-in",
          "--physdev-is-out",
          "--physdev-out",
          "--physdev-is-bridged");

  static Match of(Options options) {
    options.needOne();
    boolean allNegated = true;
    StringBuilder text = new StringBuilder();
    for (String name : ORDER) {
      Options.Value value = options.get(name);
      if (value != null) {
        allNegated &= value.not();
        text.append(' ').append(Match.not(value.not())).append(name);
        text.append(value.words().isEmpty() ? "" : " " + value.word());
      }
    }
    return new PhysDevMatch(allNegated, text.toString());
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return allNegated;
  }

  @Override
  public String save() {
    return "-m physdev" + options;
  }
}
