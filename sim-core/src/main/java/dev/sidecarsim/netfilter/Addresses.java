package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses as rules write them. The parts of an IPv4 address are in C's notation. */
final class Addresses {

  /** Debian's {@code /etc/networks}. */
  private static final ImmutableMap<String, Integer> NETWORKS =
      ImmutableMap.of("default", 0, "loopback", 0x7f000000, "link-local", 0xa9fe0000);

  /** Where an interface's name says which link is meant (RFC 4007, 6). */
  private static final ImmutableList<Cidr> LINKS =
      ImmutableList.of(Cidr.of("fe80::/10"), Cidr.of("ff02::/16"));

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private Addresses() {}

  /**
   * An address and a mask as libxtables reads XTTYPE_HOSTMASK.
   *
   * @param address the address, bits beyond the mask included
   * @param mask the bits that count
   */
  record Host(IpAddress address, AddressMask mask) {

    /** The whole address, and the mask's length unless that is all. */
    @Override
    public String toString() {
      String masked = mask.brief();
      int slash = masked.indexOf('/');
      return address + (slash < 0 ? "" : masked.substring(slash));
    }
  }

  /** What {@code -s} and {@code -d} take: {@code 10.0.0.0/8}, {@code 10/255.0.0.0}, a host. */
  static AddressMask network(String text, boolean v6) {
    int slash = text.lastIndexOf('/');
    AddressMask mask = slash < 0 ? AddressMask.host(v6) : mask(text.substring(slash + 1), v6);
    if (mask.isAny()) {
      // nobody looks at the address then
      return AddressMask.any(v6);
    }
    return mask.of(networkAddress(slash < 0 ? text : text.substring(0, slash), v6));
  }

  private static IpAddress networkAddress(String text, boolean v6) {
    Integer named = v6 ? null : NETWORKS.get(text);
    IpAddress numeric = named != null ? IpAddress.v4(named) : numeric(text, v6);
    return numeric != null ? numeric : host(text, v6);
  }

  private static AddressMask mask(String text, boolean v6) {
    boolean dotted = v6 || text.chars().filter(c -> c == '.').count() == 3;
    IpAddress bits = dotted ? numeric(text, v6) : null;
    if (bits != null) {
      return new AddressMask(bits.any(), bits.high(), bits.low());
    }
    OptionalLong length = Numbers.whole(text, 0, v6 ? 128 : 32);
    if (length.isEmpty()) {
      throw new BadRule("invalid mask `" + text + "' specified");
    }
    return AddressMask.prefix(v6, (int) length.getAsLong());
  }

  /** Numbers alone, of which an IPv4 address may lack some at the end: 10.1 is 10.1.0.0. */
  static @Nullable IpAddress numeric(String text, boolean v6) {
    if (v6) {
      return v6(text);
    }
    long bits = 0;
    List<String> parts = Splitter.on('.').splitToList(text);
    for (String part : parts) {
      OptionalLong octet = Numbers.whole(part, 0, 255);
      if (octet.isEmpty() || parts.size() > 4) {
        return null;
      }
      bits = (bits << 8) | octet.getAsLong();
    }
    return IpAddress.v4((int) (bits << (8 * (4 - parts.size()))));
  }

  /**
   * An address as getaddrinfo() reads it, without asking anybody. Of an IPv4 address parts may lack
   * before the last one: 10.1 is 10.0.0.1.
   */
  static IpAddress host(String text, boolean v6) {
    IpAddress found =
        text.equals("localhost")
            ? v6 ? IpAddress.LOOPBACK_V6 : IpAddress.LOOPBACK_V4
            : v6 ? v6(withoutZone(text)) : joined(text);
    if (found == null) {
      throw new BadRule(
          "host/network `" + text + "' not found; write an " + (v6 ? "IPv6" : "IPv4") + " address");
    }
    return found;
  }

  /**
   * Without {@code %1}: a zone by its number, or that of the one interface that every host has, for
   * addresses of a link.
   */
  private static String withoutZone(String text) {
    int percent = text.indexOf('%');
    if (percent < 0) {
      return text;
    }
    String zone = text.substring(percent + 1);
    String address = text.substring(0, percent);
    IpAddress plain = v6(address);
    boolean number = NUMBER.matcher(zone).matches() && Long.parseLong(zone) <= Numbers.U32;
    boolean linked = plain != null && LINKS.stream().anyMatch(link -> link.contains(plain));
    return number || (zone.equals("lo") && linked) ? address : text;
  }

  /** As inet_aton() reads it. */
  private static @Nullable IpAddress joined(String text) {
    List<String> parts = Splitter.on('.').splitToList(text);
    long bits = 0;
    for (int i = 0; i < parts.size(); i++) {
      boolean last = i == parts.size() - 1;
      int width = last ? 8 * (4 - i) : 8;
      String part = parts.get(i);
      boolean plain = !part.isEmpty() && Character.isDigit(part.charAt(0));
      OptionalLong value =
          plain && width > 0 ? Numbers.whole(part, 0, (1L << width) - 1) : OptionalLong.empty();
      if (value.isEmpty()) {
        return null;
      }
      bits = (bits << width) | value.getAsLong();
    }
    return IpAddress.v4((int) bits);
  }

  /** An IPv6 address, v4-mapped ones included. */
  private static @Nullable IpAddress v6(String text) {
    if (text.indexOf(':') < 0 || !IpAddress.isLiteral(text) || text.indexOf('%') >= 0) {
      return null;
    }
    IpAddress address = IpAddress.of(text);
    return address.v6() ? address : IpAddress.v6(0, 0xffff_0000_0000L | address.low());
  }

  /** {@code 10.0.0.1/8} of XTTYPE_HOSTMASK. */
  static Host hostMask(String text, boolean v6) {
    int slash = text.indexOf('/');
    IpAddress address = host(slash < 0 ? text : text.substring(0, slash), v6);
    int length = slash < 0 ? -1 : maskLength(text.substring(slash + 1), v6);
    // xtopt_parse_plenmask() of 1.8.9 makes of a mask with holes one of all bits
    AddressMask mask = length < 0 ? AddressMask.host(v6) : AddressMask.prefix(v6, length);
    return new Host(address, mask.of(address));
  }

  /** A prefix length, given so or as a mask (XTTYPE_PLEN); -1 for a mask with holes. */
  static int maskLength(String text, boolean v6) {
    int width = v6 ? 128 : 32;
    OptionalLong length = Numbers.whole(text, 0, width);
    if (length.isPresent()) {
      return (int) length.getAsLong();
    }
    IpAddress bits = v6 ? v6(text) : joined(text);
    if (bits == null) {
      throw new BadRule(
          "`" + text + "' is neither a valid network mask nor a length of 0 to " + width);
    }
    return new AddressMask(bits.any(), bits.high(), bits.low()).prefix();
  }
}
