package dev.sidecarsim.netfilter;

/** A target that is not modelled: what becomes of the packet is unknown. */
record UnknownTarget(String name, String text, String reason) implements Target {

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    return Action.UNKNOWN;
  }

  @Override
  public String save() {
    return "-j " + name + text;
  }
}
