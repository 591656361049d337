package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Packet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The limits that rules with one {@code --hashlimit-name} share. As in the kernel the first of
 * these rules says how they are kept; of the others only the direction counts.
 */
final class HashLimits {

  /** How limits are kept: for what, how many matches, how often. */
  record Plan(
      Rate rate, long burst, ImmutableList<String> modes, int sourceMask, int destinationMask) {}

  private final Plan plan;
  private final Map<List<Object>, Credits> buckets = new LinkedHashMap<>();

  HashLimits(Plan plan) {
    this.plan = plan;
  }

  /** Takes one match of a packet's limit, if it is there. */
  boolean take(Packet packet, long now) {
    return buckets
        .computeIfAbsent(key(packet), k -> new Credits(plan.rate.nanos(), plan.burst, now))
        .take(now);
  }

  private List<Object> key(Packet packet) {
    List<Object> key = new ArrayList<>();
    for (String mode : plan.modes) {
      key.add(
          switch (mode) {
            case "srcip" -> new Cidr(packet.src(), plan.sourceMask);
            case "srcport" -> packet.sport();
            case "dstip" -> new Cidr(packet.dst(), plan.destinationMask);
            default -> packet.dport();
          });
    }
    return key;
  }
}
