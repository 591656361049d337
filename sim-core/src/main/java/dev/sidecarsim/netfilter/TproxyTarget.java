package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;

/**
 * {@code -j TPROXY}: hands the packet to a local socket without changing it. Without a socket there
 * the packet is dropped.
 */
record TproxyTarget(int port, IpAddress address, MaskedValue mark) implements Target {

  static final Extension<Target> EXTENSION =
      Extension.of(
          "TPROXY",
          TproxyTarget::of,
          OptionSpec.value("--on-port"),
          OptionSpec.value("--on-ip"),
          OptionSpec.value("--tproxy-mark"));

  static Target of(Options options) {
    options.needTable(TableName.MANGLE);
    String word = options.need("--on-port").word();
    int port = word.isEmpty() ? 0 : Services.anyPort(word);
    IpAddress any = options.v6() ? IpAddress.ANY_V6 : IpAddress.ANY_V4;
    IpAddress address =
        options.has("--on-ip") ? Addresses.host(options.word("--on-ip", ""), options.v6()) : any;
    MaskedValue mark =
        options.has("--tproxy-mark")
            ? MaskedValue.parse("TPROXY", "--tproxy-mark", options.word("--tproxy-mark", ""))
            : new MaskedValue(0, 0);
    int number = options.context().number();
    if (number != 6 && number != 17) {
      throw new KernelRefusal("TPROXY needs -p tcp or -p udp");
    }
    return new TproxyTarget(port, address, mark);
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    Packet packet = skb.packet;
    HostView host = netfilter.host();
    IpAddress local = address;
    if (local.isAny()) {
      IpAddress first = host.firstAddress(skb.in, address.v6());
      local = first == null ? packet.dst() : first;
    }
    Packet proxied = packet.withDestination(local, port == 0 ? packet.dport() : port);
    if (!host.hasSocketFor(packet, HostView.Sockets.CONNECTED)
        && !host.hasSocketFor(proxied, HostView.Sockets.ALL)) {
      return Action.DROP;
    }
    skb.mark = (skb.mark & ~mark.mask()) ^ mark.value();
    skb.proxy = proxied.to();
    return Action.ACCEPT;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hook == Hook.PREROUTING;
  }

  @Override
  public boolean ends() {
    return true;
  }

  @Override
  public String save() {
    return "-j TPROXY --on-port "
        + port
        + " --on-ip "
        + address
        + " --tproxy-mark "
        + Numbers.hex(mark.value())
        + "/"
        + Numbers.hex(mark.mask());
  }
}
