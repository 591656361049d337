package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.ListenerFilter;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.SourceType;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Cidr;

/** A listener as {@code istioctl proxy-config listener -o json} prints it. */
final class ListenerJson {

  private ListenerJson() {}

  static JsonObject of(Listener listener) {
    JsonObject.Builder json = Json.object().put("name", listener.name());
    JsonObject socket =
        Json.object()
            .put("address", listener.address().address().toString())
            .put("portValue", listener.address().port())
            .build();
    json.put("address", Json.object().put("socketAddress", socket).build());
    if (!listener.filterChains().isEmpty()) {
      ImmutableList.Builder<Json> chains = ImmutableList.builder();
      listener.filterChains().forEach(chain -> chains.add(chain(chain)));
      json.put("filterChains", Json.array(chains.build()));
    }
    listener.defaultFilterChain().ifPresent(chain -> json.put("defaultFilterChain", chain(chain)));
    if (listener.useOriginalDst()) {
      json.put("useOriginalDst", true);
    }
    if (!listener.listenerFilters().isEmpty()) {
      json.put("listenerFilters", filters(listener.listenerFilters()));
      json.put("listenerFiltersTimeout", listener.filtersTimeoutNanos() / 1_000_000_000L + "s");
    }
    if (listener.continueOnTimeout() && !listener.listenerFilters().isEmpty()) {
      json.put("continueOnListenerFiltersTimeout", true);
    }
    if (!listener.bindToPort()) {
      json.put("bindToPort", false);
    }
    return json.put("trafficDirection", ProxyConfig.Direction.of(listener).name()).build();
  }

  private static JsonArray filters(Iterable<ListenerFilter> filters) {
    ImmutableList.Builder<Json> all = ImmutableList.builder();
    for (ListenerFilter filter : filters) {
      all.add(Json.object().put("name", "envoy.filters.listener." + filter.type().word()).build());
    }
    return Json.array(all.build());
  }

  private static JsonObject chain(FilterChain chain) {
    JsonObject.Builder json = Json.object();
    if (!chain.match().equals(FilterChainMatch.ANY)) {
      json.put("filterChainMatch", match(chain.match()));
    }
    json.put("filters", Json.array(filter(chain.filter())));
    if (chain.transport() instanceof TransportSocket.DownstreamTls tls) {
      JsonObject config =
          Json.object().put("requireClientCertificate", tls.requireClientCertificate()).build();
      json.put(
          "transportSocket",
          Json.object()
              .put("name", "envoy.transport_sockets.tls")
              .put("typedConfig", config)
              .build());
    }
    return json.put("name", chain.name()).build();
  }

  private static JsonObject match(FilterChainMatch match) {
    JsonObject.Builder json = Json.object();
    match.destinationPort().ifPresent(port -> json.put("destinationPort", port));
    if (!match.prefixRanges().isEmpty()) {
      ImmutableList.Builder<Json> ranges = ImmutableList.builder();
      match.prefixRanges().forEach(range -> ranges.add(range(range)));
      json.put("prefixRanges", Json.array(ranges.build()));
    }
    if (!match.serverNames().isEmpty()) {
      json.put("serverNames", Json.strings(match.serverNames()));
    }
    if (!match.transportProtocol().isEmpty()) {
      json.put("transportProtocol", match.transportProtocol());
    }
    if (!match.applicationProtocols().isEmpty()) {
      json.put("applicationProtocols", Json.strings(match.applicationProtocols()));
    }
    if (match.sourceType() != SourceType.ANY) {
      json.put("sourceType", match.sourceType().name());
    }
    return json.build();
  }

  private static JsonObject range(Cidr range) {
    return Json.object()
        .put("addressPrefix", range.address().toString())
        .put("prefixLen", range.prefix())
        .build();
  }

  private static JsonObject filter(NetworkFilter filter) {
    String target = filter.target();
    String name = target.substring(target.indexOf(':') + 1);
    if (filter instanceof NetworkFilter.HttpConnectionManager manager) {
      String key = manager.inline().isPresent() ? "routeConfig" : "rds";
      String nameKey = manager.inline().isPresent() ? "name" : "routeConfigName";
      JsonObject config = Json.object().put(key, Json.object().put(nameKey, name).build()).build();
      return named("envoy.filters.network.http_connection_manager", config);
    }
    if (filter instanceof NetworkFilter.TunnelEnd) {
      JsonObject config =
          Json.object().put("routeConfig", Json.object().put("name", name).build()).build();
      return named("envoy.filters.network.http_connection_manager", config);
    }
    return named(
        "envoy.filters.network.tcp_proxy",
        Json.object().put("statPrefix", name).put("cluster", name).build());
  }

  private static JsonObject named(String name, JsonObject config) {
    return Json.object().put("name", name).put("typedConfig", config).build();
  }
}
