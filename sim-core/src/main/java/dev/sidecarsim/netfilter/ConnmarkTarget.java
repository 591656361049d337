package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;

/**
 * {@code -j CONNMARK}: sets the connection's mark, or copies between it and the packet's.
 *
 * @param shift places by which what is written is shifted, to the left or, below 0, to the right
 */
record ConnmarkTarget(Mode mode, int value, int ctMask, int nfMask, int shift) implements Target {

  /** What is written. */
  enum Mode {
    SET,
    SAVE,
    RESTORE
  }

  static final Extension<Target> EXTENSION =
      Extension.of(
          "CONNMARK",
          ConnmarkTarget::of,
          OptionSpec.value("--set-xmark"),
          OptionSpec.value("--set-mark"),
          OptionSpec.value("--and-mark"),
          OptionSpec.value("--or-mark"),
          OptionSpec.value("--xor-mark"),
          OptionSpec.flag("--save-mark"),
          OptionSpec.flag("--restore-mark"),
          OptionSpec.value("--ctmask"),
          OptionSpec.value("--nfmask"),
          OptionSpec.value("--mask"),
          OptionSpec.value("--left-shift-mark"),
          OptionSpec.value("--right-shift-mark"));

  private static final ImmutableList<String> CHANGES =
      ImmutableList.of("--set-xmark", "--set-mark", "--and-mark", "--or-mark", "--xor-mark");

  static Target of(Options options) {
    Forms.exclude(options, "--nfmask", "--mask");
    Forms.exclude(options, "--ctmask", "--mask");
    boolean save = options.has("--save-mark");
    boolean restore = options.has("--restore-mark");
    if (save || restore) {
      String action = save ? "--save-mark" : "--restore-mark";
      CHANGES.forEach(change -> Forms.exclude(options, change, action));
    } else {
      int[] change = MarkTarget.change(options);
      return new ConnmarkTarget(
          Mode.SET, change[0], setMask(options, change[1]), -1, shift(options));
    }
    if (save && restore) {
      throw new BadRule("CONNMARK: exactly one action must be given");
    }
    long all = Numbers.U32;
    int both = (int) options.number("--mask", all, 0, all);
    return new ConnmarkTarget(
        save ? Mode.SAVE : Mode.RESTORE,
        0,
        (int) options.number("--ctmask", both & all, 0, all),
        (int) options.number("--nfmask", both & all, 0, all),
        shift(options));
  }

  /** A mask behind the action stands in for the action's own. */
  private static int setMask(Options options, int own) {
    int mask = own;
    for (String name : options.names()) {
      if (name.equals("--ctmask") || name.equals("--mask")) {
        mask = (int) options.number(name, 0, 0, Numbers.U32);
      } else if (!name.equals("--nfmask") && !name.endsWith("shift-mark")) {
        mask = own;
      }
    }
    return mask;
  }

  /** The last one counts. */
  private static int shift(Options options) {
    int shift = 0;
    for (String name : options.names()) {
      if (name.endsWith("shift-mark")) {
        int places = (int) options.number(name, 0, 0, 255);
        shift = name.startsWith("--left") ? places : -places;
      }
    }
    if (Math.abs(shift) > 31) {
      throw new KernelRefusal("CONNMARK: a mark of 32 bits cannot be shifted by " + shift);
    }
    return shift;
  }

  private int shifted(int mark) {
    return shift >= 0 ? mark << shift : mark >>> -shift;
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    Connection connection = skb.seen();
    if (connection != null) {
      switch (mode) {
        case SET -> connection.mark = shifted((connection.mark & ~ctMask) ^ value);
        case SAVE -> connection.mark = (connection.mark & ~ctMask) ^ shifted(skb.mark & nfMask);
        case RESTORE -> skb.mark = (skb.mark & ~nfMask) ^ shifted(connection.mark & ctMask);
      }
    }
    return Action.CONTINUE;
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public int changes() {
    return mode == Mode.RESTORE ? KeyWord.MARK.bit() : KeyWord.CONNECTION_MARK.bit();
  }

  @Override
  public String save() {
    String masks = " --nfmask " + Numbers.hex(nfMask) + " --ctmask " + Numbers.hex(ctMask);
    return "-j CONNMARK "
        + switch (mode) {
          case SET -> "--set-xmark " + Numbers.hex(value) + "/" + Numbers.hex(ctMask);
          case SAVE -> "--save-mark" + masks;
          case RESTORE -> "--restore-mark" + masks;
        }
        + (shift > 0 ? " --left-shift-mark " + shift : "")
        + (shift < 0 ? " --right-shift-mark " + -shift : "");
  }
}
