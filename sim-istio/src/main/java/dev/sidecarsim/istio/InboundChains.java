package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.Incoming;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.envoy.TransportSocket;
import java.util.Optional;

/**
 * The filter chains of one inbound port: what the mode accepts, times what the protocol needs. The
 * orders are those of filterchain_options.go; there is no way back from one chain to another, so
 * what has no chain here is refused.
 */
final class InboundChains {

  /** ALPN names of the mesh's HTTP clients. */
  private static final ImmutableList<String> MESH_HTTP =
      ImmutableList.of("istio-http/1.0", "istio-http/1.1", "istio-h2");

  /** ALPN names of the mesh's TCP clients. */
  private static final ImmutableList<String> MESH_TCP =
      ImmutableList.of("istio-peer-exchange", "istio");

  private static final ImmutableList<String> MESH_ALL =
      ImmutableList.<String>builder().add("istio", "istio-peer-exchange").addAll(MESH_HTTP).build();

  private final String name;
  private final FilterChainMatch match;
  private final RouteConfiguration routes;
  private final TransportSocket mutual;
  private final AuthorizationFilters access;
  private final IstiodContext context;
  private NetworkFilter tcp;
  private final ImmutableList.Builder<FilterChain> chains = ImmutableList.builder();

  /**
   * @param match what all chains of the port demand
   * @param routes where requests go; they have the name of the cluster, to which connections go
   * @param identity the subject of the server's certificate
   * @param access who may call
   */
  InboundChains(
      String name,
      FilterChainMatch match,
      RouteConfiguration routes,
      String identity,
      AuthorizationFilters access,
      IstiodContext context) {
    this.name = name;
    this.match = match;
    this.routes = routes;
    this.access = access;
    this.context = context;
    this.tcp = NetworkFilter.TcpProxy.to(routes.name());
    this.mutual = new TransportSocket.DownstreamTls(true, identity);
  }

  /**
   * The chains.
   *
   * @param foreignTls whether a permissive port passes on TLS that is not the mesh's
   */
  ImmutableList<FilterChain> of(TlsMode mode, ServiceProtocol protocol, boolean foreignTls) {
    tcp = context.spoken(protocol).orElse(NetworkFilter.TcpProxy.to(routes.name()));
    switch (mode) {
      case DISABLE -> disabled(protocol);
      case STRICT -> strict(protocol);
      default -> permissive(protocol, foreignTls);
    }
    return chains.build();
  }

  private void disabled(ServiceProtocol protocol) {
    if (protocol == ServiceProtocol.AUTO) {
      add(raw().alpn(context.plainHttp()), TransportSocket.RAW, true);
    }
    add(raw(), TransportSocket.RAW, protocol.isHttp());
  }

  private void strict(ServiceProtocol protocol) {
    if (protocol == ServiceProtocol.AUTO) {
      add(tls().alpn(MESH_HTTP), mutual, true);
    }
    add(tls(), mutual, protocol.isHttp());
  }

  private void permissive(ServiceProtocol protocol, boolean foreignTls) {
    if (protocol == ServiceProtocol.AUTO) {
      add(tls().alpn(MESH_HTTP), mutual, true);
      add(raw().alpn(context.plainHttp()), TransportSocket.RAW, true);
      add(tls().alpn(MESH_TCP), mutual, false);
      add(raw(), TransportSocket.RAW, false);
    } else {
      add(tls().alpn(MESH_ALL), mutual, protocol.isHttp());
      add(raw(), TransportSocket.RAW, protocol.isHttp());
    }
    if (foreignTls && !protocol.isHttp()) {
      add(tls(), TransportSocket.RAW, false);
    }
  }

  private FilterChainMatch raw() {
    return match.transport(Incoming.RAW_BUFFER);
  }

  private FilterChainMatch tls() {
    return match.transport(Incoming.TLS);
  }

  private void add(FilterChainMatch demanded, TransportSocket transport, boolean http) {
    ImmutableList.Builder<NetworkFilter> filters = ImmutableList.builder();
    if (http) {
      filters.add(
          new NetworkFilter.HttpConnectionManager(
              routes.name(),
              Optional.of(routes),
              ImmutableList.of(),
              access.ofRequests(),
              context.takesHttp10()));
    } else {
      filters.addAll(access.ofConnections()).add(tcp);
    }
    chains.add(new FilterChain(name, demanded, transport, filters.build()));
  }
}
