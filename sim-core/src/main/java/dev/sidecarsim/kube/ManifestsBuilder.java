package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects documents as they are read, and sees that no object stands twice. */
final class ManifestsBuilder {

  private record OwnedWorkload(Workload workload, Optional<Pod.Owner> owner) {}

  private final Map<String, Location> seen = new LinkedHashMap<>();
  private final List<Namespace> namespaces = new ArrayList<>();
  private final List<OwnedWorkload> workloads = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private final List<Endpoints> endpoints = new ArrayList<>();
  private final List<NetworkPolicy> networkPolicies = new ArrayList<>();
  private final List<ConfigMap> configMaps = new ArrayList<>();
  private final List<Secret> secrets = new ArrayList<>();
  private final List<Document> others = new ArrayList<>();

  void add(Namespace namespace) {
    once("Namespace", namespace.meta());
    namespaces.add(namespace);
  }

  void add(Workload workload, Optional<Pod.Owner> owner) {
    once(workload.kind(), workload.meta());
    workloads.add(new OwnedWorkload(workload, owner));
  }

  void add(Pod pod) {
    once("Pod", pod.meta());
    pods.add(pod);
  }

  void add(Service service) {
    once("Service", service.meta());
    services.add(service);
  }

  /** Several slices may belong to one Service. */
  void add(Endpoints found) {
    endpoints.add(found);
  }

  void add(NetworkPolicy policy) {
    once("NetworkPolicy", policy.meta());
    networkPolicies.add(policy);
  }

  void add(ConfigMap map) {
    once("ConfigMap", map.meta());
    configMaps.add(map);
  }

  void add(Secret secret) {
    once("Secret", secret.meta());
    secrets.add(secret);
  }

  void add(Document document) {
    once(Kinds.qualified(document.kind(), document.apiVersion()), document.meta());
    others.add(document);
  }

  private void once(String kind, ObjectMeta meta) {
    String object = kind + " " + meta.qualifiedName();
    Location first = seen.putIfAbsent(object, meta.location());
    if (first != null) {
      throw new ManifestException(
          meta.location(), object + " stands already in " + first + "; keep one of them");
    }
  }

  Manifests build(String defaultNamespace) {
    Manifests manifests =
        new Manifests(
            defaultNamespace,
            ImmutableList.copyOf(namespaces),
            workloads.stream()
                .filter(this::isTop)
                .map(OwnedWorkload::workload)
                .collect(ImmutableList.toImmutableList()),
            ImmutableList.copyOf(pods),
            ImmutableList.copyOf(services),
            ImmutableList.copyOf(endpoints),
            ImmutableList.copyOf(networkPolicies),
            ImmutableList.copyOf(configMaps),
            ImmutableList.copyOf(secrets),
            ImmutableList.copyOf(others));
    ManifestChecks.check(manifests);
    return manifests;
  }

  /** A ReplicaSet whose Deployment is there, too, is the Deployment's business. */
  private boolean isTop(OwnedWorkload entry) {
    return entry.owner().isEmpty()
        || workloads.stream()
            .map(OwnedWorkload::workload)
            .noneMatch(
                candidate ->
                    candidate.kind().equals(entry.owner().get().kind())
                        && candidate.meta().name().equals(entry.owner().get().name())
                        && candidate
                            .meta()
                            .namespace()
                            .equals(entry.workload().meta().namespace()));
  }
}
