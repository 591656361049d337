package dev.sidecarsim.net;

/**
 * A block of addresses such as {@code 10.0.0.0/8}; the host bits of the address are cleared.
 *
 * @param address the block's first address
 * @param prefix the number of leading bits that are the same in the whole block
 */
public record Cidr(IpAddress address, int prefix) {

  public Cidr {
    if (prefix < 0 || prefix > address.width()) {
      throw new IllegalArgumentException(
          "a prefix of " + address + " is 0 to " + address.width() + ", not " + prefix);
    }
    address = masked(address, prefix);
  }

  /**
   * Reads {@code 10.0.0.0/8}, or a bare address as a block of one.
   *
   * @throws IllegalArgumentException if the text is no block
   */
  public static Cidr of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return host(IpAddress.of(text));
    }
    IpAddress address = IpAddress.of(text.substring(0, slash));
    try {
      return new Cidr(address, Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a block of addresses; write one like 10.0.0.0/8", e);
    }
  }

  /** The block that holds this address alone. */
  public static Cidr host(IpAddress address) {
    return new Cidr(address, address.width());
  }

  /** Whether it is a single address. */
  public boolean isHost() {
    return prefix == address.width();
  }

  public boolean contains(IpAddress candidate) {
    if (candidate.v6() != address.v6()) {
      return false;
    }
    if (!address.v6()) {
      return (candidate.low() & mask32(prefix)) == address.low();
    }
    return (candidate.high() & mask64(Math.min(prefix, 64))) == address.high()
        && (candidate.low() & mask64(Math.max(prefix - 64, 0))) == address.low();
  }

  /** Whether every address of the other block is in this one. */
  public boolean contains(Cidr other) {
    return other.prefix >= prefix && contains(other.address);
  }

  /** The block's last address: of an IPv4 subnet, its broadcast address. */
  public IpAddress last() {
    if (!address.v6()) {
      return IpAddress.v4((int) (address.low() | (~mask32(prefix) & 0xffff_ffffL)));
    }
    return IpAddress.v6(
        address.high() | ~mask64(Math.min(prefix, 64)),
        address.low() | ~mask64(Math.max(prefix - 64, 0)));
  }

  private static IpAddress masked(IpAddress address, int prefix) {
    if (!address.v6()) {
      return IpAddress.v4((int) (address.low() & mask32(prefix)));
    }
    return IpAddress.v6(
        address.high() & mask64(Math.min(prefix, 64)),
        address.low() & mask64(Math.max(prefix - 64, 0)));
  }

  private static long mask32(int prefix) {
    return prefix == 0 ? 0 : 0xffff_ffffL << (32 - prefix) & 0xffff_ffffL;
  }

  private static long mask64(int prefix) {
    return prefix == 0 ? 0 : -1L << (64 - prefix);
  }

  @Override
  public String toString() {
    return address + "/" + prefix;
  }
}
