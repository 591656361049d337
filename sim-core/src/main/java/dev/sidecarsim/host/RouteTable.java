package dev.sidecarsim.host;

import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one table. Those to a single address, of which a node has one for each pod, are
 * found at once; the others stand with the longest prefix first.
 */
final class RouteTable {

  /** Never iterated. */
  private final Map<IpAddress, Route> hosts = new HashMap<>();

  private final List<Route> blocks = new ArrayList<>();

  void add(Route route) {
    if (isHost(route)) {
      hosts.merge(
          route.destination().address(),
          route,
          (old, added) -> added.metric() < old.metric() ? added : old);
      return;
    }
    int place = 0;
    while (place < blocks.size() && !comesBefore(route, blocks.get(place))) {
      place++;
    }
    blocks.add(place, route);
  }

  private static boolean isHost(Route route) {
    return route.destination().prefix() == route.destination().address().width();
  }

  /** Of equal routes the older one holds. */
  private static boolean comesBefore(Route added, Route old) {
    int longer = Integer.compare(added.destination().prefix(), old.destination().prefix());
    return longer > 0 || (longer == 0 && added.metric() < old.metric());
  }

  /** The route with the longest prefix, and of those the one with the least metric; else null. */
  @Nullable Route longest(IpAddress destination) {
    Route host = hosts.get(destination);
    if (host != null) {
      return host;
    }
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).destination().contains(destination)) {
        return blocks.get(i);
      }
    }
    return null;
  }
}
