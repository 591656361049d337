package dev.sidecarsim.istio.proxyconfig;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RbacCondition;
import dev.sidecarsim.envoy.RetryPolicy;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.envoy.StringMatch;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Routes of HTTP requests as {@code istioctl proxy-config route -o json} prints them. */
final class RouteJson {

  private final RouteConfiguration routes;

  private RouteJson(RouteConfiguration routes) {
    this.routes = routes;
  }

  static JsonObject of(RouteConfiguration routes) {
    RouteJson json = new RouteJson(routes);
    JsonObject.Builder all = TypedJson.called(routes.name());
    all.put("virtualHosts", TypedJson.list(routes.virtualHosts(), json::host));
    if (routes.ignoresPort()) {
      all.put("ignorePortInHostMatching", true);
    }
    return all.build();
  }

  private JsonObject host(RouteConfiguration.VirtualHost host) {
    return Json.object()
        .put("name", host.name())
        .put("domains", Json.strings(host.domains()))
        .put("routes", TypedJson.list(host.routes(), this::route))
        .build();
  }

  private JsonObject route(RouteConfiguration.Route route) {
    RouteConfiguration.RouteAction action = route.action();
    JsonObject.Builder json = Json.object().put("match", match(route.match()));
    route
        .origin()
        .ifPresent(
            origin ->
                json.put(
                    "metadata",
                    TypedJson.nest(Json.of(origin.path()), "config", "istio", "filterMetadata")));
    if (action.directStatus().isPresent()) {
      JsonObject status = Json.object().put("status", action.directStatus().getAsInt()).build();
      return json.put("directResponse", status).build();
    }
    return action.unmodelled().isEmpty()
        ? json.put("route", cluster(action)).build()
        : json.put("filterAction", TypedJson.any(action.unmodelled()).build()).build();
  }

  /** 0s: for as long as it takes. */
  private JsonObject cluster(RouteConfiguration.RouteAction action) {
    JsonObject.Builder json = Json.object();
    if (action.clusters().size() == 1) {
      json.put("cluster", action.clusters().get(0).name());
    } else {
      json.put("weightedClusters", TypedJson.nest(weighted(action.clusters()), "clusters"));
    }
    json.put("timeout", ListenerJson.seconds(action.timeoutNanos().orElse(0)));
    RetryPolicy retries = action.retries().orElse(routes.retries());
    if (retries.times() > 0) {
      json.put("retryPolicy", retries(retries));
    }
    return json.build();
  }

  static JsonArray weighted(ImmutableList<NetworkFilter.WeightedCluster> clusters) {
    return TypedJson.list(
        clusters,
        cluster ->
            Json.object().put("name", cluster.name()).put("weight", cluster.weight()).build());
  }

  private static JsonObject retries(RetryPolicy retries) {
    JsonObject.Builder policy = Json.object().put("retryOn", String.join(",", retries.on()));
    policy.put("numRetries", retries.times());
    retries
        .perTryNanos()
        .ifPresent(limit -> policy.put("perTryTimeout", ListenerJson.seconds(limit)));
    if (!retries.statuses().isEmpty()) {
      policy.put(
          "retriableStatusCodes",
          Json.array(retries.statuses().stream().map(code -> Json.of(code)).toList()));
    }
    return policy.build();
  }

  // ---- which requests

  private static JsonObject match(RbacCondition condition) {
    JsonObject.Builder json = Json.object();
    List<Json> headers = new ArrayList<>();
    boolean anyPath = true;
    for (RbacCondition each : parts(condition)) {
      if (each instanceof RbacCondition.Path path && anyPath) {
        path(json, path.path());
        anyPath = false;
      } else {
        headers.add(header(each).build());
      }
    }
    if (anyPath) {
      json.put("prefix", "/");
    }
    if (!headers.isEmpty()) {
      json.put("headers", Json.array(headers));
    }
    return json.build();
  }

  private static ImmutableList<RbacCondition> parts(RbacCondition condition) {
    return condition instanceof RbacCondition.AllOf all
        ? all.all().stream()
            .flatMap(each -> parts(each).stream())
            .collect(ImmutableList.toImmutableList())
        : ImmutableList.of(condition);
  }

  private static void path(JsonObject.Builder json, StringMatch path) {
    switch (path.kind()) {
      case PREFIX -> json.put("prefix", path.value());
      case EXACT -> json.put("path", path.value());
      default -> json.put("safeRegex", Json.object().put("regex", path.value()).build());
    }
    if (path.ignoreCase()) {
      json.put("caseSensitive", false);
    }
  }

  /** A second path, as delegates have it, is asked of as a header. */
  private static JsonObject.Builder header(RbacCondition condition) {
    if (condition instanceof RbacCondition.Not not) {
      return header(not.other()).put("invertMatch", true);
    }
    return condition instanceof RbacCondition.Header header
        ? StringMatchJson.header(header.name(), header.value())
        : StringMatchJson.header(":path", Optional.of(((RbacCondition.Path) condition).path()));
  }
}
