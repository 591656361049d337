package dev.sidecarsim.net;

import org.jspecify.annotations.Nullable;

/** An address and a port, written {@code 10.0.0.2:3888} or {@code [fd00::2]:3888}. */
public record Endpoint(IpAddress address, int port) implements Comparable<Endpoint> {

  public Endpoint {
    checkPort(port);
  }

  /**
   * Reads {@code 10.0.0.2:3888} or {@code [fd00::2]:3888}.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static Endpoint of(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' has no port; write an endpoint like 10.0.0.2:3888 or [fd00::2]:3888");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Endpoint(IpAddress.of(host), parsePort(text.substring(colon + 1)));
  }

  /**
   * Reads a port.
   *
   * @throws IllegalArgumentException if the text is no number from 0 to 65535
   */
  public static int parsePort(String text) {
    try {
      return checkPort(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a port; a port is a number from 0 to 65535", e);
    }
  }

  private static int checkPort(int port) {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException(
          "port " + port + " is out of range; a port is a number from 0 to 65535");
    }
    return port;
  }

  /** Whether a socket bound here accepts calls to any address of its host. */
  public boolean isWildcard() {
    return address.isAny();
  }

  /** Written out, as is what follows: sockets are looked up by it for each packet. */
  @Override
  public int hashCode() {
    return 31 * address.hashCode() + port;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Endpoint that && port == that.port && address.equals(that.address);
  }

  @Override
  public int compareTo(Endpoint that) {
    int byAddress = address.compareTo(that.address);
    return byAddress != 0 ? byAddress : Integer.compare(port, that.port);
  }

  @Override
  public String toString() {
    return address.v6() ? "[" + address + "]:" + port : address + ":" + port;
  }
}
