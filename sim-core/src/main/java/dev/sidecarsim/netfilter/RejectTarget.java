package dev.sidecarsim.netfilter;

/** {@code -j REJECT}: drops the packet and tells its sender. */
record RejectTarget(RejectWith with) implements Target {

  static final Extension<Target> EXTENSION =
      Extension.of("REJECT", RejectTarget::of, OptionSpec.value("--reject-with"));

  static Target of(Options options) {
    Family family = options.context().family();
    String otherwise = family.v6() ? "icmp6-port-unreachable" : "icmp-port-unreachable";
    String word = options.word("--reject-with", otherwise);
    RejectWith with = RejectWith.of(word, family);
    if (with == null) {
      throw new BadRule("unknown reject type \"" + word + "\"");
    }
    if (options.context().table() != TableName.FILTER) {
      throw new KernelRefusal("REJECT can be used in table filter only");
    }
    if (with.isReset() && options.context().number() != 6) {
      throw new KernelRefusal("REJECT --reject-with tcp-reset needs -p tcp");
    }
    return new RejectTarget(with);
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    skb.rejection = with;
    return Action.REJECT;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hook == Hook.INPUT || hook == Hook.FORWARD || hook == Hook.OUTPUT;
  }

  @Override
  public boolean ends() {
    return true;
  }

  @Override
  public String save() {
    return "-j REJECT --reject-with " + with;
  }
}
