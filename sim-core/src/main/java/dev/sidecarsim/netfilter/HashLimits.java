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

  /**
   * How limits are kept: for what, how many matches, how often.
   *
   * @param expire for how long a limit is kept that nobody asks for, in ns
   * @param sweep time between two looks for such limits, in ns
   */
  record Plan(
      Rate rate,
      long burst,
      ImmutableList<String> modes,
      int sourceMask,
      int destinationMask,
      long expire,
      long sweep) {}

  /** What is left of a limit, and when it may be forgotten. */
  private static final class Bucket {
    final Credits credits;
    long expires;

    Bucket(Credits credits) {
      this.credits = credits;
    }
  }

  private final Plan plan;
  private final long began;
  private final Map<List<Object>, Bucket> buckets = new LinkedHashMap<>();

  HashLimits(Plan plan, long now) {
    this.plan = plan;
    this.began = now;
  }

  /** Takes one match of a packet's limit, if it is there. */
  boolean take(Packet packet, long now) {
    List<Object> key = key(packet);
    Bucket bucket = buckets.get(key);
    if (bucket == null || lastSweep(now) >= bucket.expires) {
      bucket = new Bucket(new Credits(plan.rate.nanos(), plan.burst, now));
      buckets.put(key, bucket);
    }
    bucket.expires = now + plan.expire;
    return bucket.credits.take(now);
  }

  /** The last time at which {@code htable_gc()} threw away what had expired. */
  private long lastSweep(long now) {
    return now - (now - began) % plan.sweep;
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
