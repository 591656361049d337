package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Where a sidecar calls its own pod: a cluster for each declared port, and one for all others. */
final class InboundClusters {

  /** The source of Envoy's calls to its own pod, which the rules let pass. */
  private static final IpAddress BIND_V4 = IpAddress.of("127.0.0.6");

  private static final IpAddress BIND_V6 = IpAddress.of("::6");

  private static final Discovery CALLED_ADDRESS = new Discovery.OriginalDst(OptionalInt.empty());

  private final IstiodContext context;
  private final ProxyNode node;
  private final ImmutableList.Builder<Cluster> clusters = ImmutableList.builder();

  InboundClusters(IstiodContext context, ProxyNode node) {
    this.context = context;
    this.node = node;
  }

  ImmutableList<Cluster> all() {
    return clusters.build();
  }

  /** What the cluster of a declared port is called. */
  String name(InboundPort port) {
    return port.clusterName(context.preset().inbound().clusterNamePort());
  }

  /** What the cluster of undeclared ports is called. */
  String passthroughName(boolean v6) {
    if (singlePassthrough()) {
      return "InboundPassthroughCluster";
    }
    return v6 ? "InboundPassthroughClusterIpv6" : "InboundPassthroughClusterIpv4";
  }

  /** Adds the clusters of undeclared ports: one for both families, or one for each. */
  void addPassthrough() {
    if (singlePassthrough()) {
      addPassthrough(false, sources());
      return;
    }
    if (node.hasV4()) {
      addPassthrough(false, List.of(BIND_V4));
    }
    if (node.hasV6()) {
      addPassthrough(true, List.of(BIND_V6));
    }
  }

  private void addPassthrough(boolean v6, List<IpAddress> sources) {
    clusters.add(
        builder(passthroughName(v6), CALLED_ADDRESS)
            .bind(sources)
            .protocolSelection(Cluster.ProtocolSelection.USE_DOWNSTREAM)
            .build());
  }

  private boolean singlePassthrough() {
    return context.preset().inbound().singlePassthroughCluster();
  }

  /** Adds the cluster of a declared port. */
  void add(InboundPort port) {
    InboundPort.Target target = port.target(context, node);
    boolean original = target.address().isEmpty();
    Discovery discovery =
        target
            .address()
            .<Discovery>map(to -> new Discovery.Static(ImmutableList.of(to)))
            .orElse(CALLED_ADDRESS);
    Cluster.Builder cluster =
        builder(name(port), discovery)
            .trackRemaining(context.preset().inbound().tracksRemaining())
            .protocolSelection(selection(port.protocol()))
            .services(port.services());
    if (original || target.bindsSource()) {
      cluster.bind(sources());
    }
    if (original) {
      cluster.cleanupInterval(context.preset().inbound().inboundCleanupSeconds());
    }
    clusters.add(cluster.build());
  }

  private Cluster.Builder builder(String name, Discovery discovery) {
    return Cluster.builder(name, discovery)
        .connectTimeout(context.resources().mesh().connectTimeoutNanos());
  }

  private List<IpAddress> sources() {
    List<IpAddress> sources = new ArrayList<>();
    if (node.hasV4()) {
      sources.add(BIND_V4);
    }
    if (node.hasV6()) {
      sources.add(BIND_V6);
    }
    return sources;
  }

  private static Cluster.ProtocolSelection selection(ServiceProtocol protocol) {
    return switch (protocol) {
      case AUTO -> Cluster.ProtocolSelection.USE_DOWNSTREAM;
      case HTTP2 -> Cluster.ProtocolSelection.HTTP2;
      case TCP, TLS, MONGO, MYSQL, REDIS, HTTP -> Cluster.ProtocolSelection.HTTP1;
    };
  }
}
