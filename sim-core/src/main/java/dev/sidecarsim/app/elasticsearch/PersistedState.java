package dev.sidecarsim.app.elasticsearch;

import java.util.Base64;
import java.util.Map;
import java.util.Random;

/** What a node keeps with its data: its id, its term, and the last cluster state it accepted. */
final class PersistedState {

  private static final String ID = "/node-id";
  private static final String TERM = "/current-term";
  private static final String STATE = "/last-accepted-state";
  private static final String CLUSTER = "/cluster-uuid";

  private final Map<String, String> disk;
  private final Node self;
  private ClusterState accepted;

  PersistedState(Map<String, String> disk, Node self) {
    this.disk = disk;
    this.self = self;
    String kept = disk.get(STATE);
    this.accepted =
        kept == null ? ClusterState.initial(self) : ClusterState.decode(kept).reloaded(self);
  }

  /** The id that this disk has, made if it has none. */
  static String nodeId(Map<String, String> disk, Random random) {
    return disk.computeIfAbsent(ID, any -> newId(random));
  }

  /** Ids are 16 random bytes in base64 (UUIDs.randomBase64UUID). */
  static String newId(Random random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  long term() {
    return Long.parseLong(disk.getOrDefault(TERM, "0"));
  }

  void term(long term) {
    disk.put(TERM, Long.toString(term));
  }

  ClusterState accepted() {
    return accepted;
  }

  /** The cluster that the node belongs to for good; empty before a first state was committed. */
  String clusterUuid() {
    return disk.getOrDefault(CLUSTER, "");
  }

  void clusterUuid(String uuid) {
    disk.put(CLUSTER, uuid);
  }

  void accept(ClusterState state) {
    accepted = state;
    disk.put(STATE, state.reloaded(self).encode());
  }
}
