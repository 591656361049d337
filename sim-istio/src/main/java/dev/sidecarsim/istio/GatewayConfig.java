package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.ListenerFilter;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a router is told (pilot/pkg/networking/core/gateway.go): a listener for each port of the
 * Gateways that select it, with the routes of VirtualServices that are bound to them. Certificates
 * are taken to be there; TLS that asks for those of callers outside of the mesh is unknown.
 */
final class GatewayConfig {

  private static final int MOVED = 301;

  private final IstiodContext context;
  private final ProxyNode node;
  private final ImmutableList<MeshService> services;
  private final OutboundClusters clusters;
  private final AuthorizationFilters access;
  private final Map<Endpoint, List<FilterChain>> chains = new LinkedHashMap<>();
  private final Map<String, List<RouteConfiguration.VirtualHost>> hosts = new LinkedHashMap<>();

  GatewayConfig(IstiodContext context, ProxyNode node) {
    this.context = context;
    this.node = node;
    this.services =
        ServiceRegistry.of(context, node).services().stream()
            .filter(each -> each.exportTo().reaches(node.namespace(), each.namespace()))
            .collect(ImmutableList.toImmutableList());
    this.clusters = new OutboundClusters(context, node, services);
    this.access = AuthorizationFilters.of(context, node);
    for (Gateway gateway : context.resources().resources().gateways()) {
      if (gateway.selects(node, context.view())) {
        Routing routing = routing(gateway);
        gateway.servers().forEach(server -> add(gateway, server, routing));
      }
    }
  }

  private Routing routing(Gateway gateway) {
    return new Routing(
        context.resources().virtualServices(),
        context.resources().mesh().visibility().virtualServices(),
        services.stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    MeshService::host, each -> each, (older, younger) -> older)),
        context.view().domain(),
        node,
        gateway.name());
  }

  ImmutableList<Cluster> clusters() {
    return clusters.clusters();
  }

  /** The whole, beside some clusters of every proxy. */
  EnvoyConfig with(ImmutableMap<String, Cluster> all) {
    ImmutableList.Builder<Listener> listeners = ImmutableList.builder();
    chains.forEach((own, made) -> listeners.add(listener(own, made)));
    ImmutableMap.Builder<String, RouteConfiguration> routes = ImmutableMap.builder();
    hosts.forEach(
        (name, known) ->
            routes.put(
                name,
                new RouteConfiguration(
                    name, ImmutableList.copyOf(known), Retries.standard(context), true)));
    ImmutableListMultimap<String, LbEndpoint> endpoints = clusters.endpoints();
    return new EnvoyConfig(listeners.build(), all, endpoints, routes.buildOrThrow());
  }

  private static Listener listener(Endpoint own, List<FilterChain> made) {
    Listener.Builder listener =
        Listener.builder(own.address() + "_" + own.port(), own).chains(made);
    if (made.stream().anyMatch(chain -> !chain.match().equals(FilterChainMatch.ANY))) {
      listener.filter(ListenerFilter.TLS_INSPECTOR);
    }
    return listener.build();
  }

  private void add(Gateway gateway, Gateway.Server server, Routing routing) {
    for (int port : ports(server)) {
      IpAddress any = node.hasV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6;
      Endpoint own = new Endpoint(server.bind().orElse(any), port);
      List<FilterChain> more = chains(gateway, server, routing, own);
      if (!more.isEmpty()) {
        List<FilterChain> known = chains.computeIfAbsent(own, at -> new ArrayList<>());
        more.stream()
            .filter(chain -> known.stream().noneMatch(one -> one.match().equals(chain.match())))
            .forEach(known::add);
      }
    }
  }

  /** The router's own ports for a port of Services in front of it, else that port itself. */
  private Set<Integer> ports(Gateway.Server server) {
    Set<Integer> ports = new LinkedHashSet<>();
    for (MeshView.Backed backed : context.view().services()) {
      if (backed.service().selects(node.pod())) {
        backed.service().ports().stream()
            .filter(port -> port.port() == server.number() && port.protocol().equals(Protocol.TCP))
            .map(port -> port.targetPort().resolve(node.pod().spec(), Protocol.TCP))
            .filter(OptionalInt::isPresent)
            .forEach(target -> ports.add(target.getAsInt()));
      }
    }
    return ports.isEmpty() ? Set.of(server.number()) : ports;
  }

  private List<FilterChain> chains(
      Gateway gateway, Gateway.Server server, Routing routing, Endpoint own) {
    String name = own.address() + "_" + own.port();
    if (server.protocol().isHttp() && server.tls().isEmpty()) {
      addHosts("http." + own.port(), server, routing);
      return List.of(chain(name, FilterChainMatch.ANY, manager("http." + own.port())));
    }
    if (server.tls().isEmpty()) {
      return routing.tcpRoute(server).stream()
          .map(filter -> chain(name, FilterChainMatch.ANY, filter))
          .toList();
    }
    return switch (server.tls()) {
      case "PASSTHROUGH" ->
          routing.tlsRoutes(server).stream()
              .map(way -> chain(name, match(way), way.filter()))
              .toList();
      case "SIMPLE" ->
          ending(gateway, server, routing, new TransportSocket.DownstreamTls(false, ""));
      case "ISTIO_MUTUAL" -> {
        String identity = node.identity(context.resources().mesh().trustDomain());
        yield ending(gateway, server, routing, new TransportSocket.DownstreamTls(true, identity));
      }
      default -> {
        String what = "TLS mode " + server.tls() + " of Gateway " + gateway.meta().name();
        yield List.of(chain(name, FilterChainMatch.ANY, new NetworkFilter.Unmodelled(what)));
      }
    };
  }

  /** The chain of a port whose TLS the router ends itself, told by the server name. */
  private List<FilterChain> ending(
      Gateway gateway, Gateway.Server server, Routing routing, TransportSocket tls) {
    String[] names =
        server.hosts().stream()
            .map(host -> host.substring(host.indexOf('/') + 1))
            .toArray(String[]::new);
    boolean any = List.of(names).contains("*");
    FilterChainMatch match = FilterChainMatch.ANY.servers(any ? new String[0] : names);
    Optional<NetworkFilter> filter = routing.tcpRoute(server);
    if (server.https()) {
      String routes =
          "https."
              + server.number()
              + "."
              + server.name()
              + "."
              + gateway.meta().name()
              + "."
              + gateway.meta().namespace();
      addHosts(routes, server, routing);
      filter = Optional.of(manager(routes));
    }
    return filter.stream()
        .map(each -> chain(server.name(), match, each))
        .map(each -> new FilterChain(each.name(), each.match(), tls, each.filters()))
        .toList();
  }

  private static FilterChainMatch match(Routing.Way way) {
    boolean any = way.serverNames().contains("*");
    return FilterChainMatch.ANY
        .prefixes(way.addresses().toArray(new Cidr[0]))
        .servers(any ? new String[0] : way.serverNames().toArray(new String[0]));
  }

  private FilterChain chain(String name, FilterChainMatch match, NetworkFilter filter) {
    ImmutableList.Builder<NetworkFilter> filters = ImmutableList.builder();
    if (!(filter instanceof NetworkFilter.HttpConnectionManager)) {
      filters.addAll(access.ofConnections());
    }
    return new FilterChain(name, match, TransportSocket.RAW, filters.add(filter).build());
  }

  private NetworkFilter manager(String routes) {
    return new NetworkFilter.HttpConnectionManager(
        routes,
        Optional.empty(),
        OutboundListener.HTTP_ALPN,
        access.ofRequests(),
        context.takesHttp10());
  }

  private void addHosts(String routes, Gateway.Server server, Routing routing) {
    List<RouteConfiguration.VirtualHost> known =
        hosts.computeIfAbsent(routes, name -> new ArrayList<>());
    HttpRules rules = new HttpRules(routing, node, ImmutableSet.of(), Retries.builtIn(context));
    for (VirtualService each : routing.of(server)) {
      for (String written : each.hosts()) {
        String host = routing.full(each, written);
        boolean taken = known.stream().anyMatch(one -> one.domains().contains(host));
        if (!each.http().isEmpty() && !taken && server.takes(host, each.meta().namespace())) {
          known.add(virtualHost(host, server, rules.routes(each, server.number())));
        }
      }
    }
  }

  private static RouteConfiguration.VirtualHost virtualHost(
      String host, Gateway.Server server, ImmutableList<RouteConfiguration.Route> routes) {
    String name = host + ":" + server.number();
    return server.redirects()
        ? new RouteConfiguration.VirtualHost(
            name, ImmutableList.of(host), RouteConfiguration.RouteAction.status(MOVED))
        : new RouteConfiguration.VirtualHost(name, ImmutableList.of(host), routes);
  }
}
