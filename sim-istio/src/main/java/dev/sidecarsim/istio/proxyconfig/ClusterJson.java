package dev.sidecarsim.istio.proxyconfig;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.List;

/** A cluster as {@code istioctl proxy-config cluster -o json} prints it. */
final class ClusterJson {

  private static final String HTTP_OPTIONS =
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  /** What Envoy takes where no limit is written (circuit_breaker.proto). */
  private static final long ENVOYS_LIMIT = 1024;

  private ClusterJson() {}

  static JsonObject of(Cluster cluster) {
    JsonObject.Builder json = Json.object().put("name", cluster.name());
    Discovery discovery = cluster.discovery();
    json.put("type", discovery.type());
    if (discovery instanceof Discovery.Eds eds) {
      json.put(
          "edsClusterConfig",
          Json.object()
              .put("edsConfig", TypedJson.nest(JsonObject.EMPTY, "ads"))
              .put("serviceName", eds.serviceName())
              .build());
    }
    json.put("connectTimeout", ListenerJson.seconds(cluster.connectTimeoutNanos()));
    if (discovery instanceof Discovery.OriginalDst original) {
      json.put("lbPolicy", "CLUSTER_PROVIDED");
      portOverride(json, original);
    } else if (discovery instanceof Discovery.Static hosts) {
      loadAssignment(json, cluster.name(), hosts.endpoints());
    } else if (discovery instanceof Discovery.StrictDns hosts) {
      loadAssignment(json, cluster.name(), hosts.endpoints());
    }
    if (cluster.maxConnections() != ENVOYS_LIMIT) {
      json.put("circuitBreakers", circuitBreakers(cluster));
    }
    if (cluster.cleanupIntervalSeconds().isPresent()) {
      json.put("cleanupInterval", cluster.cleanupIntervalSeconds().getAsLong() + "s");
    }
    if (!cluster.bindAddresses().isEmpty()) {
      json.put("upstreamBindConfig", bindConfig(cluster));
    }
    transport(json, cluster);
    protocol(json, cluster);
    if (!cluster.services().isEmpty()) {
      json.put("metadata", metadata(cluster));
    }
    return json.build();
  }

  private static void loadAssignment(
      JsonObject.Builder json, String name, List<LbEndpoint> endpoints) {
    if (!endpoints.isEmpty()) {
      json.put("loadAssignment", EndpointJson.assignment(name, endpoints));
    }
  }

  private static void portOverride(JsonObject.Builder json, Discovery.OriginalDst original) {
    if (original.portOverride().isPresent()) {
      JsonObject.Builder settings = Json.object();
      settings.put("upstreamPortOverride", original.portOverride().getAsInt());
      json.put("originalDstLbConfig", settings.build());
    }
  }

  // ---- how its hosts are spoken to

  private static void transport(JsonObject.Builder json, Cluster cluster) {
    json.putIfPresent("transportSocket", TransportSocketJson.of(cluster.transport()));
    if (!cluster.transportMatches().isEmpty()) {
      json.put(
          "transportSocketMatches",
          TypedJson.list(cluster.transportMatches(), ClusterJson::transportMatch));
    }
  }

  private static JsonObject transportMatch(Cluster.TransportMatch match) {
    return Json.object()
        .put("name", match.name())
        .put("match", EndpointJson.texts(match.match()))
        .put("transportSocket", TransportSocketJson.full(match.transport()))
        .build();
  }

  /** HTTP/1.1 is what Envoy speaks unless it is told. */
  private static void protocol(JsonObject.Builder json, Cluster cluster) {
    if (cluster.protocolSelection() == Cluster.ProtocolSelection.HTTP1) {
      return;
    }
    JsonObject http2 = Json.object().put("http2ProtocolOptions", JsonObject.EMPTY).build();
    String selection =
        cluster.protocolSelection() == Cluster.ProtocolSelection.HTTP2
            ? "explicitHttpConfig"
            : "useDownstreamProtocolConfig";
    json.put(
        "typedExtensionProtocolOptions",
        TypedJson.nest(TypedJson.any(HTTP_OPTIONS).put(selection, http2).build(), HTTP_OPTIONS));
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
        config.put("extraSourceAddresses", Json.array(TypedJson.nest(address, "address")));
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
    return TypedJson.nest(istio.build(), "istio", "filterMetadata");
  }
}
