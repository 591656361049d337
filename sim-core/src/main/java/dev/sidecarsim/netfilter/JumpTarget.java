package dev.sidecarsim.netfilter;

/**
 * {@code -j CHAIN} or {@code -g CHAIN}.
 *
 * @param goTo whether the end of the chain does not come back here
 */
record JumpTarget(String chain, boolean goTo) implements Target {

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    return Action.JUMP;
  }

  @Override
  public String save() {
    return (goTo ? "-g " : "-j ") + chain;
  }
}
