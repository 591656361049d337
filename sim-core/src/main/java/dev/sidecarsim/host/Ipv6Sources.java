package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Which of a host's IPv6 addresses speaks to a destination (RFC 6724, 5): the destination itself if
 * it is one, else an address of the interface, of the same kind, of the longest common prefix.
 */
final class Ipv6Sources {

  private static final ImmutableList<Cidr> LABELS =
      ImmutableList.of(
          Cidr.of("::1/128"), Cidr.of("fc00::/7"), Cidr.of("2002::/16"), Cidr.of("2001::/32"));

  private static final Cidr LINK_LOCAL = Cidr.of("fe80::/10");

  private Ipv6Sources() {}

  static @Nullable IpAddress select(
      ImmutableList<Interface> interfaces, String device, IpAddress destination) {
    IpAddress best = null;
    long bestScore = -1;
    for (Interface link : interfaces) {
      if (staysOnLink(destination) && !link.name().equals(device)) {
        continue;
      }
      // the kernel keeps the newest address first (ipv6_link_dev_addr())
      for (InterfaceAddress candidate : link.addresses().reverse()) {
        if (candidate.address().v6()) {
          long score = score(candidate, link.name().equals(device), destination);
          if (score > bestScore) {
            best = candidate.address();
            bestScore = score;
          }
        }
      }
    }
    return best;
  }

  /** Whether only addresses of the link itself may speak to it (RFC 6724, 4 and 3.4). */
  private static boolean staysOnLink(IpAddress destination) {
    return destination.isMulticast()
        || destination.isLoopback()
        || LINK_LOCAL.contains(destination);
  }

  /** The rules in their order, each above all that follow; -1 for an address of another scope. */
  private static long score(InterfaceAddress candidate, boolean here, IpAddress destination) {
    IpAddress address = candidate.address();
    if (address.equals(destination)) {
      return Long.MAX_VALUE;
    }
    if (address.isLoopback()) {
      return -1;
    }
    long sameLabel = label(address) == label(destination) ? 1 : 0;
    long common = Math.min(candidate.prefix(), commonBits(address, destination));
    return (here ? 1 << 9 : 0) + (sameLabel << 8) + common;
  }

  private static int label(IpAddress address) {
    for (int i = 0; i < LABELS.size(); i++) {
      if (LABELS.get(i).contains(address)) {
        return i;
      }
    }
    return -1;
  }

  private static int commonBits(IpAddress one, IpAddress other) {
    int high = Long.numberOfLeadingZeros(one.high() ^ other.high());
    return high < 64 ? high : 64 + Long.numberOfLeadingZeros(one.low() ^ other.low());
  }
}
