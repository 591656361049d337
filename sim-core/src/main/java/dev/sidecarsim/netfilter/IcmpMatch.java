package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Packet;

/** {@code -m icmp} and {@code -m icmp6}: type and code; type 255 stands for any in IPv4. */
record IcmpMatch(boolean v6, boolean not, int type, int minCode, int maxCode) implements Match {

  static final Extension<Match> V4 =
      Extension.of("icmp", o -> of(o, "--icmp-type", false), OptionSpec.match("--icmp-type"));

  static final Extension<Match> V6 =
      Extension.of("icmp6", o -> of(o, "--icmpv6-type", true), OptionSpec.match("--icmpv6-type"));

  private static final int ANY = 255;

  private static Match of(Options options, String option, boolean v6) {
    Options.Value value = options.need(option);
    IcmpTypes.Type type = IcmpTypes.parse(value.word(), v6);
    return new IcmpMatch(v6, value.not(), type.type(), type.minCode(), type.maxCode());
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    Packet.Icmp icmp = skb.packet.icmp();
    if (icmp == null) {
      return false;
    }
    boolean hit =
        (type == ANY && !v6)
            || (icmp.type() == type && icmp.code() >= minCode && icmp.code() <= maxCode);
    return hit != not;
  }

  @Override
  public boolean needsProtocol(int number) {
    return number == (v6 ? 58 : 1);
  }

  @Override
  public int reads() {
    return KeyWord.ICMP.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    cuts.range(KeyWord.ICMP, 1, KeyWord.ICMP.limit());
    if (type != ANY || v6) {
      cuts.range(KeyWord.ICMP, (type << 8 | minCode) + 1, (type << 8 | maxCode) + 1);
    }
  }

  @Override
  public String save() {
    String head = v6 ? "-m icmp6 " : "-m icmp ";
    String option = v6 ? "--icmpv6-type " : "--icmp-type ";
    String code = minCode == 0 && maxCode == 255 ? "" : "/" + minCode;
    String value = type == ANY && !v6 ? "any" : type + code;
    return head + Match.not(not) + option + value;
  }
}
