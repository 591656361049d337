package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.RouteConfiguration.RouteAction;
import dev.sidecarsim.envoy.RouteConfiguration.VirtualHost;
import dev.sidecarsim.json.InputException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the configuration of a running Envoy of a dump, and fills the dump's gaps. */
final class DumpedConfig {

  private final DumpSections sections;
  private final String identity;
  private final EnvoyConfig otherwise;

  DumpedConfig(DumpSections sections, String identity, EnvoyConfig otherwise) {
    this.sections = sections;
    this.identity = identity;
    this.otherwise = otherwise;
  }

  EnvoyConfig config() {
    ImmutableList<Listener> listeners =
        sections.listeners().isEmpty() ? otherwise.listeners() : listeners();
    ImmutableMap<String, RouteConfiguration> routes = routes(listeners);
    ImmutableMap<String, Cluster> clusters = clusters(listeners, routes);
    return new EnvoyConfig(listeners, clusters, endpoints(clusters), routes);
  }

  /** What the dump holds itself. */
  EnvoyConfig own() {
    return EnvoyConfig.of(listeners(), dumpedClusters().values());
  }

  private ImmutableList<Listener> listeners() {
    ImmutableList.Builder<Listener> all = ImmutableList.builder();
    for (ProtoMessage written : sections.listeners()) {
      if (!ListenerReader.takesConnections(written)) {
        continue;
      }
      Listener listener = ListenerReader.read(written, identity);
      try {
        FilterChainMatcher.of(listener);
      } catch (IllegalArgumentException e) {
        throw new InputException(
            written.location(),
            "Envoy would refuse listener " + listener.name() + ": " + e.getMessage());
      }
      all.add(listener);
    }
    return all.build();
  }

  // ---- routes

  private ImmutableMap<String, RouteConfiguration> routes(ImmutableList<Listener> listeners) {
    Map<String, RouteConfiguration> all = new LinkedHashMap<>();
    for (ProtoMessage route : sections.routes()) {
      RouteConfiguration read = RouteReader.read(route);
      all.putIfAbsent(read.name(), read);
    }
    if (sections.routes().isEmpty()) {
      all.putAll(otherwise.routes());
      chains(listeners)
          .map(FilterChain::filter)
          .filter(NetworkFilter.HttpConnectionManager.class::isInstance)
          .map(filter -> ((NetworkFilter.HttpConnectionManager) filter).routeName())
          .forEach(name -> all.computeIfAbsent(name, DumpedConfig::unknownRoutes));
    }
    return ImmutableMap.copyOf(all);
  }

  private static RouteConfiguration unknownRoutes(String name) {
    String what = "route configuration " + name + ", which the dump does not hold,";
    return new RouteConfiguration(
        name,
        ImmutableList.of(
            new VirtualHost(name, ImmutableList.of("*"), RouteAction.unmodelled(what))));
  }

  // ---- clusters

  private ImmutableMap<String, Cluster> clusters(
      ImmutableList<Listener> listeners, ImmutableMap<String, RouteConfiguration> routes) {
    Map<String, Cluster> all = dumpedClusters();
    if (sections.clusters().isEmpty()) {
      all.putAll(otherwise.clusters());
      named(listeners, routes)
          .forEach(name -> all.computeIfAbsent(name, DumpedConfig::unknownCluster));
    }
    return ImmutableMap.copyOf(all);
  }

  private Map<String, Cluster> dumpedClusters() {
    Map<String, Cluster> all = new LinkedHashMap<>();
    for (ProtoMessage cluster : sections.clusters()) {
      Cluster read = ClusterReader.read(cluster, identity);
      all.putIfAbsent(read.name(), read);
    }
    return all;
  }

  /** The clusters that filter chains and routes lead to. */
  private static Set<String> named(
      ImmutableList<Listener> listeners, ImmutableMap<String, RouteConfiguration> routes) {
    Set<String> names = new LinkedHashSet<>();
    chains(listeners)
        .map(FilterChain::filter)
        .forEach(
            filter -> {
              if (filter instanceof NetworkFilter.TcpProxy proxy) {
                proxy.clusters().forEach(cluster -> names.add(cluster.name()));
              } else if (filter instanceof NetworkFilter.HttpConnectionManager manager) {
                manager.inline().ifPresent(inline -> addNames(names, inline));
              }
            });
    routes.values().forEach(route -> addNames(names, route));
    names.remove("");
    return names;
  }

  private static void addNames(Set<String> names, RouteConfiguration routes) {
    routes.virtualHosts().stream()
        .flatMap(host -> host.routes().stream())
        .flatMap(route -> route.action().clusters().stream())
        .forEach(cluster -> names.add(cluster.name()));
  }

  private static Cluster unknownCluster(String name) {
    String what = "the dump does not hold it";
    return Cluster.builder(name, new Discovery.Unmodelled("UNKNOWN", what)).build();
  }

  private static Stream<FilterChain> chains(ImmutableList<Listener> listeners) {
    return listeners.stream()
        .flatMap(
            listener ->
                Stream.concat(
                    listener.filterChains().stream(), listener.defaultFilterChain().stream()));
  }

  // ---- endpoints

  private ImmutableListMultimap<String, LbEndpoint> endpoints(
      ImmutableMap<String, Cluster> clusters) {
    ImmutableListMultimap.Builder<String, LbEndpoint> all = ImmutableListMultimap.builder();
    Set<String> services = new LinkedHashSet<>();
    for (Cluster cluster : clusters.values()) {
      if (cluster.discovery() instanceof Discovery.Eds eds && services.add(eds.serviceName())) {
        all.putAll(eds.serviceName(), endpoints(cluster, eds));
      }
    }
    return all.build();
  }

  private ImmutableList<LbEndpoint> endpoints(Cluster cluster, Discovery.Eds eds) {
    ImmutableList<LbEndpoint> dumped = sections.endpoints().get(eds.serviceName());
    if (dumped != null) {
      return dumped;
    }
    ImmutableList<LbEndpoint> seen = sections.statuses().get(eds.serviceName());
    ImmutableList<LbEndpoint> made = otherwise.endpoints().get(eds.serviceName());
    if (seen != null) {
      return seen.stream()
          .map(host -> withMetadata(host, cluster, made))
          .collect(ImmutableList.toImmutableList());
    }
    boolean known = otherwise.clusters().values().stream().anyMatch(c -> c.discovery().equals(eds));
    return known
        ? made
        : ImmutableList.of(
            LbEndpoint.unmodelled(
                "of EDS service "
                    + eds.serviceName()
                    + ", which the dump does not hold (ask for config_dump?include_eds)"));
  }

  /** Where a cluster chooses TLS by a host's metadata, these come from what istiod would send. */
  private static LbEndpoint withMetadata(
      LbEndpoint host, Cluster cluster, ImmutableList<LbEndpoint> made) {
    if (cluster.transportMatches().isEmpty()) {
      return host;
    }
    return made.stream()
        .filter(like -> like.host().equals(host.host()) && like.port() == host.port())
        .findFirst()
        .orElseGet(
            () ->
                LbEndpoint.unmodelled(
                    host.host()
                        + ":"
                        + host.port()
                        + ", which may take mTLS or not (ask for config_dump?include_eds)"));
  }
}
