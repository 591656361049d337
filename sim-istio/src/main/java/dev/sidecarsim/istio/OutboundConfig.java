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
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a sidecar does with its pod's calls: virtualOutbound, and a listener for each service. */
final class OutboundConfig {

  static final int CAPTURE_PORT = 15001;
  static final String PASSTHROUGH = "PassthroughCluster";

  /** {@code num_retries} of the default policy of outbound routes. */
  private static final int RETRIES = 2;

  private final IstiodContext context;
  private final ProxyNode node;
  private final ImmutableList<MeshService> services;
  private final OutboundClusters clusters;
  private final Routing routing;
  private final Map<Endpoint, OutboundListener> perService = new LinkedHashMap<>();
  private final HttpRoutes http;
  private final Set<Integer> locked = new LinkedHashSet<>();

  OutboundConfig(IstiodContext context, ProxyNode node) {
    this.context = context;
    this.node = node;
    EgressScope scope = EgressScope.of(context, node);
    this.services =
        new ServiceRegistry(context.view(), context.preset(), context.resources())
            .services().stream()
                .filter(each -> each.exportTo().reaches(node.namespace(), each.namespace()))
                .filter(scope::sees)
                .collect(ImmutableList.toImmutableList());
    this.clusters = new OutboundClusters(context, node, services);
    this.routing =
        new Routing(
            context.resources().virtualServices(),
            services.stream()
                .collect(
                    ImmutableMap.toImmutableMap(
                        MeshService::host, each -> each, (older, younger) -> older)),
            context.view().domain(),
            node);
    this.http =
        new HttpRoutes(
            node.namespace(),
            fallThrough(),
            new HttpRules(
                routing,
                node,
                services.stream().map(MeshService::host).collect(ImmutableSet.toImmutableSet())),
            new RouteConfiguration.RetryPolicy(RETRIES, context.retriesAfter503()));
    for (Sidecar.Egress entry : scope.entries()) {
      for (MeshService service : services) {
        if (scope.takes(entry, service)) {
          addListeners(entry, service);
        }
      }
    }
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
    long timeout = context.resources().mesh().protocolDetectionTimeoutNanos();
    perService
        .values()
        .forEach(
            listener ->
                all.add(listener.build(context.plainHttp(), context.takesHttp10(), rest, timeout)));
    return all.build();
  }

  private Listener virtualOutbound() {
    Listener.Builder listener =
        Listener.builder("virtualOutbound", context.virtualAddresses(node, CAPTURE_PORT))
            .useOriginalDst(true)
            .transparent(node.transparent());
    if (context.blocksLoops()) {
      listener.chain(
          new FilterChain(
              "virtualOutbound-blackhole",
              FilterChainMatch.ANY.port(CAPTURE_PORT),
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

  private void addListeners(Sidecar.Egress entry, MeshService service) {
    for (MeshService.Port port : service.ports()) {
      if (entry.port().isPresent()) {
        if (entry.port().getAsInt() == port.number()) {
          locked.add(port.number());
          addAt(entry, service, port);
        }
      } else if (node.captured() && !locked.contains(port.number())) {
        add(service, port);
      }
    }
  }

  /** A listener that a Sidecar places itself. */
  private void addAt(Sidecar.Egress entry, MeshService service, MeshService.Port port) {
    boolean bound = entry.bound() || !node.captured();
    IpAddress any = node.hasV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6;
    IpAddress own = entry.bind().orElse(bound ? any.loopback() : any);
    OutboundListener listener =
        perService.computeIfAbsent(
            new Endpoint(own, port.number()), at -> new OutboundListener(at, bound));
    if (port.protocol().isHttp()) {
      http.add(service, port);
      listener.http(Integer.toString(port.number()));
    } else {
      add(listener, service, port, ImmutableList.of(), true);
    }
  }

  private void add(MeshService service, MeshService.Port port) {
    if (port.protocol().isHttp()) {
      http.add(service, port);
      wildcard(port.number()).http(Integer.toString(port.number()));
    } else if (service.listenerPerPod() && podListeners()) {
      perPod(service, port);
    } else if (service.addresses().isEmpty() || !allHosts(service)) {
      add(wildcard(port.number()), service, port, service.addresses(), true);
    } else {
      for (Cidr address : service.addresses()) {
        if (address.address().v6() ? node.hasV6() : node.hasV4()) {
          Endpoint own = new Endpoint(address.address(), port.number());
          add(at(own), service, port, ImmutableList.of(), false);
        }
      }
    }
  }

  private static boolean allHosts(MeshService service) {
    return service.addresses().stream()
        .allMatch(address -> address.prefix() == address.address().width());
  }

  private boolean podListeners() {
    return !context.preset().outbound().headlessListenerFlag()
        || context.flag("PILOT_ENABLE_HEADLESS_SERVICE_POD_LISTENERS", true);
  }

  /** One listener for each instance that takes traffic, on the service's port, not the target's. */
  private void perPod(MeshService service, MeshService.Port port) {
    for (MeshService.Instance instance : port.instances()) {
      if (instance.address().isPresent() && !instance.address().get().equals(node.ips().get(0))) {
        add(
            at(new Endpoint(instance.address().get(), port.number())),
            service,
            port,
            ImmutableList.of(),
            false);
      }
    }
  }

  private void add(
      OutboundListener listener,
      MeshService service,
      MeshService.Port port,
      ImmutableList<Cidr> addresses,
      boolean nameless) {
    if (context.outbound(port.protocol()) == ServiceProtocol.AUTO) {
      String route = service.host() + ":" + port.number();
      http.addAlone(route, service, port);
      listener.http(route);
    }
    routing.ways(service, port, addresses, nameless).forEach(listener::add);
  }

  private OutboundListener wildcard(int port) {
    return at(new Endpoint(node.hasV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6, port));
  }

  private OutboundListener at(Endpoint address) {
    return perService.computeIfAbsent(address, own -> new OutboundListener(own, false));
  }
}
