package dev.sidecarsim.istio.rules;

import com.google.common.base.CharMatcher;
import com.google.common.primitives.Ints;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * A block of addresses in a list, as the packages of Go read and write it with which istio-iptables
 * is built: net before 1.17, net/netip from then on.
 *
 * @param v6 whether IPv6 gets its rules
 * @param address the address as it was given, a v4-mapped one as IPv4
 * @param text the block as rules name it
 */
record AddressBlock(boolean v6, IpAddress address, int prefix, String text) {

  private static final CharMatcher DIGITS = CharMatcher.inRange('0', '9');

  /** The block that a text such as {@code 10.1.2.3/8} names; empty if it names none. */
  static Optional<AddressBlock> of(String text, RulePreset preset) {
    int slash = text.indexOf('/');
    String literal = text.substring(0, Math.max(slash, 0));
    String digits = text.substring(slash + 1);
    Integer prefix = DIGITS.matchesAllOf(digits) ? Ints.tryParse(digits) : null;
    boolean colons = literal.contains(":");
    if (literal.contains("%")
        || !IpAddress.isLiteral(literal)
        || prefix == null
        || prefix > (colons ? 128 : 32)) {
      return Optional.empty();
    }
    IpAddress address = IpAddress.of(literal);
    if (!preset.has(RuleChange.UNMASKED_BLOCKS)) {
      return Optional.of(ofNet(address, prefix, colons));
    }
    boolean leadingZero = digits.length() > 1 && digits.startsWith("0");
    return leadingZero ? Optional.empty() : Optional.of(ofNetip(address, prefix, colons));
  }

  /** ParseCIDR: host bits are cleared, and a v4-mapped block counts as one of IPv4. */
  private static AddressBlock ofNet(IpAddress address, int prefix, boolean colons) {
    Cidr block;
    if (colons && address.v4()) {
      block =
          prefix >= 96
              ? new Cidr(address, prefix - 96)
              : new Cidr(IpAddress.v6(0, 0xffff_0000_0000L | address.low()), prefix);
    } else {
      block = new Cidr(address, prefix);
    }
    return new AddressBlock(
        address.v6(), address, prefix, written(block.address()) + "/" + block.prefix());
  }

  /** ParsePrefix: host bits stay, and a v4-mapped block counts as one of IPv6. */
  private static AddressBlock ofNetip(IpAddress address, int prefix, boolean colons) {
    String mapped = colons && address.v4() ? "::ffff:" : "";
    return new AddressBlock(colons, address, prefix, mapped + written(address) + "/" + prefix);
  }

  /** Go writes {@code ::1.2.3.4} in hexadecimal. */
  private static String written(IpAddress address) {
    String text = address.toString();
    return address.v6() && text.contains(".")
        ? String.format("::%x:%x", address.low() >>> 16, address.low() & 0xffff)
        : text;
  }
}
