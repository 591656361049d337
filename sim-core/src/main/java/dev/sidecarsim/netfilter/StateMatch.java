package dev.sidecarsim.netfilter;

/** {@code -m state}, the old form of {@code -m conntrack --ctstate}. */
record StateMatch(boolean not, int mask) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of("state", StateMatch::of, OptionSpec.match("--state"));

  static Match of(Options options) {
    Options.Value value = options.need("--state");
    return new StateMatch(value.not(), CtStates.parse(value.word(), false));
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return ((CtStates.bit(skb) & mask) != 0) != not;
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public int reads() {
    return KeyWord.CONNECTION_STATE.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    cuts.where(KeyWord.CONNECTION_STATE, code -> (CtStates.bits(code) & mask) != 0);
  }

  @Override
  public String save() {
    return "-m state " + Match.not(not) + "--state " + CtStates.names(mask);
  }
}
