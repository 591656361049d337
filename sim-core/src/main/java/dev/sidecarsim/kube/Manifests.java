package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/**
 * Everything that a set of manifests says, in the order of the documents.
 *
 * @param defaultNamespace the namespace of documents that name none
 * @param others documents of other kinds, without those that are known to decide about nothing
 */
public record Manifests(
    String defaultNamespace,
    ImmutableList<Namespace> namespaces,
    ImmutableList<Workload> workloads,
    ImmutableList<Pod> pods,
    ImmutableList<Service> services,
    ImmutableList<Endpoints> endpoints,
    ImmutableList<NetworkPolicy> networkPolicies,
    ImmutableList<ConfigMap> configMaps,
    ImmutableList<Secret> secrets,
    ImmutableList<Document> others) {

  /** These manifests with the controllers and Services of others. */
  public Manifests with(Manifests more) {
    return new Manifests(
        defaultNamespace,
        namespaces,
        joined(workloads, more.workloads),
        pods,
        joined(services, more.services),
        endpoints,
        networkPolicies,
        configMaps,
        secrets,
        others);
  }

  private static <T> ImmutableList<T> joined(ImmutableList<T> first, ImmutableList<T> second) {
    return ImmutableList.<T>builder().addAll(first).addAll(second).build();
  }

  public ImmutableList<StatefulSet> statefulSets() {
    return workloads.stream()
        .filter(StatefulSet.class::isInstance)
        .map(StatefulSet.class::cast)
        .collect(ImmutableList.toImmutableList());
  }

  /** A namespace: the manifest's, else an undocumented one without labels. */
  public Namespace namespace(String name) {
    return namespaces.stream()
        .filter(candidate -> candidate.name().equals(name))
        .findFirst()
        .orElseGet(() -> new Namespace(ObjectMeta.of(name, ""), false));
  }

  public Optional<ConfigMap> configMap(String namespace, String name) {
    return configMaps.stream()
        .filter(map -> map.meta().name().equals(name))
        .filter(map -> map.meta().namespace().equals(namespace))
        .findFirst();
  }
}
