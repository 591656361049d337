package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.IpSets;
import dev.sidecarsim.netfilter.Netfilter;
import java.util.List;
import java.util.function.Function;

/** What stands on a node: kube-proxy's rules, those of NetworkPolicies, and network plugins'. */
final class NodeRules {

  private final ImmutableList<Service> services;
  private final Function<Service, Endpoints> endpoints;
  private final Function<Boolean, ImmutableList<String>> policies;
  private final ImmutableList<CniPlugin> plugins;
  private final boolean serviceV6;

  NodeRules(
      ImmutableList<Service> services,
      Function<Service, Endpoints> endpoints,
      Function<Boolean, ImmutableList<String>> policies,
      ImmutableList<CniPlugin> plugins) {
    this.services = services;
    this.endpoints = endpoints;
    this.policies = policies;
    this.plugins = plugins;
    this.serviceV6 =
        services.stream()
            .flatMap(service -> service.clusterIps().stream())
            .anyMatch(address -> address.v6());
  }

  /**
   * All of it at one moment.
   *
   * @param v6 what ip6tables-restore is given; empty where nobody needs it
   * @param sets lines of {@code ipset save}
   */
  record Text(String v4, String v6, ImmutableList<String> sets) {

    void load(Netfilter netfilter) {
      netfilter.setIpSets(IpSets.parse(sets));
      netfilter.restore(Family.IPV4, v4);
      if (!v6.isEmpty()) {
        netfilter.restore(Family.IPV6, v6);
      }
    }
  }

  /** Whether each node has its own. */
  boolean ofEach() {
    return !plugins.isEmpty();
  }

  Text of(Node node) {
    return text(
        plugins.stream().flatMap(plugin -> plugin.nodeRules(node, false).stream()).toList(),
        plugins.stream().flatMap(plugin -> plugin.nodeRules(node, true).stream()).toList(),
        plugins.stream()
            .flatMap(plugin -> plugin.nodeSets(node).stream())
            .collect(ImmutableList.toImmutableList()));
  }

  private Text text(List<String> natV4, List<String> natV6, ImmutableList<String> sets) {
    ImmutableList<String> policiesV6 = policies.apply(true);
    boolean needsV6 = serviceV6 || !policiesV6.isEmpty() || !natV6.isEmpty();
    return new Text(
        ServiceRules.of(services, endpoints, policies.apply(false), natV4, false),
        needsV6 ? ServiceRules.of(services, endpoints, policiesV6, natV6, true) : "",
        sets);
  }
}
