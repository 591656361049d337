package dev.sidecarsim.app.cassandra;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Who owns which tokens. A node's tokens are hashes of its host id, so that gossip need not carry
 * them; each owns what lies between the token before and its own, the last one's successor being
 * the first.
 */
final class Ring {

  private static final double TOKENS = Math.pow(2, 64);

  private final ImmutableSortedMap<Long, EndpointState> owners;

  private Ring(SortedMap<Long, EndpointState> owners) {
    this.owners = ImmutableSortedMap.copyOf(owners);
  }

  /** The ring of the nodes that have joined. */
  static Ring of(Collection<EndpointState> states) {
    SortedMap<Long, EndpointState> owners = new TreeMap<>();
    for (EndpointState state : states) {
      if (state.normal()) {
        tokens(state).forEach(token -> owners.put(token, state));
      }
    }
    return new Ring(owners);
  }

  private static Set<Long> tokens(EndpointState node) {
    Set<Long> tokens = new LinkedHashSet<>();
    for (int i = 0; i < node.tokens(); i++) {
      tokens.add(
          Hashing.murmur3_128()
              .hashString(node.hostId() + "/" + i, StandardCharsets.UTF_8)
              .asLong());
    }
    return tokens;
  }

  /** The token that gossip shows for a node: its first. */
  static long firstToken(EndpointState node) {
    return tokens(node).iterator().next();
  }

  ImmutableSortedMap<Long, EndpointState> owners() {
    return owners;
  }

  /** What part of the data of a keyspace each node holds, by its address, between 0 and 1. */
  Map<String, Double> ownership(int replicationFactor) {
    Map<String, Double> parts = new LinkedHashMap<>();
    long before = owners.isEmpty() ? 0 : owners.lastKey();
    for (long token : owners.keySet()) {
      double part = owners.size() == 1 ? 1 : unsigned(token - before) / TOKENS;
      replicas(token, replicationFactor).forEach(node -> parts.merge(node, part, Double::sum));
      before = token;
    }
    return parts;
  }

  private static double unsigned(long difference) {
    return difference < 0 ? difference + TOKENS : difference;
  }

  /** As SimpleStrategy has it: the owner, and who comes next around the ring. */
  private Set<String> replicas(long token, int count) {
    Set<String> found = new LinkedHashSet<>();
    owners.tailMap(token).values().forEach(node -> add(found, node, count));
    owners.headMap(token).values().forEach(node -> add(found, node, count));
    return found;
  }

  private static void add(Set<String> found, EndpointState node, int count) {
    if (found.size() < count) {
      found.add(node.address());
    }
  }

  /**
   * Whether a node that joins could not stream all it will own, because who owns it alone
   * (system_auth has one replica) is down (RangeStreamer.getAllRangesWithStrictSourcesFor).
   *
   * @return such an owner
   */
  Optional<EndpointState> missingSource(EndpointState joins, Predicate<EndpointState> up) {
    return tokens(joins).stream()
        .sorted()
        .flatMap(token -> owner(token).stream())
        .filter(owner -> !up.test(owner))
        .findFirst();
  }

  private Optional<EndpointState> owner(long token) {
    Long at = owners.ceilingKey(token);
    return owners.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(owners.get(at == null ? owners.firstKey() : at));
  }
}
