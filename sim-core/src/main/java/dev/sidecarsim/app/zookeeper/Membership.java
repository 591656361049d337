package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;

/**
 * Whether servers, groups and weights make an ensemble that this server is one of, as
 * QuorumPeerConfig.parseDynamicConfig, QuorumHierarchical and QuorumPeer.start see it.
 */
record Membership(
    long myId,
    ImmutableSortedMap<Long, QuorumServer> servers,
    boolean standaloneEnabled,
    ImmutableMap<Long, Long> groups,
    ImmutableMap<Long, Long> weights) {

  void check() {
    checkGroups();
    long voters = servers.values().stream().filter(server -> !server.observer()).count();
    checkVoters(voters);
    boolean ensemble = voters > 1 || !standaloneEnabled;
    if (ensemble && !servers.containsKey(myId)) {
      throw Refusal.unexpected(
          "myid %d is none of the servers %s; give the server a server.%d line"
              .formatted(myId, servers.keySet(), myId),
          "RuntimeException: My id " + myId + " not in the peer list");
    }
  }

  private void checkVoters(long voters) {
    if (voters == 0 && !standaloneEnabled) {
      throw Refusal.argument(
          "there is no server line of a voter; give one, or leave standaloneEnabled out",
          "standaloneEnabled = false then number of participants should be >0");
    }
    if (voters <= 1 && servers.size() > voters && standaloneEnabled) {
      throw Refusal.argument(
          "observers need a quorum to observe, and "
              + servers.keySet()
              + " have fewer than two voters; give more servers without :observer",
          "Observers w/o "
              + (voters == 0 ? "participants" : "quorum")
              + " is an invalid configuration");
    }
  }

  private void checkGroups() {
    if (groups.isEmpty() && weights.isEmpty()) {
      return;
    }
    for (QuorumServer server : servers.values()) {
      if (!server.observer() && !groups.containsKey(server.sid())) {
        throw Refusal.config(
            "server." + server.sid() + " is in no group; name every voter in a group.N line",
            "Server " + server.sid() + "is not in a group");
      }
    }
    for (long sid : groups.keySet()) {
      QuorumServer server = servers.get(sid);
      if (!weights.containsKey(sid) && (server == null || server.observer())) {
        throw Refusal.unexpected(
            "group.%d names %d, which is no server with a vote; leave it out"
                .formatted(groups.get(sid), sid),
            "NullPointerException");
      }
    }
  }
}
