package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * DNAT, SNAT, REDIRECT, MASQUERADE and NETMAP: bind a new connection to other addresses.
 *
 * @param block NETMAP's block of addresses, else null
 */
record NatTarget(Kind kind, NatRange range, @Nullable AddressMask block, String text)
    implements Target {

  /** Which address is chosen, and where that is allowed. */
  enum Kind {
    DNAT(Hook.PREROUTING, Hook.OUTPUT),
    SNAT(Hook.POSTROUTING, Hook.INPUT),
    REDIRECT(Hook.PREROUTING, Hook.OUTPUT),
    MASQUERADE(Hook.POSTROUTING),
    NETMAP(Hook.PREROUTING, Hook.OUTPUT, Hook.POSTROUTING, Hook.INPUT);

    private final ImmutableSet<Hook> hooks;

    Kind(Hook... hooks) {
      this.hooks = ImmutableSet.copyOf(hooks);
    }
  }

  private static final ImmutableSet<Integer> PORTS = ImmutableSet.of(1, 6, 17, 33, 58, 132);

  static final Extension<Target> DNAT =
      Extension.of(
          "DNAT",
          o -> to(o, Kind.DNAT, "--to-destination"),
          OptionSpec.value("--to-destination"),
          OptionSpec.flag("--random"),
          OptionSpec.flag("--persistent"));

  static final Extension<Target> SNAT =
      Extension.of(
          "SNAT",
          o -> to(o, Kind.SNAT, "--to-source"),
          OptionSpec.value("--to-source"),
          OptionSpec.flag("--random"),
          OptionSpec.flag("--random-fully"),
          OptionSpec.flag("--persistent"));

  static final Extension<Target> REDIRECT =
      Extension.of(
          "REDIRECT",
          o -> ports(o, Kind.REDIRECT),
          OptionSpec.value("--to-ports"),
          OptionSpec.flag("--random"));

  static final Extension<Target> MASQUERADE =
      Extension.of(
          "MASQUERADE",
          o -> ports(o, Kind.MASQUERADE),
          OptionSpec.value("--to-ports"),
          OptionSpec.flag("--random"),
          OptionSpec.flag("--random-fully"));

  static final Extension<Target> NETMAP =
      Extension.of("NETMAP", NatTarget::netmap, OptionSpec.value("--to"));

  private static Target to(Options options, Kind kind, String option) {
    String word = options.need(option).word();
    if (word.indexOf('/') >= 0) {
      return shifted(options, kind, option);
    }
    NatRange flags =
        new NatRange(null, null, -1, -1, isRandom(options), options.has("--persistent"));
    NatRange range = NatRange.parse(word, options.v6(), flags);
    if (range.hasPorts()) {
      needPorts(options);
    }
    options.needTable(TableName.NAT);
    return new NatTarget(kind, range, null, " " + option + " " + range + flags(options));
  }

  /** {@code 10.0.0.1:80-90/100}: the ports are counted from 100 on. */
  private static Target shifted(Options options, Kind kind, String option) {
    String word = options.need(option).word();
    int slash = word.lastIndexOf('/');
    String ports = word.substring(word.lastIndexOf(':') + 1);
    String text = word.substring(slash + 1);
    CNumber number = CNumber.read(text, 0, 0);
    long base = number.isWithin(1, 65535) ? number.value() : Services.named(text);
    if (base < 0 || ports.indexOf('-') < 0) {
      throw new BadRule("invalid ports `" + word + "'; write some such as 80-90 or 80-90/100");
    }
    String before = word.substring(0, slash);
    String range =
        kind == Kind.MASQUERADE
            ? NatRange.KEEP.withPorts(before).portText()
            : NatRange.parse(before, options.v6(), NatRange.KEEP).toString();
    needPorts(options);
    options.needTable(TableName.NAT);
    // the kernel's revision of source targets has no place for the base
    return new UnknownTarget(
        kind.name(),
        " " + option + " " + range + "/" + (kind == Kind.DNAT ? base : 0) + flags(options),
        "shifted port ranges are not modelled",
        kind.hooks);
  }

  private static Target ports(Options options, Kind kind) {
    NatRange range = new NatRange(null, null, -1, -1, isRandom(options), false);
    String text = "";
    if (kind == Kind.MASQUERADE && options.word("--to-ports", "").indexOf('/') >= 0) {
      return shifted(options, kind, "--to-ports");
    }
    if (options.has("--to-ports")) {
      needPorts(options);
      range = range.withPorts(options.word("--to-ports", ""));
      text = " --to-ports " + range.portText();
    }
    options.needTable(TableName.NAT);
    return new NatTarget(kind, range, null, text + flags(options));
  }

  private static Target netmap(Options options) {
    AddressMask block = Addresses.hostMask(options.need("--to").word(), options.v6()).mask();
    options.needTable(TableName.NAT);
    return new NatTarget(Kind.NETMAP, NatRange.KEEP, block, " --to " + block);
  }

  /** Ports to choose from need a protocol that has some; an ICMP identifier passes for one. */
  private static void needPorts(Options options) {
    if (!PORTS.contains(options.context().protocol().number())) {
      throw new BadRule("Need TCP, UDP, SCTP or DCCP with port specification");
    }
  }

  private static boolean isRandom(Options options) {
    return options.has("--random") || options.has("--random-fully");
  }

  private static String flags(Options options) {
    return (options.has("--random") ? " --random" : "")
        + (options.has("--random-fully") ? " --random-fully" : "")
        + (options.has("--persistent") ? " --persistent" : "");
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    Connection connection = skb.connection;
    if (connection == null) {
      return Action.ACCEPT;
    }
    NatRange chosen = choose(skb, netfilter.host());
    if (chosen == null) {
      return Action.DROP;
    }
    if (kind == Kind.MASQUERADE && !connection.has(Connection.CONFIRMED)) {
      connection.masqueradeDevice = skb.out;
    }
    netfilter.conntrack().nat().bind(connection, Nat.isSource(skb.hook), chosen);
    return Action.ACCEPT;
  }

  private @Nullable NatRange choose(Skb skb, HostView host) {
    return switch (kind) {
      case DNAT, SNAT -> range;
      case NETMAP -> range.withAddress(mapped(skb));
      case REDIRECT -> {
        boolean v6 = skb.packet.dst().v6();
        IpAddress own =
            skb.hook == Hook.OUTPUT ? skb.packet.dst().loopback() : host.firstAddress(skb.in, v6);
        yield own == null ? null : range.withAddress(own);
      }
      case MASQUERADE -> {
        IpAddress end = skb.packet.dst();
        IpAddress hop = skb.nextHop == null || end.v6() ? end : skb.nextHop;
        IpAddress own = host.addressTowards(skb.out, hop);
        yield own == null ? null : range.withAddress(own);
      }
    };
  }

  private IpAddress mapped(Skb skb) {
    AddressMask to = block == null ? AddressMask.ANY_V4 : block;
    IpAddress host = Nat.isSource(skb.hook) ? skb.packet.src() : skb.packet.dst();
    return host.v6()
        ? IpAddress.v6(
            (host.high() & ~to.high()) | to.address().high(),
            (host.low() & ~to.low()) | to.address().low())
        : IpAddress.v4((int) ((host.low() & ~to.low()) | to.address().low()));
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return kind.hooks.contains(hook);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public boolean ends() {
    return true;
  }

  @Override
  public String save() {
    return "-j " + kind + text;
  }
}
