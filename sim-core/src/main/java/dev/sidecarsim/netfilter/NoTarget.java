package dev.sidecarsim.netfilter;

/** A rule without {@code -j}: it counts. */
record NoTarget() implements Target {

  static final NoTarget INSTANCE = new NoTarget();

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    return Action.CONTINUE;
  }

  @Override
  public String save() {
    return "";
  }

  @Override
  public boolean harmless() {
    return true;
  }
}
