package dev.sidecarsim.netfilter;

/** {@code -j MARK}: clears the bits of the mask, then flips the bits of the value. */
record MarkTarget(int value, int mask) implements Target {

  static final Extension<Target> EXTENSION =
      Extension.of(
          "MARK",
          MarkTarget::of,
          OptionSpec.value("--set-xmark"),
          OptionSpec.value("--set-mark"),
          OptionSpec.value("--and-mark"),
          OptionSpec.value("--or-mark"),
          OptionSpec.value("--xor-mark"));

  static Target of(Options options) {
    int[] change = change(options);
    return new MarkTarget(change[0], change[1]);
  }

  /** Value and mask of whichever operation was given; CONNMARK has the same ones. */
  static int[] change(Options options) {
    int given = 0;
    int[] change = new int[2];
    for (String name : options.names()) {
      if (name.endsWith("mark")
          && !name.endsWith("shift-mark")
          && options.need(name).words().size() == 1) {
        given++;
        change = change(options, name);
      }
    }
    if (given != 1) {
      throw new BadRule(options.owner() + ": exactly one action must be given");
    }
    return change;
  }

  private static int[] change(Options options, String name) {
    String word = options.need(name).word();
    if (name.equals("--set-xmark") || name.equals("--set-mark")) {
      MaskedValue mark = MaskedValue.parse(options.owner(), name, word);
      int mask = name.equals("--set-mark") ? mark.mask() | mark.value() : mark.mask();
      return new int[] {mark.value(), mask};
    }
    int bits = (int) Numbers.parse(options.owner(), name, word, 0, Numbers.U32);
    return switch (name) {
      case "--and-mark" -> new int[] {0, ~bits};
      case "--or-mark" -> new int[] {bits, bits};
      default -> new int[] {bits, 0};
    };
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    skb.mark = (skb.mark & ~mask) ^ value;
    return Action.CONTINUE;
  }

  @Override
  public int changes() {
    return mask == -1 ? 0 : KeyWord.MARK.bit();
  }

  @Override
  public String save() {
    return "-j MARK --set-xmark " + Numbers.hex(value) + "/" + Numbers.hex(mask);
  }
}
