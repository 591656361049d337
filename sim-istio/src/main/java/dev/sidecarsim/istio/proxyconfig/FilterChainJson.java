package dev.sidecarsim.istio.proxyconfig;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.SourceType;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Cidr;
import java.util.ArrayList;
import java.util.List;

/** A filter chain as {@code istioctl proxy-config listener -o json} prints it. */
final class FilterChainJson {

  private static final String FILTERS = "envoy.filters.network.";
  private static final String TYPES = "envoy.extensions.filters.network.";
  private static final String HTTP_FILTERS = "envoy.filters.http.";

  private FilterChainJson() {}

  static JsonObject of(FilterChain chain) {
    JsonObject.Builder json = Json.object();
    if (!chain.match().equals(FilterChainMatch.ANY)) {
      json.put("filterChainMatch", match(chain.match()));
    }
    json.put("filters", TypedJson.list(chain.filters(), FilterChainJson::filter));
    json.putIfPresent("transportSocket", TransportSocketJson.of(chain.transport()));
    if (!chain.name().isEmpty()) {
      json.put("name", chain.name());
    }
    return json.build();
  }

  // ---- which connections

  private static JsonObject match(FilterChainMatch match) {
    JsonObject.Builder json = Json.object();
    match.destinationPort().ifPresent(port -> json.put("destinationPort", port));
    blocks(json, "prefixRanges", match.prefixRanges());
    texts(json, "serverNames", match.serverNames());
    if (!match.transportProtocol().isEmpty()) {
      json.put("transportProtocol", match.transportProtocol());
    }
    texts(json, "applicationProtocols", match.applicationProtocols());
    blocks(json, "directSourcePrefixRanges", match.directSourcePrefixRanges());
    if (match.sourceType() != SourceType.ANY) {
      json.put("sourceType", match.sourceType().name());
    }
    blocks(json, "sourcePrefixRanges", match.sourcePrefixRanges());
    if (!match.sourcePorts().isEmpty()) {
      json.put("sourcePorts", TypedJson.list(match.sourcePorts(), Json::of));
    }
    return json.build();
  }

  private static void blocks(JsonObject.Builder json, String key, ImmutableList<Cidr> blocks) {
    if (!blocks.isEmpty()) {
      json.put(key, TypedJson.list(blocks, RbacJson::cidr));
    }
  }

  private static void texts(JsonObject.Builder json, String key, ImmutableList<String> texts) {
    if (!texts.isEmpty()) {
      json.put(key, Json.strings(texts));
    }
  }

  // ---- what becomes of them

  private static JsonObject filter(NetworkFilter filter) {
    if (filter instanceof NetworkFilter.TcpProxy proxy) {
      return tcpProxy(proxy);
    }
    if (filter instanceof NetworkFilter.HttpConnectionManager manager) {
      return TypedJson.named(FILTERS + "http_connection_manager", manager(manager));
    }
    if (filter instanceof NetworkFilter.AccessControl access) {
      return RbacJson.filter("network", access.rbac());
    }
    if (filter instanceof NetworkFilter.TunnelEnd tunnel) {
      String target = tunnel.target();
      String name = target.substring(target.indexOf(':') + 1);
      JsonObject routes = Json.object().put("name", name).build();
      return TypedJson.named(
          FILTERS + "http_connection_manager", managerType().put("routeConfig", routes));
    }
    String what = filter instanceof NetworkFilter.Unmodelled unmodelled ? unmodelled.what() : "";
    return Json.object().put("name", what).build();
  }

  private static JsonObject tcpProxy(NetworkFilter.TcpProxy proxy) {
    String first = proxy.clusters().get(0).name();
    JsonObject.Builder settings = TypedJson.any(TYPES + "tcp_proxy.v3.TcpProxy");
    settings.put("statPrefix", first);
    if (proxy.clusters().size() == 1) {
      settings.put("cluster", first);
    } else {
      settings.put(
          "weightedClusters", TypedJson.nest(RouteJson.weighted(proxy.clusters()), "clusters"));
    }
    return TypedJson.named(FILTERS + "tcp_proxy", settings);
  }

  private static JsonObject.Builder managerType() {
    return TypedJson.any(TYPES + "http_connection_manager.v3.HttpConnectionManager");
  }

  private static JsonObject.Builder manager(NetworkFilter.HttpConnectionManager manager) {
    JsonObject.Builder settings = managerType();
    if (manager.inline().isPresent()) {
      settings.put("routeConfig", RouteJson.of(manager.inline().get()));
    } else {
      settings.put("rds", Json.object().put("routeConfigName", manager.routeName()).build());
    }
    settings.put("httpFilters", Json.array(httpFilters(manager)));
    if (manager.acceptsHttp10()) {
      settings.put("httpProtocolOptions", Json.object().put("acceptHttp10", true).build());
    }
    return settings;
  }

  private static List<Json> httpFilters(NetworkFilter.HttpConnectionManager manager) {
    List<Json> filters = new ArrayList<>();
    manager.access().forEach(rbac -> filters.add(RbacJson.filter("http", rbac)));
    if (!manager.upstreamAlpn().isEmpty()) {
      filters.add(alpn(manager.upstreamAlpn()));
    }
    filters.add(
        TypedJson.named(
            HTTP_FILTERS + "router",
            TypedJson.any("envoy.extensions.filters.http.router.v3.Router")));
    return filters;
  }

  /** What upstream TLS offers for HTTP/1.1; the lists for other protocols are not modelled. */
  private static JsonObject alpn(ImmutableList<String> offered) {
    JsonObject override =
        Json.object()
            .put("upstreamProtocol", "HTTP11")
            .put("alpnOverride", Json.strings(offered))
            .build();
    return TypedJson.named(
        "istio.alpn",
        TypedJson.any("istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig")
            .put("alpnOverride", Json.array(override)));
  }
}
