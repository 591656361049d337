package dev.sidecarsim.net;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address.
 *
 * @param v6 whether this is an IPv6 address
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address
 */
public record IpAddress(boolean v6, long high, long low) implements Comparable<IpAddress> {

  /** {@code 0.0.0.0}: every IPv4 address of a host when bound to. */
  public static final IpAddress ANY_V4 = v4(0);

  /** {@code ::}: every address of a host when bound to. */
  public static final IpAddress ANY_V6 = v6(0, 0);

  public static final IpAddress LOOPBACK_V4 = v4(0x7f000001);
  public static final IpAddress LOOPBACK_V6 = v6(0, 1);

  public IpAddress {
    if (!v6 && (high != 0 || low != (low & 0xffff_ffffL))) {
      throw new IllegalArgumentException("an IPv4 address has 32 bits, these are more: " + low);
    }
  }

  public static IpAddress v4(int bits) {
    return new IpAddress(false, 0, bits & 0xffff_ffffL);
  }

  public static IpAddress v6(long high, long low) {
    return new IpAddress(true, high, low);
  }

  /**
   * Reads a literal such as {@code 10.0.0.2} or {@code fd00::2}; a v4-mapped address is IPv4.
   *
   * @throws IllegalArgumentException if the text is no address literal
   */
  public static IpAddress of(String text) {
    if (!InetAddresses.isInetAddress(text)) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an IP address; write one like 10.0.0.2 or fd00::2");
    }
    return of(InetAddresses.forString(text));
  }

  /** Whether {@link #of(String)} would accept the text. */
  public static boolean isLiteral(String text) {
    return InetAddresses.isInetAddress(text);
  }

  private static IpAddress of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet6Address
        ? v6(bytes.getLong(), bytes.getLong())
        : v4(bytes.getInt());
  }

  public boolean v4() {
    return !v6;
  }

  /** The 32 bits of an IPv4 address. */
  public int v4Bits() {
    return (int) low;
  }

  /** 32 or 128. */
  public int width() {
    return v6 ? 128 : 32;
  }

  /** Whether this lies in 127.0.0.0/8 or is ::1. */
  public boolean isLoopback() {
    return v6 ? equals(LOOPBACK_V6) : (low >>> 24) == 127;
  }

  /** Whether this is 0.0.0.0 or ::. */
  public boolean isAny() {
    return high == 0 && low == 0;
  }

  /** Whether this lies in 224.0.0.0/4 or ff00::/8. */
  public boolean isMulticast() {
    return v6 ? (high >>> 56) == 0xff : (low >>> 28) == 0xe;
  }

  /** The wildcard address of this address's family. */
  public IpAddress any() {
    return v6 ? ANY_V6 : ANY_V4;
  }

  /** The loopback address of this address's family. */
  public IpAddress loopback() {
    return v6 ? LOOPBACK_V6 : LOOPBACK_V4;
  }

  /** The address {@code offset} places further on, within the family. */
  public IpAddress plus(long offset) {
    if (!v6) {
      return v4((int) (low + offset));
    }
    long sum = low + offset;
    boolean carry = offset >= 0 && Long.compareUnsigned(sum, low) < 0;
    return v6(carry ? high + 1 : high, sum);
  }

  /** Written out, as is what follows: tables of connections and routes look addresses up. */
  @Override
  public int hashCode() {
    return 31 * (31 * Boolean.hashCode(v6) + Long.hashCode(high)) + Long.hashCode(low);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that && low == that.low && high == that.high && v6 == that.v6;
  }

  @Override
  public int compareTo(IpAddress that) {
    if (v6 != that.v6) {
      return v6 ? 1 : -1;
    }
    int byHigh = Long.compareUnsigned(high, that.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, that.low);
  }

  /** As inet_ntop() of C writes it: {@code 10.0.0.2}, {@code fd00::2}, {@code ::ffff:10.0.0.2}. */
  @Override
  public String toString() {
    if (!v6) {
      return (low >>> 24) + "." + (low >>> 16 & 255) + "." + (low >>> 8 & 255) + "." + (low & 255);
    }
    if (high == 0 && (low >>> 32 == 0xffff || (low >>> 32 == 0 && low >>> 16 != 0))) {
      return (low >>> 32 == 0 ? "::" : "::ffff:") + v4((int) low);
    }
    byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    try {
      return InetAddresses.toAddrString(Inet6Address.getByAddress(null, bytes, -1));
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("16 bytes are always an IPv6 address", e);
    }
  }
}
