package dev.sidecarsim.istio.proxyconfig;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import java.util.List;
import java.util.Map;

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
    JsonObject.Builder json = Json.object().put("address", address(host.endpoint()));
    if (host.cluster().discovery() instanceof Discovery.Eds) {
      json.put("healthStatus", TypedJson.nest(Json.of(ProxyConfig.Host.STATUS), "edsHealthStatus"));
    }
    return json.put("weight", 1).build();
  }

  // ---- as istiod sends them

  /** A {@code ClusterLoadAssignment}. */
  static JsonObject assignment(String name, List<LbEndpoint> endpoints) {
    JsonObject.Builder json = Json.object().put("clusterName", name);
    if (!endpoints.isEmpty()) {
      JsonObject locality =
          TypedJson.nest(TypedJson.list(endpoints, EndpointJson::endpoint), "lbEndpoints");
      json.put("endpoints", Json.array(locality));
    }
    return json.build();
  }

  private static JsonObject endpoint(LbEndpoint endpoint) {
    JsonObject.Builder json = Json.object();
    json.put("endpoint", TypedJson.nest(address(endpoint), "address"));
    if (!endpoint.transportMatch().isEmpty()) {
      json.put(
          "metadata",
          TypedJson.nest(
              texts(endpoint.transportMatch()), "envoy.transport_socket_match", "filterMetadata"));
    }
    return json.build();
  }

  private static JsonObject address(LbEndpoint endpoint) {
    String other = endpoint.unmodelled();
    if (other.isEmpty()) {
      return TypedJson.socketAddress(endpoint.host(), endpoint.port());
    }
    return other.startsWith(ProxyConfig.Host.SOCKET)
        ? TypedJson.nest(Json.of(other.substring(ProxyConfig.Host.SOCKET.length())), "path", "pipe")
        : TypedJson.nest(Json.of(other), "serverListenerName", "envoyInternalAddress");
  }

  static JsonObject texts(Map<String, String> texts) {
    JsonObject.Builder json = Json.object();
    texts.forEach(json::put);
    return json.build();
  }
}
