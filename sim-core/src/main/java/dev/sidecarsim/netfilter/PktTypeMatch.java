package dev.sidecarsim.netfilter;

import java.util.Locale;

/** {@code -m pkttype}: to whom the link layer addressed the packet. */
record PktTypeMatch(boolean not, PacketType type) implements Match {

  static final Extension<Match> EXTENSION =
      Extension.of("pkttype", PktTypeMatch::of, OptionSpec.match("--pkt-type"));

  static Match of(Options options) {
    Options.Value value = options.need("--pkt-type");
    PacketType type =
        switch (value.word().toLowerCase(Locale.ROOT)) {
          case "unicast", "host" -> PacketType.UNICAST;
          case "broadcast", "bcast" -> PacketType.BROADCAST;
          case "multicast", "mcast" -> PacketType.MULTICAST;
          case "otherhost" -> PacketType.OTHERHOST;
          default -> throw new BadRule("pkttype: bad packet type '" + value.word() + "'");
        };
    return new PktTypeMatch(value.not(), type);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    return (skb.type == type) != not;
  }

  @Override
  public String save() {
    return "-m pkttype " + Match.not(not) + "--pkt-type " + type.name().toLowerCase(Locale.ROOT);
  }
}
