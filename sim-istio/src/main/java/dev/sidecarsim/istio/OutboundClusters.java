package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import dev.sidecarsim.envoy.Cluster;
import dev.sidecarsim.envoy.Discovery;
import dev.sidecarsim.envoy.LbEndpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The clusters of the services that a client knows, one a port and one for each subset of it. */
final class OutboundClusters {

  private final IstiodContext context;
  private final ProxyNode node;
  private final ClientTlsPolicy tls;
  private final DestinationRules rules;
  private final Map<String, Cluster> clusters = new LinkedHashMap<>();
  private final ImmutableListMultimap.Builder<String, LbEndpoint> endpoints =
      ImmutableListMultimap.builder();

  OutboundClusters(IstiodContext context, ProxyNode node, Iterable<MeshService> services) {
    this.context = context;
    this.node = node;
    this.tls = new ClientTlsPolicy(context, node);
    this.rules =
        new DestinationRules(
            context.resources().destinationRules(),
            context.resources().mesh(),
            context.view().domain(),
            node);
    for (MeshService service : services) {
      Optional<DestinationRule> rule = rules.ruleFor(service);
      service.ports().forEach(port -> add(service, port, rule));
    }
  }

  ImmutableList<Cluster> clusters() {
    return ImmutableList.copyOf(clusters.values());
  }

  /** The hosts of the clusters that are told of them apart. */
  ImmutableListMultimap<String, LbEndpoint> endpoints() {
    return endpoints.build();
  }

  private void add(MeshService service, MeshService.Port port, Optional<DestinationRule> rule) {
    add(
        service,
        port,
        "",
        port.instances(),
        rule.map(found -> found.policyFor(port.number())).orElse(TrafficPolicy.NONE),
        rule);
    if (rule.isPresent()) {
      for (DestinationRule.Subset subset : rule.get().subsets()) {
        ImmutableList<MeshService.Instance> part =
            port.instances().stream()
                .filter(subset::takes)
                .collect(ImmutableList.toImmutableList());
        add(service, port, subset.name(), part, rule.get().policyFor(subset, port.number()), rule);
      }
    }
  }

  private void add(
      MeshService service,
      MeshService.Port port,
      String subset,
      ImmutableList<MeshService.Instance> instances,
      TrafficPolicy policy,
      Optional<DestinationRule> rule) {
    String name = service.clusterName(port, subset);
    if (clusters.containsKey(name)) {
      return;
    }
    ImmutableList<LbEndpoint> hosts =
        instances.stream().map(tls::endpoint).collect(ImmutableList.toImmutableList());
    Discovery discovery = discovery(service, port, policy, name, hosts);
    Cluster.Builder cluster =
        Cluster.builder(name, discovery)
            .connectTimeout(
                policy
                    .connectTimeoutNanos()
                    .orElse(context.resources().mesh().connectTimeoutNanos()))
            .maxConnections(policy.maxConnections().orElse(Cluster.NO_LIMIT))
            .services(ImmutableList.of(service.ref()))
            .origin(rule.map(DestinationRule::origin));
    boolean addressCalled = discovery instanceof Discovery.OriginalDst;
    tls.apply(service, port, policy.tls(), subset, addressCalled, cluster);
    clusters.put(name, cluster.build());
    if (discovery instanceof Discovery.Eds) {
      endpoints.putAll(name, hosts);
    }
  }

  private Discovery discovery(
      MeshService service,
      MeshService.Port port,
      TrafficPolicy policy,
      String name,
      ImmutableList<LbEndpoint> hosts) {
    if (policy.passthrough().orElse(false)) {
      return new Discovery.OriginalDst(OptionalInt.empty());
    }
    return switch (service.resolution()) {
      case ENDPOINTS -> new Discovery.Eds(name);
      case PASSTHROUGH ->
          node.router() || (service.headless() && context.balancesHeadless())
              ? new Discovery.Eds(name)
              : new Discovery.OriginalDst(port.override());
      case DNS -> new Discovery.StrictDns(hosts);
    };
  }
}
