package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;

/**
 * {@code -m physdev}: the port of a bridge. No packet here comes by one.
 *
 * @param looksOut whether it asks for the port by which a routed packet leaves
 */
record PhysDevMatch(boolean allNegated, boolean looksOut, String options) implements Match {

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
        value.words().forEach(RuleDraft::checkDevice);
        text.append(' ').append(Match.not(value.not())).append(name);
        text.append(value.words().isEmpty() ? "" : " " + value.word());
      }
    }
    boolean out = options.has("--physdev-out") || options.has("--physdev-is-out");
    Options.Value bridged = options.get("--physdev-is-bridged");
    return new PhysDevMatch(allNegated, out && (bridged == null || bridged.not()), text.toString());
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return allNegated;
  }

  /** The kernel cannot know in OUTPUT by which port of a bridge a packet will leave. */
  @Override
  public boolean allowedAt(Hook hook) {
    return !looksOut || hook != Hook.OUTPUT;
  }

  @Override
  public String save() {
    return "-m physdev" + options;
  }
}
