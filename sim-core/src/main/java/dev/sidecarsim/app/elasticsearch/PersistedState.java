package dev.sidecarsim.app.elasticsearch;

import java.util.Base64;
import java.util.Map;
import java.util.Random;

/** What a node keeps with its data: its id, its term, and the last cluster state it accepted. */
final class PersistedState {

  private static final String ID = "/node-id";
  private static final String TERM = "/current-term";
  private static final String ACCEPTED_TERM = "/last-accepted-term";
  private static final String VERSION = "/last-accepted-version";
  private static final String ACCEPTED = "/last-accepted-configuration";
  private static final String COMMITTED = "/last-committed-configuration";

  private final Map<String, String> disk;

  PersistedState(Map<String, String> disk, Random random) {
    this.disk = disk;
    disk.computeIfAbsent(ID, any -> newId(random));
  }

  /** Ids are 16 random bytes in base64 (UUIDs.randomBase64UUID). */
  static String newId(Random random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private long number(String path) {
    return Long.parseLong(disk.getOrDefault(path, "0"));
  }

  String nodeId() {
    return disk.getOrDefault(ID, "");
  }

  long term() {
    return number(TERM);
  }

  void term(long term) {
    disk.put(TERM, Long.toString(term));
  }

  long acceptedTerm() {
    return number(ACCEPTED_TERM);
  }

  long version() {
    return number(VERSION);
  }

  VotingConfiguration accepted() {
    return VotingConfiguration.decode(disk.getOrDefault(ACCEPTED, ""));
  }

  VotingConfiguration committed() {
    return VotingConfiguration.decode(disk.getOrDefault(COMMITTED, ""));
  }

  /** ClusterBootstrapService: the first configuration of all, before anything was published. */
  void bootstrap(VotingConfiguration configuration) {
    disk.put(ACCEPTED, configuration.encode());
    commit();
  }

  void accept(long version, VotingConfiguration configuration) {
    disk.put(ACCEPTED_TERM, Long.toString(term()));
    disk.put(VERSION, Long.toString(version));
    disk.put(ACCEPTED, configuration.encode());
  }

  void commit() {
    disk.put(COMMITTED, accepted().encode());
  }

  /** Whether a state is newer than the own one: who has it does not vote for this node. */
  boolean olderThan(long theirTerm, long theirVersion) {
    return theirTerm > acceptedTerm() || (theirTerm == acceptedTerm() && theirVersion > version());
  }
}
