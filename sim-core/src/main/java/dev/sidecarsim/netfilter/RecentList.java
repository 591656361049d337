package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** One list of {@code -m recent}: addresses with the last times at which they were noted. */
final class RecentList {

  /** Addresses in a list, after which the oldest is forgotten (ip_list_tot). */
  private static final int ADDRESSES = 100;

  /** Times kept for an address if no rule asks for hits. */
  private static final int STAMPS = 32;

  private static final class Entry {
    long[] stamps;
    int count = 1;
    int next = 1;
    int ttl;

    Entry(int room, int ttl, long now) {
      this.stamps = new long[room];
      this.stamps[0] = now;
      this.ttl = ttl;
    }

    void note(int hops, long now) {
      next %= stamps.length;
      stamps[next++] = now;
      count = Math.max(count, next);
      ttl = hops;
    }
  }

  private final Map<IpAddress, Entry> entries = new LinkedHashMap<>();
  private int room;

  RecentList(int hits) {
    this.room = room(hits);
  }

  private static int room(int hits) {
    return hits == 0 ? STAMPS : Math.max(1, Integer.highestOneBit(hits * 2 - 1));
  }

  /** Makes room for a rule that asks for more hits; the kernel forgets what it had then. */
  void grow(int hits) {
    if (room(hits) > room && hits > 0) {
      room = room(hits);
      entries.clear();
    }
  }

  /** What recent_mt() does, without the rule's negation. */
  boolean test(RecentMatch rule, IpAddress address, int hops, long now) {
    Entry entry = entries.get(address);
    if (entry != null && rule.ttl() && entry.ttl != hops) {
      entry = null;
    }
    if (entry == null) {
      return rule.action().equals("--set") && add(address, hops, now);
    }
    switch (rule.action()) {
      case "--set" -> {
        touch(address, entry, hops, now);
        return true;
      }
      case "--remove" -> {
        entries.remove(address);
        return true;
      }
      default -> {
        boolean hit = hit(entry, rule, now);
        if (hit != rule.not() && rule.action().equals("--update")) {
          touch(address, entry, hops, now);
        }
        return hit;
      }
    }
  }

  private boolean add(IpAddress address, int hops, long now) {
    if (entries.size() >= ADDRESSES) {
      Iterator<IpAddress> oldest = entries.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    entries.put(address, new Entry(room, hops, now));
    return true;
  }

  private void touch(IpAddress address, Entry entry, int hops, long now) {
    entry.note(hops, now);
    entries.remove(address);
    entries.put(address, entry);
  }

  private static boolean hit(Entry entry, RecentMatch rule, long now) {
    long since = now - Durations.seconds(rule.seconds());
    int hits = 0;
    for (int i = 0; i < entry.count; i++) {
      if (rule.seconds() > 0 && since > entry.stamps[i]) {
        continue;
      }
      if (rule.hits() == 0 || ++hits >= rule.hits()) {
        return true;
      }
    }
    return false;
  }
}
