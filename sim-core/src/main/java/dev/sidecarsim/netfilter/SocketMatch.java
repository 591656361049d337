package dev.sidecarsim.netfilter;

/** {@code -m socket}: whether a socket of this host takes the packet. */
record SocketMatch(boolean noWildcard, String options) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of(
          "socket",
          SocketMatch::of,
          OptionSpec.flag("--transparent"),
          OptionSpec.flag("--nowildcard"),
          OptionSpec.flag("--restore-skmark"));

  static Match of(Options options) {
    if (options.has("--transparent") || options.has("--restore-skmark")) {
      return UnknownMatch.of(options, "socket options are not modelled");
    }
    boolean noWildcard = options.has("--nowildcard");
    return new SocketMatch(noWildcard, noWildcard ? " --nowildcard" : "");
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return skb.packet.protocol().hasPorts()
        && netfilter.host().hasSocketFor(skb.packet, noWildcard);
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hook == Hook.PREROUTING || hook == Hook.INPUT;
  }

  @Override
  public String save() {
    return "-m socket" + options;
  }
}
