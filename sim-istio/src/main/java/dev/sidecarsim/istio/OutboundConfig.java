package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.LbEndpoint;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What a sidecar does with its pod's calls: virtualOutbound, and a listener for each service. */
final class OutboundConfig {

  static final String PASSTHROUGH = "PassthroughCluster";

  private final IstiodContext context;
  private final ProxyNode node;
  private final ImmutableList<MeshService> services;
  private final OutboundClusters clusters;
  private final Routing routing;
  private final OutboundListeners listeners;
  private final HttpRoutes http;
  private final Set<Integer> ofEntries = new LinkedHashSet<>();

  OutboundConfig(IstiodContext context, ProxyNode node) {
    this.context = context;
    this.node = node;
    EgressScope scope = EgressScope.of(context, node);
    String domain = context.view().domain();
    ImmutableList<VirtualService> rules =
        context.resources().virtualServices().stream()
            .filter(each -> scope.sees(each, domain) || each.hosts().isEmpty())
            .collect(ImmutableList.toImmutableList());
    ImmutableList<MeshService> visible =
        ServiceRegistry.of(context, node).services().stream()
            .filter(each -> each.exportTo().reaches(node.namespace(), each.namespace()))
            .collect(ImmutableList.toImmutableList());
    this.services = visible.stream().filter(scope::sees).collect(ImmutableList.toImmutableList());
    ImmutableSet<String> led = destinations(rules, domain);
    ImmutableList<MeshService> known =
        visible.stream()
            .filter(each -> scope.sees(each) || led.contains(each.host()))
            .collect(ImmutableList.toImmutableList());
    this.clusters = new OutboundClusters(context, node, known);
    this.routing =
        new Routing(
            rules,
            context.resources().mesh().visibility().virtualServices(),
            known.stream()
                .collect(
                    ImmutableMap.toImmutableMap(
                        MeshService::host, each -> each, (older, younger) -> older)),
            domain,
            node,
            GatewayName.MESH);
    this.http =
        new HttpRoutes(
            context,
            node.namespace(),
            fallThrough(),
            new HttpRules(
                routing,
                node,
                services.stream().map(MeshService::host).collect(ImmutableSet.toImmutableSet()),
                Retries.builtIn(context)));
    this.listeners = new OutboundListeners(context, node, routing);
    for (Sidecar.Egress entry : scope.entries()) {
      if (entry.port().isEmpty()) {
        listeners.lock();
      }
      for (MeshService service : services) {
        if (!entry.onUnixSocket() && scope.takes(entry, service)) {
          service.ports().forEach(port -> add(entry, service, port));
        }
      }
    }
  }

  /** Where VirtualServices lead: such services are known though no Sidecar's entry names them. */
  private static ImmutableSet<String> destinations(
      ImmutableList<VirtualService> rules, String domain) {
    return rules.stream()
        .flatMap(
            each ->
                each.destinationHosts().stream()
                    .map(host -> HostName.full(host, each.meta().namespace(), domain)))
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Where calls to unknown destinations go. */
  private String fallThrough() {
    return context.registryOnly(node) ? InboundConfig.BLACK_HOLE : PASSTHROUGH;
  }

  ImmutableList<Cluster> clusters() {
    return clusters.clusters();
  }

  ImmutableListMultimap<String, LbEndpoint> endpoints() {
    return clusters.endpoints();
  }

  /** What its agent is to answer of DNS. */
  NameTable names() {
    return NameTable.of(services, node);
  }

  ImmutableMap<String, RouteConfiguration> routes() {
    return http.configurations();
  }

  // ---- listeners

  ImmutableList<Listener> listeners() {
    ImmutableList.Builder<Listener> all = ImmutableList.builder();
    if (node.captured()) {
      all.add(virtualOutbound());
    }
    FilterChain rest =
        new FilterChain(
            "PassthroughFilterChain",
            FilterChainMatch.ANY,
            TransportSocket.RAW,
            NetworkFilter.TcpProxy.to(fallThrough()));
    return all.addAll(listeners.build(rest)).build();
  }

  private Listener virtualOutbound() {
    int port = context.capturePorts().outbound();
    Listener.Builder listener =
        Listener.builder(EnvoyNames.VIRTUAL_OUTBOUND, context.virtualAddresses(node, port))
            .useOriginalDst(true)
            .transparent(node.transparent());
    if (context.blocksLoops()) {
      listener.chain(
          new FilterChain(
              "virtualOutbound-blackhole",
              FilterChainMatch.ANY.port(port),
              TransportSocket.RAW,
              NetworkFilter.TcpProxy.to(InboundConfig.BLACK_HOLE)));
    }
    return listener
        .chain(
            new FilterChain(
                "virtualOutbound-catchall-tcp",
                FilterChainMatch.ANY,
                TransportSocket.RAW,
                NetworkFilter.TcpProxy.to(fallThrough())))
        .build();
  }

  /** A port of a service, as an entry of a Sidecar's takes it; all take what no entry is for. */
  private void add(Sidecar.Egress entry, MeshService service, MeshService.Port port) {
    if (entry.port().isPresent()) {
      if (entry.port().getAsInt() == port.number()) {
        addAt(entry, service, port.speaking(entry.protocol()));
      }
      return;
    }
    if (!ofEntries.contains(port.number())) {
      addRoutes(service, port);
    }
    OutboundListeners.Place place = place(entry);
    boolean perInstance =
        place.bind().isEmpty()
            && service.listenerPerInstance(port)
            && !context.outbound(port.protocol()).isHttp()
            && podListeners();
    if (perInstance) {
      listeners.addPerInstance(service, port, place);
    } else {
      listeners.add(service, port, place);
    }
  }

  private void addAt(Sidecar.Egress entry, MeshService service, MeshService.Port port) {
    ofEntries.add(port.number());
    addRoutes(service, port);
    listeners.add(service, port, place(entry));
  }

  private void addRoutes(MeshService service, MeshService.Port port) {
    ServiceProtocol protocol = context.outbound(port.protocol());
    if (protocol.isHttp() || protocol == ServiceProtocol.AUTO) {
      http.add(service, port);
    }
  }

  /**
   * Where an entry's listeners stand if it does not say it: bound ones, which are all where nothing
   * is captured, on the loopback address; those of a port once on the wildcard.
   */
  private OutboundListeners.Place place(Sidecar.Egress entry) {
    boolean bound = entry.bound() || !node.captured();
    boolean wide = entry.port().isPresent() && !context.preset().outbound().portEntriesAtServices();
    Optional<IpAddress> standard = Optional.empty();
    if (bound) {
      standard = Optional.of(node.hasV4() ? IpAddress.LOOPBACK_V4 : IpAddress.LOOPBACK_V6);
    } else if (wide) {
      standard = Optional.of(node.wildcard());
    }
    return new OutboundListeners.Place(entry.bind().isPresent() ? entry.bind() : standard, bound);
  }

  private boolean podListeners() {
    return !context.preset().outbound().headlessListenerFlag()
        || context.flag("PILOT_ENABLE_HEADLESS_SERVICE_POD_LISTENERS", true);
  }
}
