package dev.sidecarsim.netfilter;

/** {@code -m dscp}: the upper six bits of the type of service octet. */
record DscpMatch(boolean not, int dscp) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of(
          "dscp", DscpMatch::of, OptionSpec.match("--dscp"), OptionSpec.match("--dscp-class"));

  static Match of(Options options) {
    if (options.names().size() != 1) {
      throw new BadRule("dscp expects one of --dscp and --dscp-class");
    }
    Options.Value value = options.need(options.names().get(0));
    int dscp =
        options.has("--dscp-class")
            ? Tos.dscpClass(value.word())
            : (int) Numbers.parse("dscp", "--dscp", value.word(), 0, 63);
    return new DscpMatch(value.not(), dscp);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return (skb.packet.tos() >> 2 == dscp) != not;
  }

  @Override
  public int reads() {
    return KeyWord.TOS.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    cuts.where(KeyWord.TOS, tos -> tos >> 2 == dscp);
  }

  @Override
  public String save() {
    return "-m dscp " + Match.not(not) + "--dscp " + Numbers.hex8(dscp);
  }
}
