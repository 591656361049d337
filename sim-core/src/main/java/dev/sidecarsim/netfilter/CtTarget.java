package dev.sidecarsim.netfilter;

/**
 * {@code -j CT}: chooses how connection tracking will look at the packet. Helpers and events are
 * read and have no effect: nothing here speaks a protocol that needs them.
 *
 * @param original whether the zone holds for the original direction
 * @param reply whether it holds for the answers
 */
record CtTarget(boolean notrack, int zone, boolean original, boolean reply, String text)
    implements Target {

  static final Extension<Target> EXTENSION =
      Extension.of(
          "CT",
          CtTarget::of,
          OptionSpec.flag("--notrack"),
          OptionSpec.value("--helper"),
          OptionSpec.value("--timeout"),
          OptionSpec.value("--ctevents"),
          OptionSpec.value("--expevents"),
          OptionSpec.value("--zone-orig"),
          OptionSpec.value("--zone-reply"),
          OptionSpec.value("--zone"));

  static Target of(Options options) {
    options.needTable(TableName.RAW);
    if (options.word("--zone", "").equals("mark")
        || options.word("--zone-orig", "").equals("mark")
        || options.word("--zone-reply", "").equals("mark")) {
      return new UnknownTarget("CT", options.save(), "zones by mark are not modelled");
    }
    boolean orig = options.has("--zone-orig");
    boolean reply = options.has("--zone-reply");
    String name = orig ? "--zone-orig" : reply ? "--zone-reply" : "--zone";
    int zone = (int) options.number(name, 0, 0, 65535);
    return new CtTarget(options.has("--notrack"), zone, !reply, !orig, options.save());
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    if (skb.ctState != CtState.NONE || skb.template != null) {
      return Action.CONTINUE;
    }
    if (notrack) {
      skb.ctState = CtState.UNTRACKED;
    } else {
      skb.template = this;
    }
    return Action.CONTINUE;
  }

  @Override
  public boolean needsConntrack() {
    return !notrack;
  }

  @Override
  public String save() {
    return "-j CT" + text;
  }
}
