package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;

/** Clusters and their hosts as {@code istioctl proxy-config endpoint -o json} prints them. */
final class EndpointJson {

  private EndpointJson() {}

  static JsonArray of(ImmutableList<ProxyConfig.Host> hosts) {
    ImmutableListMultimap<Cluster, ProxyConfig.Host> byCluster =
        Multimaps.index(hosts, ProxyConfig.Host::cluster);
    ImmutableList.Builder<Json> all = ImmutableList.builder();
    byCluster.asMap().forEach((cluster, own) -> all.add(cluster(cluster, own)));
    return Json.array(all.build());
  }

  private static JsonObject cluster(Cluster cluster, Iterable<ProxyConfig.Host> hosts) {
    ImmutableList.Builder<Json> statuses = ImmutableList.builder();
    hosts.forEach(host -> statuses.add(host(host)));
    return Json.object()
        .put("name", cluster.name())
        .put("addedViaApi", true)
        .put("hostStatuses", Json.array(statuses.build()))
        .build();
  }

  private static JsonObject host(ProxyConfig.Host host) {
    JsonObject socket =
        Json.object()
            .put("address", host.endpoint().host())
            .put("portValue", host.endpoint().port())
            .build();
    JsonObject.Builder json =
        Json.object().put("address", Json.object().put("socketAddress", socket).build());
    if (host.cluster().discovery() instanceof Discovery.Eds) {
      json.put(
          "healthStatus", Json.object().put("edsHealthStatus", ProxyConfig.Host.STATUS).build());
    }
    return json.put("weight", 1).build();
  }
}
