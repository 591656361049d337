package dev.sidecarsim.netfilter;

/** {@code -m ttl} and, for IPv6, {@code -m hl}: the hops that are left. */
record TtlMatch(boolean v6, boolean not, String how, int hops) implements Match {

  static final Extension<Match> V4 =
      Extension.of(
          "ttl",
          o -> of(o, "--ttl", false),
          OptionSpec.match("--ttl-eq", "--ttl"),
          OptionSpec.value("--ttl-lt"),
          OptionSpec.value("--ttl-gt"));

  static final Extension<Match> V6 =
      Extension.of(
          "hl",
          o -> of(o, "--hl", true),
          OptionSpec.match("--hl-eq", "--hl"),
          OptionSpec.value("--hl-lt"),
          OptionSpec.value("--hl-gt"));

  private static Match of(Options options, String prefix, boolean v6) {
    if (options.names().size() != 1) {
      throw new BadRule(options.owner() + " expects one of -eq, -lt and -gt");
    }
    String name = options.names().get(0);
    Options.Value value = options.need(name);
    int hops = (int) Numbers.parse(options.owner(), name, value.word(), 0, 255);
    return new TtlMatch(v6, value.not(), name.substring(prefix.length() + 1), hops);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    int ttl = skb.packet.ttl();
    return switch (how) {
      case "lt" -> ttl < hops;
      case "gt" -> ttl > hops;
      default -> (ttl == hops) != not;
    };
  }

  @Override
  public int reads() {
    return KeyWord.TTL.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    cuts.range(KeyWord.TTL, hops, hops);
  }

  @Override
  public String save() {
    String name = v6 ? "hl" : "ttl";
    return "-m " + name + " " + Match.not(not) + "--" + name + "-" + how + " " + hops;
  }
}
