package dev.sidecarsim.netfilter;

/** {@code -j TTL} and, for IPv6, {@code -j HL}: sets or moves the hops that are left. */
record TtlTarget(boolean v6, String how, int hops) implements Target {

  static final Extension<Target> V4 =
      Extension.of(
          "TTL",
          o -> of(o, "--ttl-", false),
          OptionSpec.value("--ttl-set"),
          OptionSpec.value("--ttl-inc"),
          OptionSpec.value("--ttl-dec"));

  static final Extension<Target> V6 =
      Extension.of(
          "HL",
          o -> of(o, "--hl-", true),
          OptionSpec.value("--hl-set"),
          OptionSpec.value("--hl-inc"),
          OptionSpec.value("--hl-dec"));

  private static Target of(Options options, String prefix, boolean v6) {
    options.needTable(TableName.MANGLE);
    if (options.names().size() != 1) {
      throw new BadRule(options.owner() + ": exactly one action must be given");
    }
    String name = options.names().get(0);
    String how = name.substring(prefix.length());
    int least = how.equals("set") ? 0 : 1;
    int hops = (int) Numbers.parse(options.owner(), name, options.need(name).word(), least, 255);
    return new TtlTarget(v6, how, hops);
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    int now = skb.packet.ttl();
    int next =
        switch (how) {
          case "inc" -> Math.min(255, now + hops);
          case "dec" -> Math.max(0, now - hops);
          default -> hops;
        };
    if (next != now) {
      skb.packet = skb.packet.withTtl(next);
    }
    return Action.CONTINUE;
  }

  @Override
  public int changes() {
    return KeyWord.TTL.bit();
  }

  @Override
  public String save() {
    return (v6 ? "-j HL --hl-" : "-j TTL --ttl-") + how + " " + hops;
  }
}
