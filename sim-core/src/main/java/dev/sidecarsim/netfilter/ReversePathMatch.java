package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;

/**
 * {@code -m rpfilter}: whether packets to the sender would leave by the interface that this one
 * came by ({@code rpfilter_mt()}).
 *
 * @param loose any interface will do
 * @param byMark whether the route is looked up with the packet's mark
 * @param acceptLocal whether the sender may have an address of this host
 */
record ReversePathMatch(boolean loose, boolean byMark, boolean acceptLocal, boolean not)
    implements Match {

  private static final Cidr LINK_LOCAL_GROUPS = Cidr.of("224.0.0.0/24");
  private static final IpAddress LIMITED_BROADCAST = IpAddress.v4(-1);

  static final Extension<Match> EXTENSION =
      Extension.of(
          "rpfilter",
          ReversePathMatch::of,
          OptionSpec.flag("--loose"),
          OptionSpec.flag("--validmark"),
          OptionSpec.flag("--accept-local"),
          OptionSpec.flag("--invert"));

  static Match of(Options options) {
    options.needTable(TableName.RAW, TableName.MANGLE);
    return new ReversePathMatch(
        options.has("--loose"),
        options.has("--validmark"),
        options.has("--accept-local"),
        options.has("--invert"));
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return cameTheWayBack(skb, netfilter.host()) != not;
  }

  private boolean cameTheWayBack(Skb skb, HostView host) {
    IpAddress source = skb.packet.src();
    if (skb.turned || asksForAddress(source, skb.packet.dst())) {
      return true;
    }
    HostView.Way way = host.wayTo(source, byMark ? skb.mark : 0);
    if (way == null || (way.local() && !acceptLocal)) {
      return false;
    }
    // rpfilter_lookup_reverse6() does not look at the interface of a local address
    return loose || way.device().equals(skb.in) || (way.local() && source.v6());
  }

  /** Whether the sender may have no address yet; in IPv6 that is left to others to judge. */
  private static boolean asksForAddress(IpAddress source, IpAddress destination) {
    return source.isAny()
        && (source.v6()
            || destination.equals(LIMITED_BROADCAST)
            || LINK_LOCAL_GROUPS.contains(destination));
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hook == Hook.PREROUTING;
  }

  @Override
  public String save() {
    return "-m rpfilter"
        + (loose ? " --loose" : "")
        + (byMark ? " --validmark" : "")
        + (acceptLocal ? " --accept-local" : "")
        + (not ? " --invert" : "");
  }
}
