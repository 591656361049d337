package dev.sidecarsim.netfilter;

/** {@code -j DSCP}: sets the upper six bits of the type of service octet. */
record DscpTarget(int dscp) implements Target {

  static final Extension<Target> EXTENSION =
      Extension.of(
          "DSCP",
          DscpTarget::of,
          OptionSpec.value("--set-dscp"),
          OptionSpec.value("--set-dscp-class"));

  static Target of(Options options) {
    options.needTable(TableName.MANGLE);
    if (options.names().size() != 1) {
      throw new BadRule("DSCP: exactly one of --set-dscp and --set-dscp-class must be given");
    }
    return new DscpTarget(
        options.has("--set-dscp")
            ? (int) options.number("--set-dscp", 0, 0, 63)
            : Tos.dscpClass(options.word("--set-dscp-class", "")));
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    int tos = (skb.packet.tos() & 3) | (dscp << 2);
    if (tos != skb.packet.tos()) {
      skb.packet = skb.packet.withTos(tos);
    }
    return Action.CONTINUE;
  }

  @Override
  public int changes() {
    return KeyWord.TOS.bit();
  }

  @Override
  public String save() {
    return "-j DSCP --set-dscp " + Numbers.hex8(dscp);
  }
}
