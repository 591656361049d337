package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.Origin;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Map;

/**
 * How clients call a host, and which parts of it have names of their own.
 *
 * @param host as written: a short name, a full one, or one with a wildcard
 * @param selector the clients that it is for; empty for all
 * @param policy for all ports
 * @param portLevel for single service ports, in place of {@code policy}
 */
record DestinationRule(
    ObjectMeta meta,
    String host,
    ImmutableMap<String, String> selector,
    ExportTo exportTo,
    TrafficPolicy policy,
    ImmutableMap<Integer, TrafficPolicy> portLevel,
    ImmutableList<Subset> subsets) {

  /**
   * Those of a host's instances that have some labels.
   *
   * @param policy what it says is laid over the rule's
   */
  record Subset(
      String name,
      ImmutableMap<String, String> labels,
      TrafficPolicy policy,
      ImmutableMap<Integer, TrafficPolicy> portLevel) {

    boolean takes(MeshService.Instance instance) {
      return instance.labels().entrySet().containsAll(labels.entrySet());
    }
  }

  static DestinationRule of(Document document) {
    JsonObject spec = document.tree().objectOrEmpty("spec");
    JsonObject policy = spec.objectOrEmpty("trafficPolicy");
    return new DestinationRule(
        document.meta(),
        spec.requireString("host"),
        spec.objectOrEmpty("workloadSelector").stringMap("matchLabels"),
        ExportTo.of(spec),
        TrafficPolicy.of(policy),
        TrafficPolicy.ports(policy),
        spec.objects("subsets").stream()
            .map(DestinationRule::subset)
            .collect(ImmutableList.toImmutableList()));
  }

  private static Subset subset(JsonObject subset) {
    JsonObject policy = subset.objectOrEmpty("trafficPolicy");
    return new Subset(
        subset.requireString("name"),
        subset.stringMap("labels"),
        TrafficPolicy.of(policy),
        TrafficPolicy.ports(policy));
  }

  /** What the clusters that it changes say of it. */
  Origin origin() {
    return new Origin(meta.namespace(), "destination-rule", meta.name());
  }

  /** Whether this rule is for a host. */
  boolean covers(String target, String domain) {
    return HostName.covers(HostName.full(host, meta.namespace(), domain), target);
  }

  boolean isFor(Map<String, String> clientLabels) {
    return clientLabels.entrySet().containsAll(selector.entrySet());
  }

  TrafficPolicy policyFor(int port) {
    return portLevel.getOrDefault(port, policy);
  }

  TrafficPolicy policyFor(Subset subset, int port) {
    TrafficPolicy own = subset.portLevel().get(port);
    return own == null ? policyFor(port).with(subset.policy()) : own;
  }

  /** This rule with the subsets of a younger one for the same host. */
  DestinationRule join(DestinationRule younger) {
    ImmutableList.Builder<Subset> all = ImmutableList.builder();
    all.addAll(subsets);
    younger.subsets.stream()
        .filter(more -> subsets.stream().noneMatch(known -> known.name().equals(more.name())))
        .forEach(all::add);
    boolean silent = policy.equals(TrafficPolicy.NONE) && portLevel.isEmpty();
    return new DestinationRule(
        meta,
        host,
        selector,
        exportTo,
        silent ? younger.policy : policy,
        silent ? younger.portLevel : portLevel,
        all.build());
  }
}
