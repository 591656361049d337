package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import dev.sidecarsim.net.IpAddress;

/**
 * An address and the bits of it that count; unlike a prefix the mask may have holes.
 *
 * @param address the address, masked
 * @param high mask of the upper 64 bits of an IPv6 address
 * @param low mask of the lower 64 bits, or of the 32 bits of an IPv4 address
 */
record AddressMask(IpAddress address, long high, long low) {

  private static final Splitter DOTS = Splitter.on('.');

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
    AddressMask mask = slash < 0 ? host(v6) : mask(text.substring(slash + 1), v6);
    if (mask.isAny()) {
      // nobody looks at the address then
      return any(v6);
    }
    IpAddress address = address(slash < 0 ? text : text.substring(0, slash), v6);
    return new AddressMask(address, mask.high, mask.low);
  }

  private static AddressMask host(boolean v6) {
    return v6 ? prefix(IpAddress.ANY_V6, 128) : prefix(IpAddress.ANY_V4, 32);
  }

  private static AddressMask mask(String mask, boolean v6) {
    IpAddress any = v6 ? IpAddress.ANY_V6 : IpAddress.ANY_V4;
    if (mask.indexOf(v6 ? ':' : '.') >= 0 && IpAddress.isLiteral(mask)) {
      IpAddress bits = address(mask, v6);
      return new AddressMask(any, bits.high(), bits.low());
    }
    long length = Numbers.read(mask);
    if (length >= 0 && length <= any.width()) {
      return prefix(any, (int) length);
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

  /**
   * Reads an address. Of an IPv4 address parts may lack at the end, and each is in C's notation, so
   * that {@code 010.1} is 8.1.0.0.
   */
  static IpAddress address(String text, boolean v6) {
    if (text.equals("localhost")) {
      return v6 ? IpAddress.LOOPBACK_V6 : IpAddress.LOOPBACK_V4;
    }
    if (v6 && text.indexOf(':') >= 0 && IpAddress.isLiteral(text) && IpAddress.of(text).v6()) {
      return IpAddress.of(text);
    }
    long bits = v6 ? -1 : v4(text);
    if (bits < 0) {
      throw new BadRule(
          "host/network `" + text + "' not found; write an " + (v6 ? "IPv6" : "IPv4") + " address");
    }
    return IpAddress.v4((int) bits);
  }

  /** {@code __numeric_to_ipaddr()} of libxtables; -1 if a part is no byte. */
  private static long v4(String text) {
    long bits = 0;
    int parts = 0;
    for (String part : DOTS.split(text)) {
      long value = Numbers.read(part);
      if (value < 0 || value > 255 || ++parts > 4) {
        return -1;
      }
      bits = (bits << 8) | value;
    }
    return bits << (8 * (4 - parts));
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

  /** The last address covered, if the mask has no holes. */
  IpAddress last() {
    return address.v6()
        ? IpAddress.v6(address.high() | ~high, address.low() | ~low)
        : IpAddress.v4((int) (address.low() | ~low));
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
