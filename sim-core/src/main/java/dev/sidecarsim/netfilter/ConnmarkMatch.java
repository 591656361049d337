package dev.sidecarsim.netfilter;

/** {@code -m connmark}: the connection's mark; without a connection it never matches. */
record ConnmarkMatch(boolean not, MaskedValue mark) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of("connmark", ConnmarkMatch::of, OptionSpec.match("--mark"));

  static Match of(Options options) {
    Options.Value value = options.need("--mark");
    return new ConnmarkMatch(value.not(), MaskedValue.parse("connmark", "--mark", value.word()));
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    Connection connection = skb.seen();
    return connection != null && mark.matches(connection.mark) != not;
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public int reads() {
    return KeyWord.CONNECTION_MARK.bit() | KeyWord.CONNECTION_STATE.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    cuts.masked(KeyWord.CONNECTION_MARK, mark.mask(), mark.value());
    cuts.where(KeyWord.CONNECTION_STATE, code -> code >= 2);
  }

  @Override
  public String save() {
    return "-m connmark " + Match.not(not) + "--mark " + mark;
  }
}
