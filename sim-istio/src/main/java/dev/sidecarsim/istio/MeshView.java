package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.sidecarsim.kube.Endpoints;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.Service;
import dev.sidecarsim.net.IpAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What istiod sees of a cluster at one moment.
 *
 * @param services with what stands behind each, oldest first, then by name
 * @param pods by {@code NAMESPACE/NAME}, with the addresses that they have
 * @param namespaces by name
 * @param domain the suffix of all DNS names
 */
public record MeshView(
    ImmutableList<Backed> services,
    ImmutableMap<String, Pod> pods,
    Function<String, Namespace> namespaces,
    String domain) {

  /** A Service and what stands behind it. */
  public record Backed(Service service, Endpoints endpoints) {

    /** Whether an address is behind the Service, ready or not. */
    boolean holds(IpAddress address) {
      return endpoints.subsets().stream()
          .anyMatch(
              subset ->
                  subset.ready().stream().anyMatch(a -> a.ip().equals(address))
                      || subset.notReady().stream().anyMatch(a -> a.ip().equals(address)));
    }
  }

  private static final Comparator<Backed> OLDEST_FIRST =
      Comparator.comparing((Backed b) -> b.service().meta(), ObjectMeta.OLDEST_FIRST)
          .thenComparing(b -> b.service().name())
          .thenComparing(b -> b.service().namespace());

  /** A view of some Services, in any order. */
  public static MeshView of(
      Iterable<Backed> services,
      ImmutableMap<String, Pod> pods,
      Function<String, Namespace> namespaces,
      String domain) {
    return new MeshView(
        ImmutableList.sortedCopyOf(OLDEST_FIRST, services), pods, namespaces, domain);
  }

  /** What of it is in namespaces that istiod is to look at. */
  MeshView discovered(Visibility visibility) {
    if (visibility.discovered().isEmpty()) {
      return this;
    }
    Predicate<String> known =
        namespace -> visibility.discovers(namespaces.apply(namespace).labels());
    return new MeshView(
        services.stream()
            .filter(backed -> known.test(backed.service().namespace()))
            .collect(ImmutableList.toImmutableList()),
        ImmutableMap.copyOf(Maps.filterValues(pods, pod -> known.test(pod.namespace()))),
        namespaces,
        domain);
  }

  Optional<Pod> pod(String namespace, String name) {
    return Optional.ofNullable(pods.get(namespace + "/" + name));
  }
}
