package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;

/** Reads network filters of the APIs v2 and v3; those that pass everything on are left out. */
final class NetworkFilterReader {

  /**
   * Filters that look at a connection and let it pass: telemetry, and the record of who the peer
   * is.
   */
  private static final ImmutableSet<String> PASSING =
      ImmutableSet.of(
          "envoy.tcp.metadataexchange.config.MetadataExchange",
          "envoy.extensions.network_filters.peer_metadata.Config",
          "io.istio.network.authn.Config",
          "stats.PluginConfig");

  /** Decoders of a protocol that only count what they see, by type and by name. */
  private static final ImmutableMap<String, String> DECODERS =
      ImmutableMap.of(
          "KafkaBroker", "kafka_broker",
          "MongoProxy", "mongo_proxy",
          "MySQLProxy", "mysql_proxy",
          "PostgresProxy", "postgres_proxy",
          "ZooKeeperProxy", "zookeeper_proxy");

  private NetworkFilterReader() {}

  /** The filters to keep for one that is configured. */
  static ImmutableList<NetworkFilter> read(ProtoMessage written) {
    Extension filter = Extension.of(written);
    if (filter.is("TcpProxy", "tcp_proxy")) {
      return tcpProxy(filter);
    }
    if (filter.is("HttpConnectionManager", "http_connection_manager")) {
      return connectionManager(filter);
    }
    if (filter.is("RBAC", "rbac")) {
      return accessControl(filter);
    }
    return passes(filter)
        ? ImmutableList.of()
        : ImmutableList.of(unmodelled("network filter " + filter.describe()));
  }

  private static NetworkFilter unmodelled(String what) {
    return new NetworkFilter.Unmodelled(what);
  }

  private static ImmutableList<NetworkFilter> accessControl(Extension filter) {
    if (!RbacReader.enforces(filter.settings())) {
      return ImmutableList.of();
    }
    return ImmutableList.of(
        RbacReader.read(filter.settings())
            .<NetworkFilter>map(NetworkFilter.AccessControl::new)
            .orElseGet(() -> unmodelled("network filter " + filter.describe())));
  }

  private static boolean passes(Extension filter) {
    if (PASSING.contains(filter.type())
        || DECODERS.entrySet().stream().anyMatch(d -> filter.is(d.getKey(), d.getValue()))) {
      return true;
    }
    if (filter.is("Wasm", "wasm")) {
      return WasmPlugins.passesEverything(filter);
    }
    // Mixer: a check may deny, a report may not.
    return filter.is("TcpClientConfig", "mixer")
        && filter.settings().flag("disable_check_calls").orElse(false);
  }

  private static ImmutableList<NetworkFilter> tcpProxy(Extension filter) {
    if (filter.settings().has("deprecated_v1")) {
      return tcpProxyOfV1(filter.settings());
    }
    ProtoMessage settings = filter.settings();
    ImmutableList.Builder<NetworkFilter> filters = ImmutableList.builder();
    if (settings.has("tunneling_config")) {
      filters.add(unmodelled("tcp_proxy's tunneling_config"));
    }
    String cluster = settings.text("cluster");
    ImmutableList<NetworkFilter.WeightedCluster> weighted =
        settings.messageOrEmpty("weighted_clusters").messages("clusters").stream()
            .map(NetworkFilterReader::weighted)
            .collect(ImmutableList.toImmutableList());
    if (!cluster.isEmpty()) {
      filters.add(NetworkFilter.TcpProxy.to(cluster));
    } else if (!weighted.isEmpty()) {
      filters.add(new NetworkFilter.TcpProxy(weighted));
    } else {
      filters.add(unmodelled("a tcp_proxy that names no cluster"));
    }
    return filters.build();
  }

  /**
   * What Istio before 1.1 wrote: routes by address and port, one of them at a service's address.
   */
  private static ImmutableList<NetworkFilter> tcpProxyOfV1(ProtoMessage settings) {
    ImmutableList<ProtoMessage> routes =
        settings.has("value")
            ? settings.messageOrEmpty("value").messageOrEmpty("route_config").messages("routes")
            : settings.messageOrEmpty("deprecated_v1").messages("routes");
    NetworkFilter conditions = unmodelled("tcp_proxy's routes of the API v1");
    return routes.size() == 1
        ? ImmutableList.of(conditions, NetworkFilter.TcpProxy.to(routes.get(0).text("cluster")))
        : ImmutableList.of(conditions);
  }

  static NetworkFilter.WeightedCluster weighted(ProtoMessage written) {
    return new NetworkFilter.WeightedCluster(
        written.text("name"), Math.toIntExact(written.number("weight").orElse(0L)));
  }

  private static ImmutableList<NetworkFilter> connectionManager(Extension filter) {
    ProtoMessage settings = filter.settings();
    ImmutableList.Builder<NetworkFilter> filters = ImmutableList.builder();
    HttpFilters http = new HttpFilters(settings.messages("http_filters"));
    http.unmodelled().forEach(what -> filters.add(unmodelled("HTTP filter " + what)));
    Optional<RouteConfiguration> inline = settings.message("route_config").map(RouteReader::read);
    String name =
        inline
            .map(RouteConfiguration::name)
            .orElseGet(() -> settings.messageOrEmpty("rds").text("route_config_name"));
    if (inline.isEmpty() && !settings.has("rds")) {
      filters.add(unmodelled("an http_connection_manager without route_config and rds"));
    } else {
      filters.add(
          new NetworkFilter.HttpConnectionManager(
              name,
              inline,
              http.upstreamAlpn(),
              http.access(),
              settings
                  .messageOrEmpty("http_protocol_options")
                  .flag("accept_http_10")
                  .orElse(false)));
    }
    return filters.build();
  }
}
