package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableSet;

/** {@code -m socket}: whether a socket of this host takes the packet. */
record SocketMatch(boolean noWildcard, String options) implements Match {

  private static final ImmutableSet<Hook> HOOKS = ImmutableSet.of(Hook.PREROUTING, Hook.INPUT);

  static final Extension<Match> EXTENSION =
      Extension.of(
          "socket",
          SocketMatch::of,
          OptionSpec.flag("--transparent"),
          OptionSpec.flag("--nowildcard"),
          OptionSpec.flag("--restore-skmark"));

  static Match of(Options options) {
    if (options.has("--transparent") || options.has("--restore-skmark")) {
      return new UnknownMatch("socket", options.save(), "this option is not modelled", HOOKS);
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
    return HOOKS.contains(hook);
  }

  @Override
  public String save() {
    return "-m socket" + options;
  }
}
