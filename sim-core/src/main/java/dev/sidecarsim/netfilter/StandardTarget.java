package dev.sidecarsim.netfilter;

/** ACCEPT, DROP and RETURN. */
record StandardTarget(Action action) implements Target {

  static final StandardTarget ACCEPT = new StandardTarget(Action.ACCEPT);
  static final StandardTarget DROP = new StandardTarget(Action.DROP);
  static final StandardTarget RETURN = new StandardTarget(Action.RETURN);

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    return action;
  }

  @Override
  public String save() {
    return "-j " + action;
  }
}
