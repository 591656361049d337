package dev.sidecarsim.netfilter;

import java.util.Locale;

/** {@code -m tos}: the type of service octet under a mask. */
record TosMatch(boolean not, int value, int mask) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of("tos", TosMatch::of, OptionSpec.match("--tos"));

  static Match of(Options options) {
    Options.Value value = options.need("--tos");
    int[] parsed = Tos.parse("tos", "--tos", value.word(), 0x3f);
    return new TosMatch(value.not(), parsed[0], parsed[1]);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return ((skb.packet.tos() & mask) == value) != not;
  }

  @Override
  public int reads() {
    return KeyWord.TOS.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    cuts.where(KeyWord.TOS, tos -> (tos & mask) == value);
  }

  @Override
  public String save() {
    return String.format(Locale.ROOT, "-m tos %s--tos 0x%02x/0x%02x", Match.not(not), value, mask);
  }
}
