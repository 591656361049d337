package dev.sidecarsim.istio.proxyconfig;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.istio.EnvoyNames;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/** What {@code istioctl proxy-config} prints of an Envoy's configuration. */
public final class ProxyConfig {

  /** By the parts of their names, as istioctl sorts them. */
  private static final Comparator<Cluster> ORDER =
      Comparator.comparing((Cluster cluster) -> ClusterName.of(cluster).host())
          .thenComparing(cluster -> ClusterName.of(cluster).subset())
          .thenComparing(cluster -> ClusterName.of(cluster).port())
          .thenComparing(cluster -> ClusterName.of(cluster).direction());

  private ProxyConfig() {}

  /** Which way a listener's or a cluster's connections go. */
  public enum Direction {
    INBOUND,
    OUTBOUND;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for those of the bootstrap, which have no name. */
    static Optional<Direction> of(Listener listener) {
      if (listener.name().isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(isInbound(listener) ? INBOUND : OUTBOUND);
    }

    private static boolean isInbound(Listener listener) {
      return listener.name().equals(EnvoyNames.VIRTUAL_INBOUND)
          || listener.name().equals(EnvoyNames.TUNNEL_END);
    }
  }

  /**
   * Which clusters are asked for; empty fields ask for all.
   *
   * @param fqdn a part of their name
   */
  public record ClusterFilter(
      Optional<String> fqdn,
      OptionalInt port,
      Optional<String> subset,
      Optional<Direction> direction) {

    /** Asks for the clusters of a port and a direction. */
    public static ClusterFilter of(OptionalInt port, Optional<Direction> direction) {
      return new ClusterFilter(Optional.empty(), port, Optional.empty(), direction);
    }

    private boolean takes(Cluster cluster) {
      String name = cluster.name();
      return fqdn.map(name::contains).orElse(true)
          && (port.isEmpty() || name.contains("|" + port.getAsInt() + "|"))
          && subset.map(name::contains).orElse(true)
          && direction.map(way -> name.contains(way.word())).orElse(true);
    }
  }

  /** The clusters that a filter takes, in istioctl's order. */
  public static ImmutableList<Cluster> clusters(EnvoyConfig config, ClusterFilter filter) {
    return config.clusters().values().stream()
        .filter(filter::takes)
        .sorted(ORDER)
        .collect(ImmutableList.toImmutableList());
  }

  /** {@code proxy-config cluster -o json}. */
  public static JsonArray clusterJson(Iterable<Cluster> clusters) {
    return json(clusters, ClusterJson::of);
  }

  /**
   * Which listeners are asked for; empty fields ask for all.
   *
   * @param address as it is written, without a port
   */
  public record ListenerFilter(
      Optional<String> address, OptionalInt port, Optional<Direction> direction) {

    /** Asks for the listeners of a port. */
    public static ListenerFilter of(OptionalInt port) {
      return new ListenerFilter(Optional.empty(), port, Optional.empty());
    }

    private boolean takes(Listener listener) {
      String own = listener.address().address().toString();
      return address.map(own::equalsIgnoreCase).orElse(true)
          && (port.isEmpty() || listener.address().port() == port.getAsInt())
          && (direction.isEmpty() || direction.equals(Direction.of(listener)));
    }
  }

  /**
   * The listeners that a filter takes, in the order in which they were sent; those that no address
   * leads to, as a dump may have them, are left out.
   */
  public static ImmutableList<Listener> listeners(EnvoyConfig config, ListenerFilter filter) {
    return config.listeners().stream()
        .filter(listener -> !listener.addresses().isEmpty())
        .filter(filter::takes)
        .collect(ImmutableList.toImmutableList());
  }

  /** {@code proxy-config listener -o json}. */
  public static JsonArray listenerJson(Iterable<Listener> listeners) {
    return json(listeners, ListenerJson::of);
  }

  /**
   * The route configurations, those of RDS and then, once for each filter chain, those written into
   * listeners: by number, and behind those that have one for a name as they were sent.
   *
   * @param name which are asked for; empty for all
   */
  public static ImmutableList<RouteConfiguration> routes(
      EnvoyConfig config, Optional<String> name) {
    return Stream.concat(config.routes().values().stream(), inlineRoutes(config))
        .filter(routes -> name.map(routes.name()::equals).orElse(true))
        .sorted(Comparator.comparingLong(routes -> number(routes.name())))
        .collect(ImmutableList.toImmutableList());
  }

  private static Stream<RouteConfiguration> inlineRoutes(EnvoyConfig config) {
    return config.listeners().stream()
        .flatMap(listener -> listener.filterChains().stream())
        .map(FilterChain::filter)
        .filter(NetworkFilter.HttpConnectionManager.class::isInstance)
        .flatMap(filter -> ((NetworkFilter.HttpConnectionManager) filter).inline().stream());
  }

  private static long number(String name) {
    return name.matches("\\d{1,9}") ? Long.parseLong(name) : Long.MAX_VALUE;
  }

  /** {@code proxy-config route -o json}. */
  public static JsonArray routeJson(Iterable<RouteConfiguration> routes) {
    return json(routes, RouteJson::of);
  }

  /** A host of a cluster. */
  public record Host(Cluster cluster, LbEndpoint endpoint) {

    /** What istiod says of every endpoint that takes traffic. */
    public static final String STATUS = "HEALTHY";

    /** What a Unix domain socket's path follows. */
    static final String SOCKET = "unix:";

    /** Its address, or the internal listener that tunnels to it. */
    public String address() {
      if (endpoint.host().startsWith(SOCKET)) {
        return endpoint.host().replaceFirst(SOCKET, SOCKET + "//");
      }
      String own = endpoint.host() + ":" + endpoint.port();
      return endpoint.transportMatch().equals(EnvoyNames.TUNNELLED)
          ? "envoy://" + EnvoyNames.TUNNEL_START + "/" + own
          : own;
    }
  }

  /** The hosts that the Envoy knows: those of EDS and those written into clusters. */
  public static ImmutableList<Host> hosts(EnvoyConfig config) {
    ImmutableList.Builder<Host> hosts = ImmutableList.builder();
    for (Cluster cluster : config.clusters().values()) {
      for (LbEndpoint endpoint : endpoints(config, cluster.discovery())) {
        hosts.add(new Host(cluster, endpoint));
      }
    }
    return hosts.build();
  }

  private static List<LbEndpoint> endpoints(EnvoyConfig config, Discovery discovery) {
    if (discovery instanceof Discovery.OriginalDst) {
      return List.of();
    }
    return discovery.hosts(new Discovery.Situation(Optional.empty(), config.endpoints()::get));
  }

  /** {@code proxy-config endpoint -o json}: each cluster with those hosts. */
  public static JsonArray endpointJson(Iterable<Host> hosts) {
    return EndpointJson.of(ImmutableList.copyOf(hosts));
  }

  /**
   * All of it, as {@code istioctl proxy-config all -o json} and Envoy's {@code
   * /config_dump?include_eds} have it: what a {@link dev.sidecarsim.envoy.ConfigDump} is read from.
   */
  public static JsonObject dump(EnvoyConfig config) {
    return TypedJson.nest(
        Json.array(
            section("Clusters", "dynamicActiveClusters", clusterDump(config)),
            section("Listeners", "dynamicListeners", listenerDump(config)),
            section("Routes", "dynamicRouteConfigs", routeDump(config)),
            section("Endpoints", "dynamicEndpointConfigs", endpointDump(config))),
        "configs");
  }

  private static JsonObject section(String kind, String field, Stream<JsonObject> entries) {
    return TypedJson.any("envoy.admin.v3." + kind + "ConfigDump")
        .put(field, Json.array(entries.toList()))
        .build();
  }

  private static Stream<JsonObject> clusterDump(EnvoyConfig config) {
    return config.clusters().values().stream()
        .map(cluster -> TypedJson.nest(ClusterJson.of(cluster), "cluster"));
  }

  private static Stream<JsonObject> listenerDump(EnvoyConfig config) {
    return config.listeners().stream()
        .map(
            listener ->
                Json.object()
                    .put("name", listener.name())
                    .put("activeState", TypedJson.nest(ListenerJson.of(listener), "listener"))
                    .build());
  }

  private static Stream<JsonObject> routeDump(EnvoyConfig config) {
    return config.routes().values().stream()
        .map(routes -> TypedJson.nest(RouteJson.of(routes), "routeConfig"));
  }

  private static Stream<JsonObject> endpointDump(EnvoyConfig config) {
    return config.clusters().values().stream()
        .flatMap(cluster -> eds(cluster.discovery()).stream())
        .distinct()
        .map(service -> EndpointJson.assignment(service, config.endpoints().get(service)))
        .map(assignment -> TypedJson.nest(assignment, "endpointConfig"));
  }

  private static Optional<String> eds(Discovery discovery) {
    return discovery instanceof Discovery.Eds eds
        ? Optional.of(eds.serviceName())
        : Optional.empty();
  }

  private static <T> JsonArray json(Iterable<T> all, Function<T, Json> one) {
    ImmutableList.Builder<Json> array = ImmutableList.builder();
    all.forEach(each -> array.add(one.apply(each)));
    return Json.array(array.build());
  }
}
