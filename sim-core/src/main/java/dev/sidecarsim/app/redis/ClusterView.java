package dev.sidecarsim.app.redis;

import static dev.sidecarsim.time.Durations.millis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.redis.ClusterNode.Flag;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** One node's view of its cluster: the nodes, who has which slots, and whether that is enough. */
final class ClusterView {

  /** CLUSTER_WRITABLE_DELAY: a master that has just started does not call its cluster ok. */
  private static final long WRITABLE_DELAY = millis(2000);

  private final Map<String, ClusterNode> nodes = new LinkedHashMap<>();
  private final ClusterNode myself;
  private final ClusterConfig config;
  private final long startedAt;
  private long currentEpoch;
  private long votedEpoch;
  private long minorityAt = Long.MIN_VALUE / 2;
  private OptionalLong okSince = OptionalLong.empty();

  ClusterView(ClusterNode myself, ClusterConfig config, long now) {
    this.myself = myself;
    this.config = config;
    this.startedAt = now;
    nodes.put(myself.id, myself);
  }

  ClusterNode myself() {
    return myself;
  }

  Optional<ClusterNode> find(String id) {
    return Optional.ofNullable(nodes.get(id));
  }

  ImmutableList<ClusterNode> nodes() {
    return ImmutableList.copyOf(nodes.values());
  }

  void add(ClusterNode node) {
    nodes.put(node.id, node);
  }

  void remove(ClusterNode node) {
    node.dropLink();
    nodes.remove(node.id);
  }

  /** Knows again what was known before a restart. */
  void restore(NodesConf file, List<ClusterNode> known) {
    currentEpoch = file.epoch(NodesConf.CURRENT_EPOCH);
    votedEpoch = file.epoch(NodesConf.VOTED_EPOCH);
    known.forEach(node -> nodes.putIfAbsent(node.id, node));
  }

  /** A node in handshake has said its name. */
  void rename(ClusterNode node, String id) {
    nodes.remove(node.id);
    node.id = id;
    node.flags.remove(Flag.HANDSHAKE);
    nodes.put(id, node);
  }

  /** Whether a handshake with this address is under way. */
  boolean handshakes(String ip, int busPort) {
    return nodes.values().stream()
        .anyMatch(node -> node.is(Flag.HANDSHAKE) && node.ip.equals(ip) && node.busPort == busPort);
  }

  // ---- slots

  Optional<ClusterNode> owner(int slot) {
    return nodes.values().stream().filter(node -> node.slots.get(slot)).findFirst();
  }

  /** The master that this node is a replica of. */
  Optional<ClusterNode> ownMaster() {
    return find(myself.masterId);
  }

  /** How many other replicas of the own master have more of the stream (clusterGetSlaveRank). */
  int rank(long offset) {
    return (int)
        nodes.values().stream()
            .filter(node -> node != myself && node.is(Flag.SLAVE))
            .filter(node -> node.masterId.equals(myself.masterId) && node.offset > offset)
            .count();
  }

  /** A master's claim holds for slots that nobody has, or whose owner's epoch is smaller. */
  void claim(ClusterNode sender, BitSet claimed, long epoch) {
    sender.epoch = Math.max(sender.epoch, epoch);
    if (sender.slots.equals(claimed)) {
      return;
    }
    for (int slot = claimed.nextSetBit(0); slot >= 0; slot = claimed.nextSetBit(slot + 1)) {
      Optional<ClusterNode> owner = owner(slot);
      if (owner.isEmpty() || owner.get().epoch < epoch) {
        int moved = slot;
        owner.ifPresent(old -> old.slots.clear(moved));
        sender.slots.set(slot);
      }
    }
  }

  // ---- state

  /**
   * All slots at nodes that do not fail, and most masters within reach; a master that had them not
   * within reach waits for news of its slots first (clusterUpdateState).
   */
  void update(long now) {
    boolean master = myself.is(Flag.MASTER);
    if (okSince.isEmpty() && master && now - startedAt < WRITABLE_DELAY) {
      return;
    }
    boolean majority = mostMastersReachable();
    minorityAt = majority ? minorityAt : now;
    if (!majority || (config.fullCoverage() && slotsFine() < Slots.COUNT)) {
      okSince = OptionalLong.empty();
    } else if (okSince.isEmpty() && !(master && now - minorityAt < config.rejoinDelay())) {
      okSince = OptionalLong.of(now);
    }
  }

  private boolean mostMastersReachable() {
    long size = masters();
    long reachable =
        nodes.values().stream()
            .filter(ClusterNode::votes)
            .filter(node -> !node.is(Flag.FAIL) && !node.is(Flag.PFAIL))
            .count();
    return reachable >= size / 2 + 1;
  }

  long masters() {
    return nodes.values().stream().filter(ClusterNode::votes).count();
  }

  private int slotsFine() {
    return slotsOf(node -> !node.is(Flag.FAIL));
  }

  int slotsOf(Predicate<ClusterNode> which) {
    return nodes.values().stream().filter(which).mapToInt(node -> node.slots.cardinality()).sum();
  }

  OptionalLong okSince() {
    return okSince;
  }

  String state() {
    return okSince.isPresent() ? "ok" : "fail";
  }

  /** The epoch of a node's slots, or of its master's. */
  long servedEpoch(ClusterNode node) {
    return find(node.masterId).orElse(node).epoch;
  }

  /** The replicas of a master. */
  ImmutableList<ClusterNode> replicasOf(ClusterNode master) {
    return nodes.values().stream()
        .filter(node -> node.is(Flag.SLAVE) && node.masterId.equals(master.id))
        .collect(ImmutableList.toImmutableList());
  }

  // ---- epochs

  long currentEpoch() {
    return currentEpoch;
  }

  void epochAtLeast(long seen) {
    currentEpoch = Math.max(currentEpoch, seen);
  }

  long nextEpoch() {
    return ++currentEpoch;
  }

  long votedEpoch() {
    return votedEpoch;
  }

  /** Whether a request is of the present epoch, in which there was no vote yet. */
  boolean mayVoteIn(long epoch) {
    return epoch >= currentEpoch && votedEpoch < currentEpoch;
  }

  void voted() {
    votedEpoch = currentEpoch;
  }

  /** Of two masters with one epoch the one of the smaller id takes a new one. */
  void settleCollision(ClusterNode sender) {
    boolean collides = myself.is(Flag.MASTER) && sender.epoch == myself.epoch;
    if (collides && sender.id.compareTo(myself.id) > 0) {
      myself.epoch = nextEpoch();
    }
  }

  void epoch(long epoch) {
    myself.epoch = epoch;
    currentEpoch = Math.max(currentEpoch, epoch);
  }
}
