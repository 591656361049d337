package dev.sidecarsim.app.cassandra;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.Collection;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a node keeps with its data: its host id, whether it has joined, and its peers. */
final class SystemKeyspace {

  private static final String HOST_ID = "/system/host-id";
  private static final String JOINED = "/system/bootstrapped";
  private static final String PEERS = "/system/peers";

  private final Map<String, String> disk;

  SystemKeyspace(Map<String, String> disk) {
    this.disk = disk;
  }

  /** The id that is kept, or a new one. */
  String hostId(Random random, CassandraLog log) {
    return disk.computeIfAbsent(
        HOST_ID,
        any -> {
          String id = newId(random).toString();
          log.newHostId(id);
          return id;
        });
  }

  /** A UUID of random bits. */
  private static UUID newId(Random random) {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
    return new UUID(high, low);
  }

  /** Whether the node has joined a ring before, so that it need not wait for it again. */
  boolean joined() {
    return disk.containsKey(JOINED);
  }

  void join() {
    disk.put(JOINED, "COMPLETED");
  }

  /** The nodes that were known, as of before any process began. */
  ImmutableList<EndpointState> peers() {
    return Splitter.on('\n')
        .omitEmptyStrings()
        .splitToStream(disk.getOrDefault(PEERS, ""))
        .map(EndpointState::decode)
        .collect(ImmutableList.toImmutableList());
  }

  void peers(Collection<EndpointState> states, String own) {
    disk.put(
        PEERS,
        states.stream()
            .filter(state -> state.normal() && !state.address().equals(own))
            .map(state -> state.at(0, 0).encode())
            .collect(Collectors.joining("\n")));
  }
}
