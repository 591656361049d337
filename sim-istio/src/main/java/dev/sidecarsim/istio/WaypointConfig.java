package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.sidecarsim.envoy.ChainInput;
import dev.sidecarsim.envoy.ChainTree;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.ListenerFilter;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a waypoint is told (pilot/pkg/networking/core/listener_waypoint.go, cluster_waypoint.go): it
 * ends tunnels, tells services by their addresses, and goes on through a tunnel of its own to those
 * who take one. Routes that lead elsewhere, and TLS inside of its tunnels, are unknown.
 */
final class WaypointConfig {

  /** What changes a proxy's filters. */
  private static final ImmutableSet<String> CHANGES = ImmutableSet.of("EnvoyFilter", "WasmPlugin");

  /** Leads on to the address that was called. */
  private static final String DIRECT = "encap";

  private final IstiodContext context;
  private final ProxyNode node;
  private final Waypoints.Waypoint own;
  private final TransportSocket tunnel;
  private final List<FilterChain> chains = new ArrayList<>();
  private final ImmutableList.Builder<ChainTree.Block> blocks = ImmutableList.builder();
  private final Map<String, Cluster> clusters = new LinkedHashMap<>();
  private final Set<Integer> sniffedPorts = new LinkedHashSet<>();
  private final Set<Integer> plainPorts = new LinkedHashSet<>();
  private final ImmutableListMultimap.Builder<String, LbEndpoint> endpoints =
      ImmutableListMultimap.builder();

  WaypointConfig(IstiodContext context, ProxyNode node) {
    this.context = context;
    this.node = node;
    this.own = node.waypoint();
    this.tunnel =
        new TransportSocket.UpstreamTunnel(
            node.identity(context.resources().mesh().trustDomain()), Hbone.PORT);
    Waypoints waypoints = new Waypoints(context.resources(), context.view());
    ServiceRegistry.of(context, node).services().stream()
        .filter(service -> waypoints.of(service).equals(Optional.of(own)))
        .forEach(this::add);
    for (Pod pod : context.view().pods().values()) {
      if (waypoints.of(pod).equals(Optional.of(own))) {
        pod.ips().forEach(this::addWorkload);
      }
    }
  }

  EnvoyConfig config(Iterable<Cluster> more) {
    more.forEach(each -> clusters.put(each.name(), each));
    return new EnvoyConfig(
        ImmutableList.of(HboneListeners.tunnelEnd(context, node), internal()),
        ImmutableMap.copyOf(clusters),
        endpoints.build(),
        ImmutableMap.of());
  }

  private Listener internal() {
    Set<Integer> uninspected = new LinkedHashSet<>();
    // Whoever calls a pod by its address may use any port.
    if (context.preset().listeners().waypointsTellPorts() && !clusters.containsKey(DIRECT)) {
      uninspected.addAll(plainPorts);
      uninspected.removeAll(sniffedPorts);
    }
    ChainTree byAddress =
        new ChainTree.ByBlock(ChainInput.DESTINATION_IP, blocks.build(), Optional.empty());
    return Listener.builder(EnvoyNames.TUNNEL_INSIDE, ImmutableList.of())
        .bindToPort(false)
        .filter(ListenerFilter.ORIGINAL_DST)
        .filter(ListenerFilter.HTTP_INSPECTOR.except(uninspected))
        .filtersTimeout(OutboundListener.ENVOYS_TIMEOUT, false)
        .chains(chains.isEmpty() ? ImmutableList.of(nobody()) : chains)
        .matcher(byAddress)
        .build();
  }

  private static FilterChain nobody() {
    return chain("blackhole", List.of(NetworkFilter.TcpProxy.to(InboundConfig.BLACK_HOLE)));
  }

  private static FilterChain chain(String name, List<NetworkFilter> filters) {
    return new FilterChain(
        name, FilterChainMatch.ANY, TransportSocket.RAW, ImmutableList.copyOf(filters));
  }

  // ---- services

  private void add(MeshService service) {
    Map<String, ChainTree> ports = new LinkedHashMap<>();
    for (MeshService.Port port : service.ports()) {
      ports.put(Integer.toString(port.number()), tree(service, port));
    }
    ChainTree byPort =
        new ChainTree.ByValue(
            ChainInput.DESTINATION_PORT, ImmutableMap.copyOf(ports), Optional.empty());
    service.addresses().forEach(vip -> blocks.add(new ChainTree.Block(vip, byPort, false)));
  }

  private ChainTree tree(MeshService service, MeshService.Port port) {
    (port.protocol() == ServiceProtocol.AUTO ? sniffedPorts : plainPorts).add(port.number());
    return switch (port.protocol()) {
      case HTTP, HTTP2 -> http(service, port);
      case AUTO -> sniffed(http(service, port), tcp(service, port));
      default -> tcp(service, port);
    };
  }

  private ChainTree sniffed(ChainTree http, ChainTree tcp) {
    return new ChainTree.ByValue(
        ChainInput.APPLICATION_PROTOCOL,
        Maps.toMap(
            context.plainHttp().stream().map(word -> "'" + word + "'").toList(), word -> http),
        Optional.of(tcp));
  }

  private ChainTree http(MeshService service, MeshService.Port port) {
    String name = cluster(service, port, "http");
    NetworkFilter manager =
        manager(name, AuthorizationFilters.of(context, own, Optional.of(service)));
    chains.add(chain(name, List.of(routed(service, true, manager))));
    return new ChainTree.Chain(name);
  }

  private ChainTree tcp(MeshService service, MeshService.Port port) {
    String name = cluster(service, port, "tcp");
    List<NetworkFilter> filters =
        new ArrayList<>(
            AuthorizationFilters.of(context, own, Optional.of(service)).ofConnections());
    filters.add(routed(service, false, NetworkFilter.TcpProxy.to(name)));
    chains.add(chain(name, filters));
    return new ChainTree.Chain(name);
  }

  private NetworkFilter manager(String cluster, AuthorizationFilters access) {
    return new NetworkFilter.HttpConnectionManager(
        cluster,
        Optional.of(RouteConfiguration.allTo(cluster, cluster, cluster)),
        ImmutableList.of(),
        access.ofRequests(),
        context.takesHttp10());
  }

  /** A filter, unless something that is not modelled has a say. */
  private NetworkFilter routed(MeshService service, boolean http, NetworkFilter straight) {
    Stream<String> rules =
        context.resources().virtualServices().stream()
            .filter(each -> each.gateways().contains(GatewayName.MESH))
            .filter(each -> each.covers(service.host(), context.view().domain()))
            .filter(each -> http ? !each.http().isEmpty() : !each.tcp().isEmpty())
            .map(each -> "VirtualService " + each.meta().name());
    Stream<String> changes =
        context.resources().resources().others().stream()
            .filter(each -> CHANGES.contains(each.kind()))
            .filter(
                each ->
                    PolicyTarget.of(each.tree().objectOrEmpty("spec")).stream()
                        .anyMatch(to -> to.isWaypoint(each.meta().namespace(), own, service)))
            .map(each -> each.kind() + " " + each.meta().name());
    return Stream.concat(changes, rules)
        .<NetworkFilter>map(what -> new NetworkFilter.Unmodelled(what + " at a waypoint"))
        .findFirst()
        .orElse(straight);
  }

  private String cluster(MeshService service, MeshService.Port port, String kind) {
    String name = "inbound-vip|" + port.number() + "|" + kind + "|" + service.host();
    ImmutableList<LbEndpoint> hosts =
        port.instances().stream()
            .map(WaypointConfig::host)
            .collect(ImmutableList.toImmutableList());
    boolean byName = service.resolution() == MeshService.Resolution.DNS;
    Discovery discovery = byName ? new Discovery.StrictDns(hosts) : new Discovery.Eds(name);
    if (!byName) {
      endpoints.putAll(name, hosts);
    }
    clusters.put(
        name,
        Cluster.builder(name, discovery)
            .connectTimeout(context.resources().mesh().connectTimeoutNanos())
            .services(ImmutableList.of(service.ref()))
            .transportMatches(transports(service, port))
            .build());
    return name;
  }

  /** Sidecars' mTLS is nothing that a waypoint speaks. */
  private static LbEndpoint host(MeshService.Instance instance) {
    return new LbEndpoint(
        instance.host(),
        instance.port(),
        instance.tunnel() ? EnvoyNames.TUNNELLED : ImmutableMap.of());
  }

  private ImmutableList<Cluster.TransportMatch> transports(
      MeshService service, MeshService.Port port) {
    Optional<TransportSocket> inner =
        new DestinationRules(
                context.resources().destinationRules(),
                context.resources().mesh(),
                context.view().domain(),
                node)
            .ruleFor(service)
            .flatMap(rule -> rule.policyFor(port.number()).tls())
            .filter(
                tls ->
                    tls.mode() == TrafficPolicy.Mode.SIMPLE
                        || tls.mode() == TrafficPolicy.Mode.MUTUAL)
            .map(tls -> new TransportSocket.Unmodelled("TLS of a waypoint to its service"));
    return ImmutableList.of(
        new Cluster.TransportMatch("hbone", EnvoyNames.TUNNELLED, inner.orElse(tunnel)),
        new Cluster.TransportMatch(
            "plaintext", ImmutableMap.of(), inner.orElse(TransportSocket.RAW)));
  }

  // ---- pods called by their own address

  private void addWorkload(IpAddress address) {
    if (!clusters.containsKey(DIRECT)) {
      clusters.put(
          DIRECT,
          Cluster.builder(DIRECT, new Discovery.OriginalDst(OptionalInt.empty()))
              .connectTimeout(context.resources().mesh().connectTimeoutNanos())
              .transport(tunnel)
              .build());
      AuthorizationFilters access = AuthorizationFilters.of(context, own, Optional.empty());
      List<NetworkFilter> filters = new ArrayList<>(access.ofConnections());
      filters.add(NetworkFilter.TcpProxy.to(DIRECT));
      chains.add(chain("direct-tcp", filters));
      chains.add(chain("direct-http", List.of(manager(DIRECT, access))));
    }
    blocks.add(
        new ChainTree.Block(
            Cidr.host(address),
            sniffed(new ChainTree.Chain("direct-http"), new ChainTree.Chain("direct-tcp")),
            false));
  }
}
