package dev.sidecarsim.netfilter;

/** {@code -j NOTRACK}: the packet belongs to no connection. */
record NotrackTarget() implements Target {

  static final Extension<Target> EXTENSION =
      Extension.of(
          "NOTRACK",
          o -> {
            o.needTable(TableName.RAW);
            return new NotrackTarget();
          });

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    if (!skb.isJudged()) {
      skb.ctState = CtState.UNTRACKED;
    }
    return Action.CONTINUE;
  }

  @Override
  public int changes() {
    return KeyWord.CONNECTION_STATE.bit();
  }

  @Override
  public String save() {
    return "-j NOTRACK";
  }
}
