package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which filter chains VirtualServices make of a service's port on a client ({@code
 * buildSidecarOutboundTCPTLSFilterChainOpts()} of pilot/pkg/networking/core).
 */
final class Routing {

  private final ImmutableList<VirtualService> written;
  private final ExportTo standard;
  private final ImmutableList<VirtualService> all;
  private final ImmutableMap<String, MeshService> services;
  private final String domain;
  private final ProxyNode client;
  private final GatewayName gateway;

  /**
   * @param all oldest first
   * @param standard where those are known that do not say it
   * @param services those that the client knows, by host
   * @param gateway what the client routes for: the mesh, or a Gateway of its
   */
  Routing(
      ImmutableList<VirtualService> all,
      ExportTo standard,
      ImmutableMap<String, MeshService> services,
      String domain,
      ProxyNode client,
      GatewayName gateway) {
    this.written = all;
    this.standard = standard;
    this.all =
        all.stream()
            .filter(each -> each.gateways().contains(gateway))
            .filter(
                each ->
                    each.exportTo()
                        .or(standard)
                        .reaches(client.namespace(), each.meta().namespace()))
            .collect(ImmutableList.toImmutableList());
    this.services = services;
    this.domain = domain;
    this.client = client;
    this.gateway = gateway;
  }

  /** A chain: what it takes, and where that goes. */
  record Way(
      ImmutableList<Cidr> addresses, ImmutableList<String> serverNames, NetworkFilter filter) {

    /** This way through another filter. */
    Way through(NetworkFilter other) {
      return new Way(addresses, serverNames, other);
    }
  }

  /** Whether a host of a VirtualService stands for a service's. */
  boolean covers(VirtualService rules, String host, String service) {
    return HostName.covers(HostName.full(host, rules.meta().namespace(), domain), service);
  }

  /** The VirtualServices for a host, oldest first. */
  ImmutableList<VirtualService> of(String host) {
    return all.stream()
        .filter(each -> each.covers(host, domain))
        .collect(ImmutableList.toImmutableList());
  }

  /** The VirtualService of a name that one of another namespace leaves a route to. */
  Optional<VirtualService> named(String namespace, String name, String from) {
    return written.stream()
        .filter(
            each -> each.meta().name().equals(name) && each.meta().namespace().equals(namespace))
        .filter(each -> each.exportTo().or(standard).reaches(from, namespace))
        .findFirst();
  }

  GatewayName gateway() {
    return gateway;
  }

  /** All VirtualServices that the client knows. */
  ImmutableList<VirtualService> all() {
    return all;
  }

  /**
   * The chains of a port that is not HTTP.
   *
   * @param addresses what a shared listener tells the service by; empty if it is the service's own
   * @param nameless whether the listener is for services without an address
   */
  ImmutableList<Way> ways(
      MeshService service, MeshService.Port port, ImmutableList<Cidr> addresses, boolean nameless) {
    return port.protocol() == ServiceProtocol.TLS
        ? tls(service, port, addresses, nameless)
        : tcp(service, port, addresses);
  }

  private ImmutableList<Way> tls(
      MeshService service, MeshService.Port port, ImmutableList<Cidr> addresses, boolean nameless) {
    ImmutableList.Builder<Way> ways = ImmutableList.builder();
    boolean matched = false;
    for (VirtualService rules : of(service.host())) {
      for (VirtualService.L4Route route : rules.tls()) {
        for (VirtualService.L4Match match : route.matches()) {
          if (match.concerns(client, gateway, port.number())) {
            matched = true;
            ImmutableList<Cidr> called = match.subnets().isEmpty() ? addresses : match.subnets();
            ways.add(
                new Way(
                    called, match.sniHosts(), filter(rules, route.destinations(), port.number())));
          }
        }
      }
    }
    if (!matched) {
      ImmutableList<String> names =
          nameless ? ImmutableList.of(service.host()) : ImmutableList.of();
      ways.add(new Way(addresses, names, direct(service, port)));
    }
    return ways.build();
  }

  private ImmutableList<Way> tcp(
      MeshService service, MeshService.Port port, ImmutableList<Cidr> addresses) {
    List<Way> ways = new ArrayList<>();
    for (VirtualService rules : of(service.host())) {
      for (VirtualService.L4Route route : rules.tcp()) {
        NetworkFilter filter = filter(rules, route.destinations(), port.number());
        if (route.matches().isEmpty()) {
          ways.add(new Way(addresses, ImmutableList.of(), filter));
          return ImmutableList.copyOf(ways);
        }
        ImmutableList.Builder<Cidr> subnets = ImmutableList.builder();
        for (VirtualService.L4Match match : route.matches()) {
          if (match.concerns(client, gateway, port.number())) {
            if (match.subnets().isEmpty()) {
              ways.add(new Way(addresses, ImmutableList.of(), filter));
              return ImmutableList.copyOf(ways);
            }
            subnets.addAll(match.subnets());
          }
        }
        ImmutableList<Cidr> called = subnets.build();
        if (!called.isEmpty()) {
          ways.add(new Way(called, ImmutableList.of(), filter));
        }
      }
    }
    ways.add(new Way(addresses, ImmutableList.of(), direct(service, port)));
    return ImmutableList.copyOf(ways);
  }

  /** The chains of a Gateway's port that passes TLS on by server name. */
  ImmutableList<Way> tlsRoutes(Gateway.Server server) {
    ImmutableList.Builder<Way> ways = ImmutableList.builder();
    for (VirtualService rules : of(server)) {
      for (VirtualService.L4Route route : rules.tls()) {
        for (VirtualService.L4Match match : route.matches()) {
          if (match.concerns(client, gateway, server.number())) {
            ways.add(
                new Way(
                    match.subnets(),
                    match.sniHosts(),
                    filter(rules, route.destinations(), server.number())));
          }
        }
      }
    }
    return ways.build();
  }

  /** Where a Gateway's port for TCP leads: the first route that takes it. */
  Optional<NetworkFilter> tcpRoute(Gateway.Server server) {
    for (VirtualService rules : of(server)) {
      for (VirtualService.L4Route route : rules.tcp()) {
        boolean takes =
            route.matches().isEmpty()
                || route.matches().stream()
                    .anyMatch(match -> match.concerns(client, gateway, server.number()));
        if (takes) {
          return Optional.of(filter(rules, route.destinations(), server.number()));
        }
      }
    }
    return Optional.empty();
  }

  /** The VirtualServices for a Gateway's port. */
  ImmutableList<VirtualService> of(Gateway.Server server) {
    return all.stream()
        .filter(
            rules ->
                rules.hosts().stream()
                    .anyMatch(host -> server.takes(full(rules, host), rules.meta().namespace())))
        .collect(ImmutableList.toImmutableList());
  }

  /** A host of a VirtualService in full. */
  String full(VirtualService rules, String host) {
    return HostName.full(host, rules.meta().namespace(), domain);
  }

  private static NetworkFilter direct(MeshService service, MeshService.Port port) {
    return NetworkFilter.TcpProxy.to(service.clusterName(port));
  }

  private NetworkFilter filter(
      VirtualService rules,
      ImmutableList<VirtualService.Destination> destinations,
      int calledPort) {
    if (destinations.isEmpty()) {
      return NetworkFilter.TcpProxy.to(InboundConfig.BLACK_HOLE);
    }
    return new NetworkFilter.TcpProxy(
        destinations.stream()
            .map(
                to ->
                    new NetworkFilter.WeightedCluster(cluster(rules, to, calledPort), to.weight()))
            .collect(ImmutableList.toImmutableList()));
  }

  /**
   * The cluster of a destination; its port is its own, else its host's only one, else the called.
   */
  String cluster(VirtualService rules, VirtualService.Destination to, int calledPort) {
    String host = HostName.full(to.host(), rules.meta().namespace(), domain);
    return MeshService.clusterName(port(to, host, calledPort), to.subset(), host);
  }

  private int port(VirtualService.Destination to, String host, int calledPort) {
    OptionalInt own = to.port();
    if (own.isPresent()) {
      return own.getAsInt();
    }
    MeshService service = services.get(host);
    return service != null && service.ports().size() == 1
        ? service.ports().get(0).number()
        : calledPort;
  }
}
