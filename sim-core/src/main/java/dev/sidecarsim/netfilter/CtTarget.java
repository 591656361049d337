package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSetMultimap;
import org.jspecify.annotations.Nullable;

/**
 * {@code -j CT}: chooses how connection tracking will look at the packet. Helpers and events are
 * read and have no effect: nothing here speaks a protocol that needs them.
 *
 * @param template stands for the connection from here on until the packet is tracked; the rule has
 *     one as long as it is in force, so that a mark on it is seen by later packets
 * @param zone where the connection is looked for; that of the packet's mark if it is MARK
 * @param original whether the zone holds for the original direction
 * @param reply whether it holds for the answers
 */
record CtTarget(
    Connection template, boolean notrack, int zone, boolean original, boolean reply, String text)
    implements Target {

  /** Of which packets of a connection a zone holds. */
  enum Side {
    BOTH,
    ORIGINAL,
    REPLY
  }

  /** {@code --zone mark}: no number of a zone, which has 16 bits. */
  private static final int MARK = -1;

  private static final String[] EVENTS = {
    "new",
    "related",
    "destroy",
    "reply",
    "assured",
    "protoinfo",
    "helper",
    "mark",
    "natseqinfo",
    "secmark"
  };

  /** The kernel's helpers, by protocol. */
  private static final ImmutableSetMultimap<Integer, String> HELPERS =
      ImmutableSetMultimap.<Integer, String>builder()
          .putAll(6, "ftp", "irc", "sip", "pptp", "sane", "Q.931")
          .putAll(17, "sip", "tftp", "amanda", "netbios-ns", "snmp", "RAS")
          .build();

  private static final Unmodelled TEXT =
      Unmodelled.of(
          "CT",
          Unmodelled.flag("--notrack"),
          Unmodelled.value("--helper", CtTarget::nameOrNothing),
          Unmodelled.value("--timeout", CtTarget::nameOrNothing),
          Unmodelled.value("--ctevents", Forms.anyOf(EVENTS)),
          Unmodelled.value("--expevents", Forms.anyOf("new")),
          Unmodelled.value("--zone-orig", words -> null),
          Unmodelled.value("--zone-reply", words -> null),
          Unmodelled.value("--zone", words -> null));

  static final Extension<Target> EXTENSION = TEXT.extension(CtTarget::of);

  static Target of(Options options) {
    options.needTable(TableName.RAW);
    checkHelper(options);
    boolean orig = options.has("--zone-orig");
    boolean reply = options.has("--zone-reply");
    String zone = zone(options);
    String text = TEXT.text(options);
    if (!zone.equals("0")) {
      text += (orig == reply ? " --zone " : orig ? " --zone-orig " : " --zone-reply ") + zone;
    }
    int number = zone.equals("mark") ? MARK : Integer.parseInt(zone);
    return new CtTarget(
        Connection.template(options.v6()),
        options.has("--notrack"),
        number,
        orig || !reply,
        reply || !orig,
        text);
  }

  private static @Nullable String nameOrNothing(ImmutableList<String> words) {
    return words.get(0).isEmpty() ? null : words.get(0);
  }

  private static void checkHelper(Options options) {
    String helper = options.word("--helper", "");
    int protocol = options.context().number();
    if (!helper.isEmpty() && !HELPERS.containsEntry(protocol, helper)) {
      throw new KernelRefusal(
          "CT: the kernel has no helper \"" + helper + "\" for -p " + options.context().protocol());
    }
    if (!options.word("--timeout", "").isEmpty()) {
      throw new KernelRefusal("CT: no timeout policy is known here");
    }
  }

  /** Of several zones the last one counts; the directions of all of them do. */
  private static String zone(Options options) {
    String zone = "0";
    for (String name : options.names()) {
      if (name.startsWith("--zone")) {
        String word = options.word(name, "");
        zone = word.equals("mark") ? word : Long.toString(options.number(name, 0, 0, 65535));
      }
    }
    return zone;
  }

  /** For which packets the zone of a new connection holds. */
  static Side side(Skb skb) {
    CtTarget rule = skb.template;
    if (rule == null || rule.original == rule.reply) {
      return Side.BOTH;
    }
    return rule.original ? Side.ORIGINAL : Side.REPLY;
  }

  /** The zone of packets that go the original way. */
  static int originalZone(Skb skb) {
    return skb.template == null || !skb.template.original ? 0 : skb.template.zoneOf(skb);
  }

  /** The zone of answers. */
  static int replyZone(Skb skb) {
    return skb.template == null || !skb.template.reply ? 0 : skb.template.zoneOf(skb);
  }

  /** {@code nf_ct_zone_tmpl()}: a mark's low 16 bits, as it is when the connection is looked up. */
  private int zoneOf(Skb skb) {
    return zone == MARK ? skb.mark & 0xffff : zone;
  }

  /** {@code xt_ct_tg_check()}: rules that are loaded anew begin with an unmarked template. */
  @Override
  public Target fresh() {
    Connection unmarked = Connection.template(template.original().src().v6());
    return new CtTarget(unmarked, notrack, zone, original, reply, text);
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    if (skb.isJudged()) {
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
  public int changes() {
    return KeyWord.CONNECTION_STATE.bit();
  }

  @Override
  public String save() {
    return "-j CT" + text;
  }
}
