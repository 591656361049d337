package dev.sidecarsim.host;

import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;

/**
 * An address of an interface with its subnet, as {@code ip addr} writes it: {@code 10.0.0.2/24}.
 *
 * @param address the host's own address
 * @param prefix length of the subnet's prefix
 */
public record InterfaceAddress(IpAddress address, int prefix) {

  public InterfaceAddress {
    new Cidr(address, prefix);
  }

  /**
   * Reads {@code 10.0.0.2/24}; without a prefix the subnet is the address alone.
   *
   * @throws IllegalArgumentException if the text is no address
   */
  public static InterfaceAddress of(String text) {
    int slash = text.indexOf('/');
    IpAddress address = IpAddress.of(slash < 0 ? text : text.substring(0, slash));
    return new InterfaceAddress(address, slash < 0 ? address.width() : Cidr.of(text).prefix());
  }

  public Cidr subnet() {
    return new Cidr(address, prefix);
  }

  @Override
  public String toString() {
    return address + "/" + prefix;
  }
}
