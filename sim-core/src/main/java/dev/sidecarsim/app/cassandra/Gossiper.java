package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What a node knows of all nodes by gossip, itself included. News of a node come from it or by way
 * of others; it counts as up only once it has answered an echo of its own.
 */
final class Gossiper {

  /**
   * Silence at which phi, t / mean / ln 10, exceeds phi_convict_threshold 8 at one beat a second.
   */
  private static final long CONVICTED = millis(18_420);

  /** QUARANTINE_DELAY: what was removed is not listened to for so long. */
  private static final long QUARANTINE = seconds(60);

  /** Half the quarantine: when a silent node that owns nothing is forgotten. */
  private static final long FAT_CLIENT = seconds(30);

  private final String own;
  private final Internode internode;
  private final CassandraLog log;
  private final SystemKeyspace saved;
  private final LongSupplier clock;
  private final Map<String, EndpointState> states = new LinkedHashMap<>();
  private final Map<String, Long> heardAt = new LinkedHashMap<>();
  private final Map<String, Long> removedAt = new LinkedHashMap<>();
  private final Set<String> alive = new LinkedHashSet<>();

  Gossiper(
      String own, Internode internode, CassandraLog log, SystemKeyspace saved, LongSupplier clock) {
    this.own = own;
    this.internode = internode;
    this.log = log;
    this.saved = saved;
    this.clock = clock;
  }

  /** Begins with those that were known before the restart; they are down until they are heard. */
  void start(EndpointState self) {
    saved.peers().stream()
        .filter(peer -> !peer.address().equals(own) && !peer.hostId().equals(self.hostId()))
        .forEach(peer -> states.put(peer.address(), peer));
    states.put(own, self);
  }

  ImmutableList<EndpointState> states() {
    return ImmutableList.copyOf(states.values());
  }

  boolean up(EndpointState state) {
    return state.address().equals(own) || alive.contains(state.address());
  }

  /** One round a second: the own heartbeat to all that are known, and to the seeds. */
  void round(EndpointState self, Set<String> seeds, String message) {
    states.put(own, self);
    convict();
    forget();
    Set<String> targets = new LinkedHashSet<>(seeds);
    targets.addAll(states.keySet());
    targets.remove(own);
    targets.forEach(to -> internode.send(to, message));
  }

  private void convict() {
    for (String address : List.copyOf(alive)) {
      if (clock.getAsLong() - heardAt.getOrDefault(address, 0L) >= CONVICTED) {
        down(address);
      }
    }
  }

  private void down(String address) {
    alive.remove(address);
    log.down(address);
    internode.reset(address);
  }

  void announceShutdown(String cluster) {
    alive.forEach(to -> internode.send(to, Message.of("SHUTDOWN", cluster, ImmutableList.of())));
  }

  /**
   * A node has said that it ends: it is down at once, and older news of it that others pass on are
   * none (HeartBeatState.forceHighestPossibleVersionUnsafe).
   */
  void shutdown(String address) {
    EndpointState known = states.get(address);
    if (known != null && alive.contains(address)) {
      states.put(address, known.at(known.generation(), Long.MAX_VALUE));
      down(address);
      log.stateOf("GossipStage:1", address, "shutdown");
    }
  }

  /** Those that own no tokens and are silent are no longer told of (Gossiper.doStatusCheck). */
  private void forget() {
    long now = clock.getAsLong();
    removedAt.values().removeIf(at -> now - at > QUARANTINE);
    for (EndpointState state : states()) {
      String address = state.address();
      boolean silent = now - heardAt.getOrDefault(address, 0L) > FAT_CLIENT;
      if (!address.equals(own) && !state.normal() && !alive.contains(address) && silent) {
        log.fatClient(address, FAT_CLIENT / 1_000_000);
        states.remove(address);
        removedAt.put(address, now);
      }
    }
  }

  // ---- news

  void merge(EndpointState told) {
    EndpointState known = states.get(told.address());
    if (told.address().equals(own)
        || removedAt.containsKey(told.address())
        || (known != null && !told.newerThan(known))) {
      return;
    }
    boolean restarted = known != null && told.generation() > known.generation();
    if (known == null || restarted) {
      alive.remove(told.address());
      tellOfNew(told, known == null);
    }
    if (told.normal() && !settleHostId(told)) {
      return;
    }
    boolean member = known != null && known.normal();
    if (told.normal() && member && restarted) {
      log.stateOf("GossipStage:1", told.address(), EndpointState.NORMAL);
    }
    states.put(told.address(), told);
    heardAt.put(told.address(), clock.getAsLong());
    if (told.normal() && !member) {
      saved.peers(states.values(), own);
    }
    if (!alive.contains(told.address())) {
      internode.send(told.address(), Message.ECHO);
    }
  }

  private void tellOfNew(EndpointState told, boolean first) {
    if (first) {
      log.joined(told.address());
    } else {
      log.restarted(told.address());
    }
  }

  /**
   * A node that came back with its data at another address takes the place of its old one
   * (StorageService.handleStateNormal).
   *
   * @return whether the news are of the present owner of the host id
   */
  private boolean settleHostId(EndpointState told) {
    for (EndpointState other : states()) {
      if (other.hostId().equals(told.hostId()) && !other.address().equals(told.address())) {
        if (!other.normal()) {
          continue;
        }
        if (other.generation() > told.generation() || other.address().equals(own)) {
          return false;
        }
        log.sameHostId(told.hostId(), other.address(), told.address());
        states.put(other.address(), other.replaced());
        alive.remove(other.address());
        internode.reset(other.address());
      }
    }
    return true;
  }

  /** A node has answered an echo. */
  void echoed(String address) {
    if (states.containsKey(address) && alive.add(address)) {
      log.up(address);
    }
  }
}
