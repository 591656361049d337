package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import org.jspecify.annotations.Nullable;

/** {@code -m iprange}: source or destination between two addresses. */
record IpRangeMatch(@Nullable Range src, @Nullable Range dst) implements Match {

  /** Both ends are in the range. */
  record Range(boolean not, IpAddress from, IpAddress to) {
    boolean matches(IpAddress address) {
      return (address.compareTo(from) >= 0 && address.compareTo(to) <= 0) != not;
    }

    /** A reversed range holds nothing. */
    boolean tests(int at, RuleTests tests) {
      return !not && from.compareTo(to) <= 0 && tests.addresses(at, from, to);
    }

    String save(String option) {
      return " " + Match.not(not) + option + " " + from + "-" + to;
    }
  }

  static final Extension<Match> EXTENSION =
      Extension.of(
          "iprange",
          IpRangeMatch::of,
          OptionSpec.match("--src-range"),
          OptionSpec.match("--dst-range"));

  static Match of(Options options) {
    options.needOne();
    return new IpRangeMatch(range(options, "--src-range"), range(options, "--dst-range"));
  }

  private static @Nullable Range range(Options options, String name) {
    Options.Value value = options.get(name);
    if (value == null) {
      return null;
    }
    int dash = value.word().indexOf('-');
    String from = dash < 0 ? value.word() : value.word().substring(0, dash);
    String to = dash < 0 ? from : value.word().substring(dash + 1);
    return new Range(value.not(), address(from, options.v6()), address(to, options.v6()));
  }

  private static IpAddress address(String text, boolean v6) {
    IpAddress address = Addresses.numeric(text, v6);
    if (address == null) {
      throw new BadRule("iprange: bad IP address \"" + text + "\"");
    }
    return address;
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return (src == null || src.matches(skb.packet.src()))
        && (dst == null || dst.matches(skb.packet.dst()));
  }

  @Override
  public int reads() {
    return KeyWord.SOURCE.bit() | KeyWord.DESTINATION.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    if (src != null && src.from.compareTo(src.to) <= 0) {
      cuts.addresses(KeyWord.SOURCE, src.from, src.to);
    }
    if (dst != null && dst.from.compareTo(dst.to) <= 0) {
      cuts.addresses(KeyWord.DESTINATION, dst.from, dst.to);
    }
  }

  @Override
  public boolean tests(RuleTests tests) {
    boolean all = src == null || src.tests(ChainKey.SOURCE, tests);
    return (dst == null || dst.tests(ChainKey.DESTINATION, tests)) && all;
  }

  @Override
  public String save() {
    return "-m iprange"
        + (src == null ? "" : src.save("--src-range"))
        + (dst == null ? "" : dst.save("--dst-range"));
  }
}
