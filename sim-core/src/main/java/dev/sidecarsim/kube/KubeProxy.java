package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.time.Scheduler;
import java.util.List;
import java.util.function.Function;

/**
 * Keeps the rules of all nodes up to date with Services and endpoints, and with the NetworkPolicies
 * that stand beside them in table filter.
 */
final class KubeProxy {

  private final ImmutableList<Node> nodes;
  private final ImmutableList<Service> services;
  private final Function<Service, Endpoints> endpoints;
  private final Function<Boolean, ImmutableList<String>> policies;
  private final Debounce change;
  private String loaded = "";

  KubeProxy(
      Scheduler scheduler,
      ImmutableList<Node> nodes,
      ImmutableList<Service> services,
      Function<Service, Endpoints> endpoints,
      Function<Boolean, ImmutableList<String>> policies) {
    this.nodes = nodes;
    this.services = services;
    this.endpoints = endpoints;
    this.policies = policies;
    this.change = new Debounce(scheduler, KubeTimings.PROXY, this::sync);
  }

  /** Endpoints have changed; the rules follow a little later. */
  void endpointsChanged() {
    change.wish();
  }

  /** Loads the rules if they are others than before. */
  void sync() {
    String v4 = ServiceRules.of(services, endpoints, policies.apply(false), false);
    String v6 = ServiceRules.of(services, endpoints, policies.apply(true), true);
    if (loaded.equals(v4 + v6)) {
      return;
    }
    loaded = v4 + v6;
    for (Node node : nodes) {
      node.namespace().ip().netfilter().restore(Family.IPV4, v4);
      if (hasV6(services) || !policies.apply(true).isEmpty()) {
        node.namespace().ip().netfilter().restore(Family.IPV6, v6);
      }
    }
  }

  private static boolean hasV6(List<Service> services) {
    return services.stream()
        .flatMap(service -> service.clusterIps().stream())
        .anyMatch(address -> address.v6());
  }
}
