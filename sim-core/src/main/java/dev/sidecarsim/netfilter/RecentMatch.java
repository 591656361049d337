package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;

/** {@code -m recent}: addresses seen before, in a list that rules share by name. */
record RecentMatch(
    boolean not,
    String action,
    long seconds,
    int hits,
    boolean ttl,
    boolean reap,
    String list,
    boolean destination,
    AddressMask mask)
    implements Match {

  /** A hit count must stay below XT_RECENT_MAX_NSTAMPS of the kernel. */
  private static final int MAX_HITS = 65_535;

  static final Extension<Match> EXTENSION =
      Extension.of(
          "recent",
          RecentMatch::of,
          OptionSpec.negatableFlag("--set"),
          OptionSpec.negatableFlag("--rcheck"),
          OptionSpec.negatableFlag("--update"),
          OptionSpec.negatableFlag("--remove"),
          OptionSpec.value("--seconds"),
          OptionSpec.value("--hitcount"),
          OptionSpec.flag("--reap"),
          OptionSpec.flag("--rttl"),
          OptionSpec.value("--name"),
          OptionSpec.flag("--rsource"),
          OptionSpec.flag("--rdest"),
          OptionSpec.value("--mask"));

  static Match of(Options options) {
    String action = null;
    for (String name : new String[] {"--set", "--rcheck", "--update", "--remove"}) {
      if (options.has(name)) {
        if (action != null) {
          throw new BadRule("recent: only one of --set, --rcheck, --update, --remove can be given");
        }
        action = name;
      }
    }
    if (action == null) {
      throw new BadRule("recent: one of --set, --rcheck, --update and --remove must be given");
    }
    boolean asks = action.equals("--rcheck") || action.equals("--update");
    if (!asks) {
      Forms.exclude(options, "--rttl", action);
    }
    Forms.require(options, "--reap", "--seconds");
    if (!asks && (options.has("--seconds") || options.has("--hitcount"))) {
      throw new KernelRefusal("recent: --seconds and --hitcount belong to --rcheck and --update");
    }
    String list = Forms.cut(options.word("--name", "DEFAULT"), 200);
    if (list.isEmpty() || list.indexOf('/') >= 0 || list.equals(".") || list.equals("..")) {
      throw new KernelRefusal("recent: \"" + list + "\" can be no file's name, as a list's must");
    }
    String full = options.v6() ? "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "255.255.255.255";
    IpAddress bits = Addresses.host(options.word("--mask", full), options.v6());
    return new RecentMatch(
        options.need(action).not(),
        action,
        options.number("--seconds", 0, 1, Numbers.U32),
        (int) options.number("--hitcount", 0, 0, MAX_HITS),
        options.has("--rttl"),
        options.has("--reap"),
        list,
        options.has("--rdest"),
        new AddressMask(bits, bits.high(), bits.low()));
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    Packet packet = skb.packet;
    // recent_mt() takes what leaves without a socket for forwarded: it had one hop more before
    boolean forwarded = !skb.out.isEmpty() && !skb.socket && !skb.kernelSocket;
    int hops = packet.ttl() + (forwarded ? 1 : 0);
    IpAddress whole = destination ? packet.dst() : packet.src();
    IpAddress address = new AddressMask(whole, mask.high(), mask.low()).address();
    return netfilter.recent(skb.family, this).test(this, address, hops, netfilter.now()) != not;
  }

  @Override
  public boolean hasMemory() {
    return true;
  }

  @Override
  public String save() {
    return "-m recent "
        + Match.not(not)
        + action
        + (seconds == 0 ? "" : " --seconds " + (int) seconds)
        + (reap ? " --reap" : "")
        + (hits == 0 ? "" : " --hitcount " + hits)
        + (ttl ? " --rttl" : "")
        + " --name "
        + list
        + " --mask "
        + mask.address()
        + (destination ? " --rdest" : " --rsource");
  }
}
