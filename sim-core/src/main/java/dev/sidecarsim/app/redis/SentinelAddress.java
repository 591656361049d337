package dev.sidecarsim.app.redis;

import com.google.common.net.InetAddresses;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/**
 * Where a Sentinel believes somebody to be: what it was told, and what that was resolved to.
 *
 * @param ip empty while the name has no address
 */
record SentinelAddress(String host, String ip, int port) {

  /**
   * Resolves what somebody is called.
   *
   * @param names whether it may be a name ({@code sentinel resolve-hostnames})
   */
  static Optional<SentinelAddress> of(Process process, boolean names, String host, int port) {
    if (InetAddresses.isInetAddress(host)) {
      return Optional.of(new SentinelAddress(host, host, port));
    }
    return names
        ? process.resolve(host).stream()
            .findFirst()
            .map(IpAddress::toString)
            .map(ip -> new SentinelAddress(host, ip, port))
        : Optional.empty();
  }

  /** A name that may get its address later. */
  static SentinelAddress unresolved(String host, int port) {
    return new SentinelAddress(host, "", port);
  }

  boolean sameAs(SentinelAddress other) {
    return port == other.port && ip.equals(other.ip);
  }

  /** The same where only names are known. */
  boolean sameOrNamedAs(SentinelAddress other) {
    return port == other.port && (ip.equals(other.ip) || host.equalsIgnoreCase(other.host));
  }
}
