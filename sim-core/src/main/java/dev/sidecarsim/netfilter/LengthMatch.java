package dev.sidecarsim.netfilter;

/** {@code -m length}: the packet's total IP length (of IPv6 packets without the header's 40). */
record LengthMatch(boolean not, NumberRange range) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of("length", LengthMatch::of, OptionSpec.match("--length"));

  static Match of(Options options) {
    Options.Value value = options.need("--length");
    return new LengthMatch(
        value.not(), NumberRange.parse("length", "--length", value.word(), 65535));
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return range.contains(skb.packet.length()) != not;
  }

  @Override
  public String save() {
    return "-m length " + Match.not(not) + "--length " + range;
  }
}
