package dev.sidecarsim.netfilter;

/** {@code -m mark}: the packet's mark. */
record MarkMatch(boolean not, MaskedValue mark) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of("mark", MarkMatch::of, OptionSpec.match("--mark"));

  static Match of(Options options) {
    Options.Value value = options.need("--mark");
    return new MarkMatch(value.not(), MaskedValue.parse("mark", "--mark", value.word()));
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return mark.matches(skb.mark) != not;
  }

  @Override
  public int reads() {
    return KeyWord.MARK.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    cuts.masked(KeyWord.MARK, mark.mask(), mark.value());
  }

  @Override
  public boolean tests(RuleTests tests) {
    return tests.masked(ChainKey.MARK, not, mark.mask(), mark.value());
  }

  @Override
  public String save() {
    return "-m mark " + Match.not(not) + "--mark " + mark;
  }
}
