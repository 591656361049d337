package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.IpAddress;

/**
 * {@code -m rpfilter}: whether packets to the sender would leave by the interface that this one
 * came by ({@code rpfilter_mt()}).
 *
 * @param loose any interface will do
 * @param byMark whether the route is looked up with the packet's mark
 */
record ReversePathMatch(boolean loose, boolean byMark, boolean not) implements Match {

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
    ReversePathMatch match =
        new ReversePathMatch(
            options.has("--loose"), options.has("--validmark"), options.has("--invert"));
    return options.has("--accept-local")
        ? new UnknownMatch(
            "rpfilter",
            match.route() + " --accept-local" + match.inverted(),
            "--accept-local is not modelled",
            ImmutableSet.of(Hook.PREROUTING))
        : match;
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return cameTheWayBack(skb, netfilter) != not;
  }

  private boolean cameTheWayBack(Skb skb, Netfilter netfilter) {
    IpAddress source = skb.packet.src();
    if (skb.in.equals("lo") || (source.isAny() && skb.packet.dst().isMulticast())) {
      return true;
    }
    String way = netfilter.host().wayTo(source, byMark ? skb.mark : 0);
    return way != null && (loose || way.equals(skb.in));
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hook == Hook.PREROUTING;
  }

  private String route() {
    return (loose ? " --loose" : "") + (byMark ? " --validmark" : "");
  }

  private String inverted() {
    return not ? " --invert" : "";
  }

  @Override
  public String save() {
    return "-m rpfilter" + route() + inverted();
  }
}
