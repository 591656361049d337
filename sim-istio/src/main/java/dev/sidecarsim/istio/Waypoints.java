package dev.sidecarsim.istio;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Waypoints, the proxies of ambient mode for whole namespaces: which calls pass one
 * (pilot/pkg/serviceregistry/kube/controller/ambient/waypoints.go). A label that names no Gateway,
 * or one that is not for its namespace, means nothing.
 */
final class Waypoints {

  /** The class of Gateways that are waypoints. */
  static final String CLASS = "istio-waypoint";

  private static final String USE = "istio.io/use-waypoint";
  private static final String USE_OF = "istio.io/use-waypoint-namespace";
  private static final String FOR = "istio.io/waypoint-for";

  private final IstioManifests resources;
  private final MeshView view;

  Waypoints(IstioManifests resources, MeshView view) {
    this.resources = resources;
    this.view = view;
  }

  /** A waypoint; its Service has the same name. */
  record Waypoint(String name, String namespace) {
    @Override
    public String toString() {
      return "waypoint " + name + "." + namespace;
    }
  }

  /** The waypoint of calls to a service's address. */
  Optional<Waypoint> of(MeshService service) {
    Stream<ObjectMeta> declared =
        Stream.concat(
            view.services().stream().map(backed -> backed.service().meta()),
            resources.serviceEntries().stream().map(ServiceEntry::meta));
    ObjectMeta meta =
        declared
            .filter(
                each ->
                    each.name().equals(service.name())
                        && each.namespace().equals(service.namespace()))
            .findFirst()
            .orElse(ObjectMeta.of(service.name(), service.namespace()));
    return used(meta, "service");
  }

  /** The waypoint of calls to a pod's own address: only one that says that it is for such. */
  Optional<Waypoint> of(Pod pod) {
    return used(pod.meta(), "workload");
  }

  /** The waypoint that an object's labels name, or else its namespace's. */
  private Optional<Waypoint> used(ObjectMeta meta, String traffic) {
    Map<String, String> own = meta.labels();
    Map<String, String> labels =
        own.containsKey(USE) ? own : view.namespaces().apply(meta.namespace()).meta().labels();
    String name = labels.getOrDefault(USE, "none");
    String namespace = labels.getOrDefault(USE_OF, meta.namespace());
    return resources.resources().others().stream()
        .filter(each -> GatewayApi.isGateway(each, CLASS))
        .filter(
            each -> each.meta().name().equals(name) && each.meta().namespace().equals(namespace))
        .filter(each -> serves(each, traffic) && admits(each, meta.namespace()))
        .map(each -> new Waypoint(name, namespace))
        .findFirst();
  }

  /** Whose traffic a waypoint takes: services' where nobody says otherwise. */
  private static boolean serves(Document gateway, String traffic) {
    String serves = gateway.meta().labels().getOrDefault(FOR, "service");
    return serves.equals("all") || serves.equals(traffic);
  }

  /** Whether a listener of it is for a namespace. */
  private boolean admits(Document gateway, String namespace) {
    return gateway.tree().objectOrEmpty("spec").objects("listeners").stream()
        .map(listener -> listener.objectOrEmpty("allowedRoutes").objectOrEmpty("namespaces"))
        .anyMatch(
            allowed ->
                switch (allowed.string("from", "Same")) {
                  case "All" -> true;
                  case "Selector" -> selected(allowed.objectOrEmpty("selector"), namespace);
                  default -> namespace.equals(gateway.meta().namespace());
                });
  }

  private boolean selected(JsonObject selector, String namespace) {
    return view.namespaces()
        .apply(namespace)
        .labels()
        .entrySet()
        .containsAll(selector.stringMap("matchLabels").entrySet());
  }
}
