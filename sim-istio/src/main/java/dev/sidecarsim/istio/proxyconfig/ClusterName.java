package dev.sidecarsim.istio.proxyconfig;

import dev.sidecarsim.envoy.Cluster;

/** The parts of a name {@code DIRECTION|PORT|SUBSET|HOST}; any other name is a host's. */
record ClusterName(String direction, int port, String subset, String host) {

  static ClusterName of(Cluster cluster) {
    String[] parts = cluster.name().split("\\|", -1);
    return parts.length > 3
        ? new ClusterName(parts[0], Integer.parseInt(parts[1]), parts[2], parts[3])
        : new ClusterName("", 0, "", cluster.name());
  }
}
