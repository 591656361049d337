package dev.sidecarsim.host;

import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.netfilter.Rerouter;
import dev.sidecarsim.netfilter.Skb;
import org.jspecify.annotations.Nullable;

/** The way out of one local packet, which OUTPUT may change. */
final class OutputRoute implements Rerouter {

  private static final IpAddress LIMITED_BROADCAST = IpAddress.v4(-1);

  private final RoutingTable routes;
  private @Nullable Route route;
  private SendResult result = SendResult.SENT;

  OutputRoute(RoutingTable routes) {
    this.routes = routes;
  }

  /** The route found; ask only after {@link #find} said SENT. */
  Route route() {
    if (route == null) {
      throw new IllegalStateException("no route was found: " + result);
    }
    return route;
  }

  SendResult result() {
    return result;
  }

  /** The interface by which the packet leaves: {@code lo} for all that is delivered here. */
  String device() {
    return route().type() == Route.Type.LOCAL ? IpStack.LOOPBACK : route().device();
  }

  /**
   * Looks for a route as {@code ip_route_output_key()} does.
   *
   * @param source the source to judge, or null if none is chosen yet
   */
  SendResult find(@Nullable IpAddress source, IpAddress destination, int mark) {
    result = judge(source, destination, mark);
    return result;
  }

  private SendResult judge(@Nullable IpAddress source, IpAddress destination, int mark) {
    if (source != null && isNoSource(source)) {
      return SendResult.EINVAL;
    }
    // a packet to 0.0.0.0 goes to the sender itself
    IpAddress target = destination.isAny() ? destination.loopback() : destination;
    Route found =
        source != null && isForLink(target)
            ? onDeviceOf(source, target)
            : routes.lookup(target, mark);
    if (found == null) {
      return SendResult.ENETUNREACH;
    }
    route = found;
    switch (found.type()) {
      case UNREACHABLE -> {
        return SendResult.EHOSTUNREACH;
      }
      case PROHIBIT -> {
        return SendResult.EACCES;
      }
      case BLACKHOLE -> {
        return SendResult.EINVAL;
      }
      default -> {}
    }
    boolean leaves = !device().equals(IpStack.LOOPBACK);
    // __mkroute_output(); IPv6 has no such check
    boolean strays = leaves && source != null && source.v4() && source.isLoopback();
    return strays ? SendResult.EINVAL : SendResult.SENT;
  }

  private static boolean isForLink(IpAddress destination) {
    return destination.equals(LIMITED_BROADCAST) || (destination.v4() && destination.isMulticast());
  }

  /** A packet to all of a link leaves on that of its source, whatever the routes say. */
  private @Nullable Route onDeviceOf(IpAddress source, IpAddress destination) {
    Route own = routes.local(source);
    return own == null || own.type() != Route.Type.LOCAL
        ? null
        : new Route(
            Cidr.host(destination),
            Route.Type.UNICAST,
            null,
            own.device(),
            source,
            0,
            RoutingTable.MAIN);
  }

  private static boolean isNoSource(IpAddress source) {
    return source.isMulticast()
        || (source.v4() && (source.equals(LIMITED_BROADCAST) || source.isAny()));
  }

  /** Whether the packet goes to many: such a packet is never answered with an error. */
  boolean toMany(IpAddress destination) {
    return destination.isMulticast()
        || destination.equals(LIMITED_BROADCAST)
        || (route != null && route.type() == Route.Type.BROADCAST);
  }

  /** Whether this host hears what it sends to many on a link ({@code __mkroute_output()}). */
  boolean isHeardHere(IpAddress destination) {
    return !device().equals(IpStack.LOOPBACK)
        && (destination.isMulticast()
            ? destination.equals(AddressTypes.ALL_HOSTS)
            : toMany(destination));
  }

  /**
   * {@code ip_route_me_harder()}: unlike the first routing it looks at the source, unless that is
   * no unicast address.
   */
  @Override
  public boolean reroute(Skb skb) {
    IpAddress source = skb.packet().src();
    boolean judged =
        switch (AddressTypes.of(routes, source)) {
          case LOCAL, UNICAST -> true;
          default -> false;
        };
    return find(judged ? source : null, skb.packet().dst(), skb.mark()) == SendResult.SENT;
  }
}
