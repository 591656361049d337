package dev.sidecarsim.netfilter;

import java.util.Locale;

/** {@code -j TOS}: clears the bits of the mask, then flips the bits of the value. */
record TosTarget(int value, int mask) implements Target {

  static final Extension<Target> EXTENSION =
      Extension.of(
          "TOS",
          TosTarget::of,
          OptionSpec.value("--set-tos"),
          OptionSpec.value("--and-tos"),
          OptionSpec.value("--or-tos"),
          OptionSpec.value("--xor-tos"));

  static Target of(Options options) {
    options.needTable(TableName.MANGLE);
    if (options.names().size() != 1) {
      throw new BadRule("TOS: exactly one action must be given");
    }
    String name = options.names().get(0);
    String word = options.need(name).word();
    if (name.equals("--set-tos")) {
      int[] parsed = Tos.parse("TOS", name, word, 0x3f);
      return new TosTarget(parsed[0], parsed[1]);
    }
    int bits = (int) Numbers.parse("TOS", name, word, 0, 255);
    return switch (name) {
      case "--and-tos" -> new TosTarget(0, ~bits & 0xff);
      case "--or-tos" -> new TosTarget(bits, bits);
      default -> new TosTarget(bits, 0);
    };
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    int tos = ((skb.packet.tos() & ~mask) ^ value) & 0xff;
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
    return String.format(Locale.ROOT, "-j TOS --set-tos 0x%02x/0x%02x", value, mask);
  }
}
