package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which filter chains VirtualServices make of a service's port on a client ({@code
 * buildSidecarOutboundTCPTLSFilterChainOpts()} of pilot/pkg/networking/core).
 */
final class Routing {

  private final ImmutableList<VirtualService> all;
  private final ImmutableMap<String, MeshService> services;
  private final String domain;
  private final ProxyNode client;

  /**
   * @param all oldest first
   * @param standard where those are known that do not say it
   * @param services those that the client knows, by host
   */
  Routing(
      ImmutableList<VirtualService> all,
      ExportTo standard,
      ImmutableMap<String, MeshService> services,
      String domain,
      ProxyNode client) {
    this.all =
        all.stream()
            .filter(VirtualService::mesh)
            .filter(
                each ->
                    each.exportTo()
                        .or(standard)
                        .reaches(client.namespace(), each.meta().namespace()))
            .collect(ImmutableList.toImmutableList());
    this.services = services;
    this.domain = domain;
    this.client = client;
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
          if (match.concerns(client, port.number())) {
            matched = true;
            ImmutableList<Cidr> called = match.subnets().isEmpty() ? addresses : match.subnets();
            ways.add(new Way(called, match.sniHosts(), filter(rules, route.destinations(), port)));
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
        NetworkFilter filter = filter(rules, route.destinations(), port);
        if (route.matches().isEmpty()) {
          ways.add(new Way(addresses, ImmutableList.of(), filter));
          return ImmutableList.copyOf(ways);
        }
        ImmutableList.Builder<Cidr> subnets = ImmutableList.builder();
        for (VirtualService.L4Match match : route.matches()) {
          if (match.concerns(client, port.number())) {
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

  private static NetworkFilter direct(MeshService service, MeshService.Port port) {
    return NetworkFilter.TcpProxy.to(service.clusterName(port));
  }

  private NetworkFilter filter(
      VirtualService rules,
      ImmutableList<VirtualService.Destination> destinations,
      MeshService.Port port) {
    if (destinations.isEmpty()) {
      return NetworkFilter.TcpProxy.to(InboundConfig.BLACK_HOLE);
    }
    return new NetworkFilter.TcpProxy(
        destinations.stream()
            .map(
                to ->
                    new NetworkFilter.WeightedCluster(
                        cluster(rules, to, port.number()), to.weight()))
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
