package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.RunningPod;
import java.util.List;

/**
 * Something that befalls a server, {@code second} seconds after the first one has started.
 *
 * @param victim the server's ordinal, or {@link #LEADER}
 */
record Event(int second, int victim, Kind kind) {

  /** The server that leads then; the first one where none does. */
  static final int LEADER = -1;

  static final String CONTAINER = "zookeeper";

  /** What befalls it. */
  enum Kind {
    /** Its process is killed and stays dead. */
    KILL,
    /** A killed one starts again. */
    REVIVE
  }

  /** Whether a server runs in a pod. */
  static boolean runs(Cluster cluster, String pod) {
    return cluster.pod("default", pod).flatMap(found -> found.container(CONTAINER)).isPresent();
  }

  /**
   * Does it.
   *
   * @param roles what the servers are now, one letter each
   */
  void happen(Cluster cluster, List<String> pods, String roles) {
    int ordinal = victim == LEADER ? Math.max(roles.indexOf('L'), 0) : victim;
    RunningPod pod = cluster.pod("default", pods.get(ordinal)).orElseThrow();
    switch (kind) {
      case KILL -> cluster.killForGood(pod, CONTAINER);
      case REVIVE -> cluster.revive(pod, CONTAINER);
    }
  }
}
