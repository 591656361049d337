package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A network interface: a name, addresses, and the wire at its end. */
public final class Interface {

  private final String name;
  private final ImmutableList<InterfaceAddress> addresses;
  private final Wire wire;

  Interface(String name, List<InterfaceAddress> addresses, Wire wire) {
    this.name = name;
    this.addresses = ImmutableList.copyOf(addresses);
    this.wire = wire;
  }

  public String name() {
    return name;
  }

  public ImmutableList<InterfaceAddress> addresses() {
    return addresses;
  }

  Wire wire() {
    return wire;
  }

  boolean isLoopback() {
    return name.equals(IpStack.LOOPBACK);
  }

  /**
   * The first address of a family: where REDIRECT in PREROUTING sends packets. The kernel puts a
   * new IPv6 address before the ones that are there, a new IPv4 address behind them.
   */
  Optional<IpAddress> firstAddress(boolean v6) {
    ImmutableList<InterfaceAddress> ordered = v6 ? addresses.reverse() : addresses;
    return ordered.stream().map(InterfaceAddress::address).filter(a -> a.v6() == v6).findFirst();
  }

  /**
   * The address that speaks to a neighbour: the one whose subnet holds it, else the first. An
   * address in the subnet of an earlier one is secondary and never chosen. Loopback addresses have
   * host scope and speak to nobody outside.
   */
  @Nullable IpAddress addressTowards(IpAddress neighbour) {
    IpAddress first = null;
    for (InterfaceAddress candidate : addresses) {
      IpAddress address = candidate.address();
      if (address.v6() != neighbour.v6() || address.isLoopback()) {
        continue;
      }
      if (candidate.subnet().contains(neighbour)) {
        return address;
      }
      first = first == null ? address : first;
    }
    return first;
  }

  /** The first address that others can use, or null. */
  @Nullable IpAddress firstGlobal(boolean v6) {
    for (InterfaceAddress candidate : addresses) {
      if (candidate.address().v6() == v6 && !candidate.address().isLoopback()) {
        return candidate.address();
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return name + " " + addresses;
  }
}
