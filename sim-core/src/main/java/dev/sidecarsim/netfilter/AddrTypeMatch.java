package dev.sidecarsim.netfilter;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.sidecarsim.net.IpAddress;
import java.util.EnumSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code -m addrtype}: what the routing table takes source and destination for.
 *
 * @param limit {@code --limit-iface-in} or {@code -out}: only that interface's addresses count
 */
record AddrTypeMatch(@Nullable Types src, @Nullable Types dst, @Nullable String limit)
    implements Match {

  /** Any of some types, in their order. */
  record Types(boolean not, ImmutableSet<AddressType> types) {
    String save(String option) {
      return " " + Match.not(not) + option + " " + Joiner.on(',').join(types);
    }
  }

  /** Types that {@code addrtype_mt_checkentry_v1()} refuses for IPv6. */
  private static final ImmutableSet<AddressType> ONLY_IPV4 =
      Sets.immutableEnumSet(
          AddressType.BROADCAST,
          AddressType.BLACKHOLE,
          AddressType.PROHIBIT,
          AddressType.THROW,
          AddressType.NAT,
          AddressType.XRESOLVE);

  private static final ImmutableSet<AddressType> ROUTED =
      Sets.immutableEnumSet(AddressType.ANYCAST, AddressType.UNREACHABLE);

  static final Extension<Match> EXTENSION =
      Extension.of(
          "addrtype",
          AddrTypeMatch::of,
          OptionSpec.match("--src-type"),
          OptionSpec.match("--dst-type"),
          OptionSpec.flag("--limit-iface-in"),
          OptionSpec.flag("--limit-iface-out"));

  static Match of(Options options) {
    Types src = types(options, "--src-type");
    Types dst = types(options, "--dst-type");
    if (src == null && dst == null) {
      throw new BadRule("addrtype: one of --src-type and --dst-type must be given");
    }
    boolean in = options.has("--limit-iface-in");
    boolean out = options.has("--limit-iface-out");
    if (in && out) {
      throw new BadRule(
          "addrtype: only one of --limit-iface-in and --limit-iface-out can be given");
    }
    if (options.v6() && (hasAny(src, ONLY_IPV4) || hasAny(dst, ONLY_IPV4))) {
      throw new KernelRefusal("addrtype: IPv6 knows none of the types " + ONLY_IPV4);
    }
    if (options.v6() && (hasAny(src, ROUTED) || hasAny(dst, ROUTED))) {
      return UnknownMatch.of(options, "types that IPv6 routes decide are not modelled");
    }
    return new AddrTypeMatch(src, dst, in ? "--limit-iface-in" : out ? "--limit-iface-out" : null);
  }

  private static boolean hasAny(@Nullable Types types, ImmutableSet<AddressType> asked) {
    return types != null && !Sets.intersection(types.types, asked).isEmpty();
  }

  private static @Nullable Types types(Options options, String name) {
    Options.Value value = options.get(name);
    if (value == null) {
      return null;
    }
    EnumSet<AddressType> types = EnumSet.noneOf(AddressType.class);
    for (String type : Splitter.on(',').split(value.word())) {
      types.add(type(type));
    }
    return new Types(value.not(), Sets.immutableEnumSet(types));
  }

  private static AddressType type(String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    for (AddressType type : AddressType.values()) {
      if (!wanted.isEmpty() && type.name().startsWith(wanted)) {
        return type;
      }
    }
    throw new BadRule("addrtype: bad type `" + name + "'");
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    String device = limit == null ? null : limit.endsWith("in") ? skb.in : skb.out;
    return (src == null || matches(src, skb.packet.src(), device, netfilter))
        && (dst == null || matches(dst, skb.packet.dst(), device, netfilter));
  }

  private static boolean matches(
      Types types, IpAddress address, @Nullable String device, Netfilter netfilter) {
    AddressType type =
        device == null
            ? netfilter.host().addressType(address)
            : netfilter.host().addressType(address, device);
    boolean hit = address.v6() ? isAll(types, address, type) : types.types.contains(type);
    return hit != types.not;
  }

  /** {@code match_type6()}: the address must be of every type that is given. */
  private static boolean isAll(Types types, IpAddress address, AddressType type) {
    boolean unicast = !address.isMulticast() && !address.isAny();
    for (AddressType wanted : types.types) {
      boolean is =
          switch (wanted) {
            case UNICAST -> unicast;
            case UNSPEC -> address.isAny();
            default -> wanted == type;
          };
      if (!is) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    if (limit == null) {
      return true;
    }
    boolean in = limit.endsWith("in");
    return switch (hook) {
      case PREROUTING, INPUT -> in;
      case OUTPUT, POSTROUTING -> !in;
      case FORWARD -> true;
    };
  }

  @Override
  public String save() {
    return "-m addrtype"
        + (src == null ? "" : src.save("--src-type"))
        + (dst == null ? "" : dst.save("--dst-type"))
        + (limit == null ? "" : " " + limit);
  }
}
