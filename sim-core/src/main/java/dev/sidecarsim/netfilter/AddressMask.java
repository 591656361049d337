package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import dev.sidecarsim.net.IpAddress;
import java.util.List;

/**
 * An address and the bits of it that count; unlike a prefix the mask may have holes.
 *
 * @param address the address, masked
 * @param high mask of the upper 64 bits of an IPv6 address
 * @param low mask of the lower 64 bits, or of the 32 bits of an IPv4 address
 */
record AddressMask(IpAddress address, long high, long low) {

  static final AddressMask ANY_V4 = new AddressMask(IpAddress.ANY_V4, 0, 0);
  static final AddressMask ANY_V6 = new AddressMask(IpAddress.ANY_V6, 0, 0);

  AddressMask {
    address = masked(address, high, low);
  }

  static AddressMask any(boolean v6) {
    return v6 ? ANY_V6 : ANY_V4;
  }

  private static IpAddress masked(IpAddress address, long high, long low) {
    return address.v6()
        ? IpAddress.v6(address.high() & high, address.low() & low)
        : IpAddress.v4((int) (address.low() & low));
  }

  /** Reads {@code 10.0.0.0/8}, {@code 10.0.0.0/255.0.0.0} or an address alone. */
  static AddressMask parse(String text, boolean v6) {
    int slash = text.indexOf('/');
    IpAddress address = address(slash < 0 ? text : text.substring(0, slash), v6);
    if (slash < 0) {
      return prefix(address, address.width());
    }
    String mask = text.substring(slash + 1);
    if (IpAddress.isLiteral(mask) && IpAddress.of(mask).v6() == v6 && (v6 || mask.contains("."))) {
      IpAddress bits = IpAddress.of(mask);
      return new AddressMask(address, bits.high(), bits.low());
    }
    try {
      int length = Integer.parseInt(mask);
      if (length >= 0 && length <= address.width()) {
        return prefix(address, length);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new BadRule("invalid mask `" + mask + "' specified");
  }

  private static AddressMask prefix(IpAddress address, int length) {
    if (address.v4()) {
      return new AddressMask(address, 0, length == 0 ? 0 : (-1L << (32 - length)) & 0xffff_ffffL);
    }
    return new AddressMask(address, ones(length), ones(length - 64));
  }

  private static long ones(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
  }

  /** Reads an address; inet_aton()'s short forms such as {@code 10.1} are taken too. */
  static IpAddress address(String text, boolean v6) {
    if (IpAddress.isLiteral(text)) {
      IpAddress address = IpAddress.of(text);
      if (address.v6() == v6) {
        return address;
      }
    } else if (!v6
        && !text.isEmpty()
        && text.chars().allMatch(c -> c == '.' || Character.isDigit(c))) {
      return shortForm(text);
    }
    throw new BadRule(
        "host/network `" + text + "' not found; write an " + (v6 ? "IPv6" : "IPv4") + " address");
  }

  private static IpAddress shortForm(String text) {
    List<String> parts = Splitter.on('.').splitToList(text);
    long bits = 0;
    for (int i = 0; i < parts.size(); i++) {
      boolean last = i == parts.size() - 1;
      String part = parts.get(i);
      long max = last ? (1L << (8 * (5 - parts.size()))) - 1 : 255;
      if (parts.size() > 4 || part.isEmpty() || part.length() > 10 || Long.parseLong(part) > max) {
        throw new BadRule("host/network `" + text + "' not found; write an IPv4 address");
      }
      bits = last ? bits | Long.parseLong(part) : bits | (Long.parseLong(part) << (8 * (3 - i)));
    }
    return IpAddress.v4((int) bits);
  }

  boolean matches(IpAddress candidate) {
    return (candidate.low() & low) == address.low()
        && (candidate.high() & high) == address.high()
        && candidate.v6() == address.v6();
  }

  /** Whether every address of the family is covered. */
  boolean isAny() {
    return low == 0 && high == 0;
  }

  /** The prefix length, or -1 if the mask has holes. */
  int prefix() {
    if (address.v4()) {
      int ones = Long.bitCount(low);
      return prefix(address, ones).low == low ? ones : -1;
    }
    int ones = Long.bitCount(high) + Long.bitCount(low);
    AddressMask plain = prefix(address, ones);
    return plain.high == high && plain.low == low ? ones : -1;
  }

  /** The mask with its slash, as {@code -s} and {@code -d} print it. */
  @Override
  public String toString() {
    return address + "/" + mask();
  }

  /** The same, but nothing behind a host's address. */
  String brief() {
    return prefix() == address.width() ? address.toString() : toString();
  }

  private String mask() {
    int prefix = prefix();
    if (prefix >= 0) {
      return Integer.toString(prefix);
    }
    return (address.v6() ? IpAddress.v6(high, low) : IpAddress.v4((int) low)).toString();
  }
}
