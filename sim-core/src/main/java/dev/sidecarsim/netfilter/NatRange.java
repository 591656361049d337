package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses and ports that a NAT rule may choose from.
 *
 * @param from the first address, or null to keep the address
 * @param to the last address
 * @param minPort the first port, or -1 to keep the port where that is free
 * @param random whether the port is drawn even if the present one would do
 */
record NatRange(
    @Nullable IpAddress from,
    @Nullable IpAddress to,
    int minPort,
    int maxPort,
    boolean random,
    boolean persistent) {

  /** Keeps everything: what a connection that no rule translates is bound to. */
  static final NatRange KEEP = new NatRange(null, null, -1, -1, false, false);

  NatRange withAddress(IpAddress address) {
    return new NatRange(address, address, minPort, maxPort, random, persistent);
  }

  boolean hasPorts() {
    return minPort >= 0;
  }

  boolean containsPort(int port) {
    return !hasPorts() || (port >= minPort && port <= maxPort);
  }

  boolean containsAddress(IpAddress address) {
    return from == null
        || to == null
        || (address.compareTo(from) >= 0 && address.compareTo(to) <= 0);
  }

  /**
   * Reads {@code 10.0.0.1-10.0.0.9:80-90}, {@code 10.0.0.1}, {@code :80} or {@code [fd00::1]:80}.
   */
  static NatRange parse(String text, boolean v6, boolean random, boolean persistent) {
    int colon = v6 ? text.lastIndexOf("]:") + 1 : text.indexOf(':');
    boolean hasPorts = v6 ? colon > 0 : colon >= 0;
    if (v6 && !hasPorts && text.startsWith(":") && !text.startsWith("::")) {
      colon = 0;
      hasPorts = true;
    }
    String addresses = hasPorts ? text.substring(0, colon) : text;
    int[] ports = hasPorts ? ports(text.substring(colon + 1)) : new int[] {-1, -1};
    addresses = addresses.replace("[", "").replace("]", "");
    if (addresses.isEmpty()) {
      return new NatRange(null, null, ports[0], ports[1], random, persistent);
    }
    int dash = addresses.indexOf('-');
    String first = dash < 0 ? addresses : addresses.substring(0, dash);
    IpAddress from = address(first, v6);
    IpAddress to = dash < 0 ? from : address(addresses.substring(dash + 1), v6);
    return new NatRange(from, to, ports[0], ports[1], random, persistent);
  }

  private static IpAddress address(String text, boolean v6) {
    if (!IpAddress.isLiteral(text) || IpAddress.of(text).v6() != v6) {
      throw new BadRule("bad IP address \"" + text + "\"");
    }
    return IpAddress.of(text);
  }

  /** Reads {@code 80} or {@code 80-90}. */
  static int[] ports(String text) {
    int dash = text.indexOf('-');
    int min = PortRange.port(dash < 0 ? text : text.substring(0, dash));
    int max = dash < 0 ? min : PortRange.port(text.substring(dash + 1));
    if (min > max) {
      throw new BadRule("port range \"" + text + "\" is reversed");
    }
    return new int[] {min, max};
  }

  String portText() {
    return minPort == maxPort ? Integer.toString(minPort) : minPort + "-" + maxPort;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    if (from != null && to != null) {
      String range = from.equals(to) ? from.toString() : from + "-" + to;
      out.append(from.v6() && hasPorts() ? "[" + range + "]" : range);
    }
    return out.append(hasPorts() ? ":" + portText() : "").toString();
  }
}
