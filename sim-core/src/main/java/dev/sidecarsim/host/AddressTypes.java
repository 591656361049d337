package dev.sidecarsim.host;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.netfilter.AddressType;
import dev.sidecarsim.netfilter.PacketType;
import org.jspecify.annotations.Nullable;

/** What table local takes an address for, as {@code inet_addr_type()} says it. */
final class AddressTypes {

  /** The group that every interface has joined (RFC 1112, 4). */
  static final IpAddress ALL_HOSTS = IpAddress.of("224.0.0.1");

  private AddressTypes() {}

  static AddressType of(RoutingTable routes, IpAddress address) {
    return of(routes, address, null);
  }

  /** The same by the addresses of one interface alone. */
  static AddressType of(RoutingTable routes, IpAddress address, @Nullable String device) {
    if (address.isMulticast()) {
      return AddressType.MULTICAST;
    }
    if (address.v4() && (address.low() == 0xffff_ffffL || address.isAny())) {
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

  /** To whom a neighbour's frame with a packet to an address is sent. */
  static PacketType frameTo(RoutingTable routes, IpAddress destination) {
    if (destination.isMulticast()) {
      return PacketType.MULTICAST;
    }
    Route route = routes.lookup(destination, 0);
    // nobody on a link takes 127.255.255.255 for its broadcast address
    boolean link =
        route != null
            && route.type() == Route.Type.BROADCAST
            && !route.device().equals(IpStack.LOOPBACK);
    boolean limited = destination.v4() && destination.v4Bits() == -1;
    return link || limited ? PacketType.BROADCAST : PacketType.UNICAST;
  }
}
