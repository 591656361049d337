package dev.sidecarsim.istio;

import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/** An address and a prefix length, whatever bits stand beyond the prefix. */
record AddressBlock(IpAddress address, int prefix) {

  /** The block that a text such as {@code 10.1.2.3/8} names; empty if it names none. */
  static Optional<AddressBlock> of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new AddressBlock(IpAddress.of(text.substring(0, slash)), Cidr.of(text).prefix()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The block without the bits beyond its prefix. */
  AddressBlock masked() {
    return new AddressBlock(new Cidr(address, prefix).address(), prefix);
  }

  @Override
  public String toString() {
    return address + "/" + prefix;
  }
}
