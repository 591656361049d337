package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;

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

  /** Every bit counts. */
  static AddressMask host(boolean v6) {
    return prefix(v6, v6 ? 128 : 32);
  }

  /** The first bits count. */
  static AddressMask prefix(boolean v6, int length) {
    return v6
        ? new AddressMask(IpAddress.ANY_V6, ones(length), ones(length - 64))
        : new AddressMask(IpAddress.ANY_V4, 0, ones(length) >>> 32);
  }

  private static long ones(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
  }

  /** The same bits of another address. */
  AddressMask of(IpAddress other) {
    return new AddressMask(other, high, low);
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
    int ones = Long.bitCount(high) + Long.bitCount(low);
    AddressMask plain = prefix(address.v6(), ones);
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
