package dev.sidecarsim.examples;

import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Origin;
import dev.sidecarsim.render.TextTable;
import java.util.List;

/**
 * Clusters as {@code istioctl proxy-config cluster} shows them
 * (istioctl/pkg/writer/envoy/configdump/cluster.go).
 */
final class ClusterTable {

  private ClusterTable() {}

  /** A name of four parts is {@code DIRECTION|PORT|SUBSET|HOST}; any other is a host's. */
  static String of(List<Cluster> clusters) {
    TextTable table =
        TextTable.spaced(
            5, "SERVICE FQDN", "PORT", "SUBSET", "DIRECTION", "TYPE", "DESTINATION RULE");
    for (Cluster cluster : clusters) {
      String[] parts = cluster.name().split("\\|", -1);
      String type = cluster.discovery().type();
      if (parts.length > 3) {
        String subset = parts[2].isEmpty() ? "-" : parts[2];
        table.row(parts[3], parts[1], subset, parts[0], type, rule(cluster));
      } else {
        table.row(cluster.name(), "-", "-", "-", type, rule(cluster));
      }
    }
    return table.print();
  }

  private static String rule(Cluster cluster) {
    return cluster.origin().map(Origin::toString).orElse("");
  }
}
