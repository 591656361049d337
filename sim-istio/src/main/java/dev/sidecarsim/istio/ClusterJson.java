package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.time.Durations;
import java.util.List;

/** A cluster as {@code istioctl proxy-config cluster -o json} prints it. */
final class ClusterJson {

  private ClusterJson() {}

  static JsonObject of(Cluster cluster) {
    JsonObject.Builder json = Json.object().put("name", cluster.name());
    Discovery discovery = cluster.discovery();
    json.put("type", discovery.type());
    if (discovery instanceof Discovery.Eds eds) {
      json.put(
          "edsClusterConfig",
          Json.object()
              .put("edsConfig", Json.object().put("ads", JsonObject.EMPTY).build())
              .put("serviceName", eds.serviceName())
              .build());
    }
    json.put("connectTimeout", cluster.connectTimeoutNanos() / Durations.SECOND + "s");
    if (discovery instanceof Discovery.OriginalDst) {
      json.put("lbPolicy", "CLUSTER_PROVIDED");
    } else if (discovery instanceof Discovery.Static hosts) {
      loadAssignment(json, cluster.name(), hosts.endpoints());
    } else if (discovery instanceof Discovery.StrictDns hosts) {
      loadAssignment(json, cluster.name(), hosts.endpoints());
    }
    json.put("circuitBreakers", circuitBreakers(cluster));
    if (cluster.cleanupIntervalSeconds().isPresent()) {
      json.put("cleanupInterval", cluster.cleanupIntervalSeconds().getAsLong() + "s");
    }
    if (!cluster.bindAddresses().isEmpty()) {
      json.put("upstreamBindConfig", bindConfig(cluster));
    }
    if (!cluster.services().isEmpty()) {
      json.put("metadata", metadata(cluster));
    }
    return json.build();
  }

  private static void loadAssignment(
      JsonObject.Builder json, String name, List<LbEndpoint> endpoints) {
    if (endpoints.isEmpty()) {
      return;
    }
    ImmutableList.Builder<Json> hosts = ImmutableList.builder();
    for (LbEndpoint endpoint : endpoints) {
      JsonObject socket =
          Json.object().put("address", endpoint.host()).put("portValue", endpoint.port()).build();
      hosts.add(nest(socket, "socketAddress", "address", "endpoint"));
    }
    JsonObject locality = Json.object().put("lbEndpoints", Json.array(hosts.build())).build();
    json.put(
        "loadAssignment",
        Json.object().put("clusterName", name).put("endpoints", Json.array(locality)).build());
  }

  /** An object in an object in an object, the innermost key first. */
  private static JsonObject nest(JsonObject inner, String... keys) {
    JsonObject outer = inner;
    for (String key : keys) {
      outer = Json.object().put(key, outer).build();
    }
    return outer;
  }

  private static JsonObject circuitBreakers(Cluster cluster) {
    JsonObject.Builder threshold =
        Json.object()
            .put("maxConnections", cluster.maxConnections())
            .put("maxPendingRequests", Cluster.NO_LIMIT)
            .put("maxRequests", Cluster.NO_LIMIT)
            .put("maxRetries", Cluster.NO_LIMIT);
    if (cluster.trackRemaining()) {
      threshold.put("trackRemaining", true);
    }
    return Json.object().put("thresholds", Json.array(threshold.build())).build();
  }

  private static JsonObject bindConfig(Cluster cluster) {
    JsonObject.Builder config = Json.object();
    for (int i = 0; i < cluster.bindAddresses().size(); i++) {
      JsonObject address =
          Json.object()
              .put("address", cluster.bindAddresses().get(i).toString())
              .put("portValue", 0)
              .build();
      if (i == 0) {
        config.put("sourceAddress", address);
      } else {
        config.put("extraSourceAddresses", Json.array(nest(address, "address")));
      }
    }
    return config.build();
  }

  private static JsonObject metadata(Cluster cluster) {
    ImmutableList.Builder<Json> services = ImmutableList.builder();
    for (Cluster.ServiceRef service : cluster.services()) {
      services.add(
          Json.object()
              .put("host", service.host())
              .put("name", service.name())
              .put("namespace", service.namespace())
              .build());
    }
    JsonObject.Builder istio = Json.object();
    cluster.origin().ifPresent(origin -> istio.put("config", origin.path()));
    istio.put("services", Json.array(services.build()));
    String[] parts = cluster.name().split("\\|", -1);
    if (parts.length > 3 && !parts[2].isEmpty()) {
      istio.put("subset", parts[2]);
    }
    return nest(istio.build(), "istio", "filterMetadata");
  }
}
