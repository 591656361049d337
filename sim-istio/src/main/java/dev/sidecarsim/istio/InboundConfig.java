package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatch;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.ListenerFilter;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.envoy.RouteConfiguration;
import dev.sidecarsim.envoy.TransportSocket;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a sidecar does with connections to its pod: listener virtualInbound and its clusters. */
final class InboundConfig {

  /** The mark by which the rules know Envoy's calls of the application. */
  /** What stands for the Service's port in names of virtual hosts where none declares it. */
  private static final int UNDECLARED = 0;

  private static final int TPROXY_MARK = 1337;

  static final String BLACK_HOLE = "BlackHoleCluster";

  private final IstiodContext context;
  private final ProxyNode node;
  private final List<FilterChain> chains = new ArrayList<>();
  private final InboundClusters clusters;
  private final List<Listener> bound = new ArrayList<>();
  private final Set<Integer> ports = new LinkedHashSet<>();

  InboundConfig(IstiodContext context, ProxyNode node) {
    this.context = context;
    this.node = node;
    this.clusters = new InboundClusters(context, node);
  }

  ImmutableList<Cluster> clusters() {
    return clusters.all();
  }

  /**
   * Makes the listeners, and with them the clusters: one for all captured connections, and one with
   * a socket for each port that a Sidecar wants to be bound. Where nothing is captured, a port that
   * a Service alone declares gets none: the application has the socket.
   */
  ImmutableList<Listener> listeners() {
    List<InboundPort> captured = new ArrayList<>();
    for (InboundPort port : InboundPort.of(context, node)) {
      if (port.bound(node)) {
        bound(port);
      } else {
        captured.add(port);
      }
    }
    if (node.captured()) {
      bound.add(virtualInbound(captured));
    }
    if (Hbone.listens(context, node)) {
      bound.add(HboneListeners.tunnelEnd(context, node));
      bound.add(HboneListeners.internal(tunnelled()));
    }
    return ImmutableList.copyOf(bound);
  }

  /** A listener of a port with a socket of its own. */
  private void bound(InboundPort port) {
    Endpoint own =
        new Endpoint(
            port.ingress().flatMap(Sidecar.Ingress::bind).orElse(node.ips().get(0)), port.port());
    String name = clusters.name(port);
    TlsMode mode = context.policies().portMode(node.namespace(), node.labels(), port.port());
    ImmutableList<FilterChain> made =
        declared(port, FilterChainMatch.ANY.port(port.port()), name, mode);
    bound.add(
        Listener.builder(own.address() + "_" + own.port(), own)
            .filters(InboundInspectors.of(made))
            .filtersTimeout(context.inboundDetectionTimeout(), true)
            .chains(made)
            .build());
    clusters.add(port);
  }

  private Listener virtualInbound(List<InboundPort> captured) {
    int port = context.capturePorts().inbound();
    if (context.blocksLoops()) {
      chains.add(
          new FilterChain(
              "virtualInbound-blackhole",
              FilterChainMatch.ANY.port(port),
              TransportSocket.RAW,
              NetworkFilter.TcpProxy.to(BLACK_HOLE)));
    }
    passthrough();
    captured.forEach(this::declared);
    return Listener.builder(EnvoyNames.VIRTUAL_INBOUND, context.virtualAddresses(node, port))
        .transparent(node.transparent())
        .filter(ListenerFilter.ORIGINAL_DST)
        .filters(keepsSource())
        .filters(InboundInspectors.of(chains))
        .filtersTimeout(context.inboundDetectionTimeout(), true)
        .chains(chains)
        .build();
  }

  /** In TPROXY mode the application is called from the caller's address. */
  private ImmutableList<ListenerFilter> keepsSource() {
    return node.transparent()
        ? ImmutableList.of(ListenerFilter.originalSource(TPROXY_MARK))
        : ImmutableList.of();
  }

  // ---- undeclared ports

  private void passthrough() {
    clusters.addPassthrough();
    if (node.hasV4()) {
      passthroughFamily(Cidr.of("0.0.0.0/0"));
    }
    if (node.hasV6()) {
      passthroughFamily(Cidr.of("::/0"));
    }
  }

  private void passthroughFamily(Cidr all) {
    String cluster = clusters.passthroughName(all.address().v6());
    TlsMode mode = context.policies().workloadMode(node.namespace(), node.labels());
    FilterChainMatch match = FilterChainMatch.ANY.prefixes(all);
    boolean foreignTls = context.preset().inbound().passthroughTakesForeignTls();
    chains.addAll(
        chainsOf(EnvoyNames.VIRTUAL_INBOUND, match, cluster, UNDECLARED)
            .of(mode, ServiceProtocol.AUTO, foreignTls));
    context
        .policies()
        .workload(node.namespace(), node.labels())
        .ifPresent(
            policy ->
                policy
                    .portLevel()
                    .keySet()
                    .forEach(port -> passthroughPort(port, match, cluster, foreignTls)));
  }

  /** A policy for a port that nobody declares makes chains of its own. */
  private void passthroughPort(
      int port, FilterChainMatch match, String cluster, boolean foreignTls) {
    boolean declared =
        InboundPort.of(context, node).stream().anyMatch(candidate -> candidate.port() == port);
    if (!declared) {
      TlsMode mode = context.policies().portMode(node.namespace(), node.labels(), port);
      chains.addAll(
          chainsOf(EnvoyNames.VIRTUAL_INBOUND, match.port(port), cluster, UNDECLARED)
              .of(mode, ServiceProtocol.AUTO, foreignTls));
    }
  }

  // ---- what comes through a tunnel

  /** Chains as without mTLS, for the pod's own addresses only. */
  private ImmutableList<FilterChain> tunnelled() {
    Cidr[] own = node.ips().stream().map(Cidr::host).toArray(Cidr[]::new);
    ImmutableList.Builder<FilterChain> all = ImmutableList.builder();
    Set<Integer> known = new LinkedHashSet<>();
    for (InboundPort port : InboundPort.of(context, node)) {
      if (known.add(port.port())) {
        FilterChainMatch match = FilterChainMatch.ANY.port(port.port()).prefixes(own);
        all.addAll(unencrypted(chainName(port), match, clusters.name(port), port.protocol()));
      }
    }
    for (Cidr address : own) {
      FilterChainMatch match = FilterChainMatch.ANY.prefixes(address);
      String cluster = clusters.passthroughName(address.address().v6());
      all.addAll(unencrypted(EnvoyNames.VIRTUAL_INBOUND, match, cluster, ServiceProtocol.AUTO));
    }
    return all.build();
  }

  private ImmutableList<FilterChain> unencrypted(
      String name, FilterChainMatch match, String cluster, ServiceProtocol protocol) {
    return chainsOf(name, match, cluster, UNDECLARED)
        .of(TlsMode.DISABLE, context.inbound(protocol), true);
  }

  // ---- declared ports

  private void declared(InboundPort port) {
    if (!ports.add(port.port())) {
      return;
    }
    TlsMode mode = context.policies().portMode(node.namespace(), node.labels(), port.port());
    FilterChainMatch match = FilterChainMatch.ANY.port(port.port());
    String name = clusters.name(port);
    chains.addAll(declared(port, match, name, mode));
    clusters.add(port);
  }

  private ImmutableList<FilterChain> declared(
      InboundPort port, FilterChainMatch match, String cluster, TlsMode mode) {
    ImmutableList<FilterChain> made =
        chainsOf(chainName(port), match, cluster, port.servicePort())
            .of(mode, context.inbound(port.protocol()), true);
    return mode == TlsMode.DISABLE && port.endsTls()
        ? made.stream().map(InboundConfig::endingTls).collect(ImmutableList.toImmutableList())
        : made;
  }

  /** A Sidecar's own TLS counts where the mesh's is off; its certificates are not modelled. */
  private static FilterChain endingTls(FilterChain chain) {
    return new FilterChain(
        chain.name(),
        chain.match(),
        TransportSocket.RAW,
        new NetworkFilter.Unmodelled("tls of a Sidecar's ingress"));
  }

  private String chainName(InboundPort port) {
    return node.ips().get(0) + "_" + port.port();
  }

  private InboundChains chainsOf(
      String name, FilterChainMatch match, String cluster, int servicePort) {
    return new InboundChains(
        name,
        match,
        RouteConfiguration.allTo(cluster, "inbound|http|" + servicePort, cluster),
        node.identity(context.resources().mesh().trustDomain()),
        AuthorizationFilters.of(context, node),
        context);
  }
}
