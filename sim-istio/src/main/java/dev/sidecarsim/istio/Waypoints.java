package dev.sidecarsim.istio;

import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import java.util.Optional;

/**
 * Waypoints, the proxies of ambient mode for whole namespaces: which calls would pass one. They are
 * not modelled, and named where they decide.
 */
final class Waypoints {

  private static final String USE = "istio.io/use-waypoint";
  private static final String FOR = "istio.io/waypoint-for";
  private static final String GATEWAY = "gateway.networking.k8s.io/";

  private final IstioManifests resources;
  private final MeshView view;

  Waypoints(IstioManifests resources, MeshView view) {
    this.resources = resources;
    this.view = view;
  }

  /** The waypoint of calls to a service's address. */
  Optional<String> of(MeshService service) {
    ObjectMeta meta =
        view.services().stream()
            .map(backed -> backed.service().meta())
            .filter(
                each ->
                    each.name().equals(service.name())
                        && each.namespace().equals(service.namespace()))
            .findFirst()
            .orElse(ObjectMeta.of(service.name(), service.namespace()));
    return used(meta)
        .filter(name -> !serves(name, meta.namespace()).equals("workload"))
        .map(name -> text(name, "Service " + meta.name()));
  }

  /** The waypoint of calls to a pod's own address: only one that says that it is for such. */
  Optional<String> of(Pod pod) {
    return used(pod.meta())
        .filter(name -> !serves(name, pod.namespace()).equals("service"))
        .map(name -> text(name, "pod " + pod.name()));
  }

  private static String text(String waypoint, String of) {
    return "waypoint " + waypoint + " of " + of;
  }

  /** The waypoint that an object's label names, or else its namespace's. */
  private Optional<String> used(ObjectMeta meta) {
    String own = meta.labels().get(USE);
    Optional<String> name =
        Optional.ofNullable(
            own != null ? own : view.namespaces().apply(meta.namespace()).meta().labels().get(USE));
    return name.filter(each -> !each.equals("none"));
  }

  /** Whose traffic a waypoint takes: services' where nobody says otherwise. */
  private String serves(String waypoint, String namespace) {
    return resources.resources().others().stream()
        .filter(each -> each.kind().equals("Gateway") && each.apiVersion().startsWith(GATEWAY))
        .map(Document::meta)
        .filter(meta -> meta.name().equals(waypoint) && meta.namespace().equals(namespace))
        .map(meta -> meta.labels().getOrDefault(FOR, "service"))
        .findFirst()
        .orElse("service");
  }
}
