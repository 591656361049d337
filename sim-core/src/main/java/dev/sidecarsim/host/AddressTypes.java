package dev.sidecarsim.host;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.netfilter.AddressType;
import org.jspecify.annotations.Nullable;

/** What table local takes an address for, as {@code inet_addr_type()} says it. */
final class AddressTypes {

  private AddressTypes() {}

  static AddressType of(RoutingTable routes, IpAddress address) {
    return of(routes, address, null);
  }

  /** The same by the addresses of one interface alone. */
  static AddressType of(RoutingTable routes, IpAddress address, @Nullable String device) {
    if (address.isMulticast()) {
      return AddressType.MULTICAST;
    }
    if (address.v4() && (address.low() == 0xffff_ffffL || (address.low() >>> 24) == 0)) {
      return AddressType.BROADCAST;
    }
    Route route = routes.local(address);
    if (route == null || (device != null && !device.equals(route.device()))) {
      return AddressType.UNICAST;
    }
    return switch (route.type()) {
      case LOCAL -> AddressType.LOCAL;
      case BROADCAST -> AddressType.BROADCAST;
      default -> AddressType.UNICAST;
    };
  }
}
