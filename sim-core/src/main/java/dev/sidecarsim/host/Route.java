package dev.sidecarsim.host;

import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of a routing table.
 *
 * @param destination what it covers
 * @param type what happens to packets that it covers
 * @param via the gateway; null where the destination is on the link
 * @param device the interface; empty for the types that need none
 * @param source the source address it recommends, or null
 * @param metric of two lines for the same block the lower metric holds
 * @param table the table's number: 255 local, 254 main
 */
public record Route(
    Cidr destination,
    Type type,
    @Nullable IpAddress via,
    String device,
    @Nullable IpAddress source,
    int metric,
    int table) {

  /** What a route does with a packet. */
  public enum Type {
    UNICAST,
    LOCAL,
    BROADCAST,
    MULTICAST,
    UNREACHABLE,
    BLACKHOLE,
    PROHIBIT
  }

  /** Where packets for a destination go next. */
  IpAddress nextHop(IpAddress to) {
    return via == null ? to : via;
  }

  /** As {@code ip route} prints it. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    if (type != Type.UNICAST) {
      out.append(type.name().toLowerCase(Locale.ROOT)).append(' ');
    }
    boolean host = destination.prefix() == destination.address().width();
    out.append(destination.prefix() == 0 ? "default" : host ? destination.address() : destination);
    if (via != null) {
      out.append(" via ").append(via);
    }
    if (!device.isEmpty()) {
      out.append(" dev ").append(device);
    }
    if (source != null) {
      out.append(" src ").append(source);
    }
    return out.toString();
  }
}
