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
   *
   * @param flags what else the rule gave
   */
  static NatRange parse(String text, boolean v6, NatRange flags) {
    int bracket = text.indexOf('[');
    int close = bracket < 0 ? -1 : text.indexOf(']', bracket);
    if (bracket >= 0 && (close < 0 || !v6)) {
      throw new BadRule("invalid address format \"" + text + "\"");
    }
    int colon = bracket < 0 ? onlyColon(text) : text.indexOf(':', close);
    NatRange ports = colon < 0 ? flags : flags.withPorts(text.substring(colon + 1));
    if (colon == 0) {
      return ports;
    }
    int end = bracket >= 0 ? close : colon < 0 ? text.length() : colon;
    String addresses = text.substring(bracket + 1, end);
    return addresses.isEmpty() && colon > 0 ? ports : ports.withAddresses(addresses, v6);
  }

  /** The colon in front of ports; of several ones each belongs to an IPv6 address. */
  private static int onlyColon(String text) {
    int colon = text.indexOf(':');
    return colon == text.lastIndexOf(':') ? colon : -1;
  }

  private NatRange withAddresses(String text, boolean v6) {
    int dash = text.indexOf('-');
    IpAddress first = address(dash < 0 ? text : text.substring(0, dash), v6);
    IpAddress last = dash < 0 ? first : address(text.substring(dash + 1), v6);
    return new NatRange(first, last, minPort, maxPort, random, persistent);
  }

  private static IpAddress address(String text, boolean v6) {
    boolean plain = v6 || text.chars().filter(c -> c == '.').count() == 3;
    boolean padded = !v6 && text.matches("(.*\\.)?0[0-9].*");
    IpAddress address = plain && !padded ? Addresses.numeric(text, v6) : null;
    if (address == null) {
      throw new BadRule("bad IP address \"" + text + "\"");
    }
    return address;
  }

  /** Reads {@code 80} or {@code 80-90}, of which the first may be a service's name. */
  NatRange withPorts(String text) {
    CNumber first = CNumber.read(text, 0, 0);
    boolean number = first.isWithin(0, 65535);
    int min = number ? (int) first.value() : Services.named(text);
    String rest = number ? text.substring(first.end()) : "";
    if (min < 0 || !(rest.isEmpty() || rest.startsWith("-"))) {
      throw new BadRule("invalid ports `" + text + "'; write some such as 80 or 80-90");
    }
    long max =
        rest.isEmpty()
            ? min
            : Numbers.whole(rest.substring(1), 0, 65535)
                .orElseThrow(() -> new BadRule("invalid port `" + rest.substring(1) + "'"));
    if (min > max) {
      throw new BadRule("port range \"" + text + "\" is reversed");
    }
    return new NatRange(from, to, min, (int) max, random, persistent);
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
