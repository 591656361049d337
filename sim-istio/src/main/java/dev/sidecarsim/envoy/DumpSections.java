package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Takes a dump apart: its listeners, clusters, routes and endpoints, wherever it has them. */
final class DumpSections {

  private static final String RIGHT =
      "; give the output of curl localhost:15000/config_dump, or of istioctl proxy-config"
          + " listener, cluster, route, endpoint or all with -o json";

  /** The states of versions of a listener that are not in service. */
  private static final ImmutableSet<String> STATES =
      ImmutableSet.of("warming_state", "draining_state", "error_state");

  /** Fields of which a cluster always has one, and no other resource any. */
  private static final ImmutableSet<String> CLUSTER_FIELDS =
      ImmutableSet.of("type", "connect_timeout", "cluster_type", "load_assignment", "lb_policy");

  private final String file;
  private final List<ProtoMessage> listeners = new ArrayList<>();
  private final Set<String> notInService = new LinkedHashSet<>();
  private final List<ProtoMessage> clusters = new ArrayList<>();
  private final List<ProtoMessage> routes = new ArrayList<>();
  private final FetchedFilters fetched = new FetchedFilters();
  private final Map<String, ImmutableList<LbEndpoint>> endpoints = new LinkedHashMap<>();
  private final Map<String, ImmutableList<LbEndpoint>> statuses = new LinkedHashMap<>();
  private Optional<IpAddress> nodeAddress = Optional.empty();
  private boolean any;

  DumpSections(String file) {
    this.file = file;
  }

  // ---- taking it apart

  /** Takes a whole dump, one of its sections or their entries, a resource, or a list of these. */
  void add(Json value) {
    if (value instanceof JsonArray array) {
      any |= array.items().isEmpty();
      array.items().forEach(this::add);
    } else if (value instanceof JsonObject object) {
      ProtoMessage message = ProtoMessage.of(object);
      if (message.has("configs")) {
        configs(message);
      } else if (message.has("cluster_statuses")) {
        message.messages("cluster_statuses").forEach(this::status);
      } else if (!section(message) && !entry(message)) {
        resource(message);
      }
      any = true;
    } else {
      throw unknown(value);
    }
  }

  void checkNotEmpty() {
    if (!any) {
      throw new InputException(
          new Location(file, 0), "there is no Envoy configuration in it" + RIGHT);
    }
  }

  /**
   * A list of sections, or of entries of one ({@code ?resource=}); the oldest Envoys had a map of
   * sections.
   */
  private void configs(ProtoMessage dump) {
    if (dump.get("configs").orElseThrow() instanceof JsonObject map
        && !map.members().containsKey("@type")) {
      map.members().values().stream()
          .filter(JsonObject.class::isInstance)
          .forEach(value -> section(ProtoMessage.of((JsonObject) value)));
    } else {
      for (ProtoMessage part : dump.messages("configs")) {
        if (!section(part)) {
          entry(part);
        }
      }
    }
  }

  private boolean section(ProtoMessage section) {
    String type = section.text("@type");
    if (type.endsWith(".BootstrapConfigDump")) {
      bootstrap(section.messageOrEmpty("bootstrap"));
    } else if (type.endsWith(".ListenersConfigDump")) {
      listenerSection(section);
    } else if (type.endsWith(".ClustersConfigDump")) {
      entries(section, "static_clusters", "dynamic_active_clusters");
    } else if (type.endsWith(".RoutesConfigDump")) {
      entries(section, "static_route_configs", "dynamic_route_configs");
    } else if (type.endsWith(".EndpointsConfigDump")) {
      entries(section, "static_endpoint_configs", "dynamic_endpoint_configs");
    } else if (type.endsWith(".EcdsConfigDump") || section.has("ecds_filters")) {
      entries(section, "ecds_filters");
    } else {
      return type.endsWith("Dump");
    }
    return true;
  }

  private void entries(ProtoMessage section, String... lists) {
    for (String list : lists) {
      section.messages(list).forEach(this::entry);
    }
  }

  /** An entry of a section, known by the field that holds its resource. */
  private boolean entry(ProtoMessage entry) {
    if (listenerOf(entry).isPresent()) {
      listeners.add(listenerOf(entry).get());
    } else if (entry.hasMessage("cluster")) {
      clusters.add(entry.messageOrEmpty("cluster"));
    } else if (entry.hasMessage("route_config")) {
      routes.add(entry.messageOrEmpty("route_config"));
    } else if (entry.hasMessage("endpoint_config")) {
      assignment(entry.messageOrEmpty("endpoint_config"));
    } else if (entry.hasMessage("ecds_filter")) {
      fetched.add(entry.messageOrEmpty("ecds_filter"));
    } else if (STATES.stream().anyMatch(entry::has)) {
      away(entry);
    } else {
      return false;
    }
    return true;
  }

  // ---- sections of /config_dump

  /** A node's id is {@code sidecar~ADDRESS~POD.NAMESPACE~DOMAIN} (pilot-agent). */
  private void bootstrap(ProtoMessage bootstrap) {
    String[] id = bootstrap.messageOrEmpty("node").text("id").split("~", -1);
    if (id.length == 4 && IpAddress.isLiteral(id[1])) {
      nodeAddress = Optional.of(IpAddress.of(id[1]));
    }
  }

  /** Envoy up to 1.11 kept three lists; later ones have one list with a state for each version. */
  private void listenerSection(ProtoMessage section) {
    entries(section, "static_listeners", "dynamic_active_listeners", "dynamic_listeners");
    Stream.of("dynamic_warming_listeners", "dynamic_draining_listeners")
        .flatMap(list -> section.messages(list).stream())
        .flatMap(entry -> listenerOf(entry).stream())
        .forEach(listener -> notInService.add(DumpNames.of(listener)));
  }

  private static Optional<ProtoMessage> listenerOf(ProtoMessage entry) {
    ProtoMessage version = entry.message("active_state").orElse(entry);
    return version.hasMessage("listener") ? version.message("listener") : Optional.empty();
  }

  /** A listener that has versions, and none of them in service. */
  private void away(ProtoMessage entry) {
    notInService.add(entry.text("name"));
    for (String state : STATES) {
      ProtoMessage version = entry.messageOrEmpty(state);
      version
          .message("listener")
          .or(() -> version.message("failed_configuration"))
          .ifPresent(listener -> notInService.add(DumpNames.of(listener)));
    }
  }

  // ---- single resources

  /** A resource of {@code istioctl … -o json}, known by the fields that only its kind has. */
  private void resource(ProtoMessage resource) {
    if (isListener(resource)) {
      listeners.add(resource);
    } else if (resource.has("virtual_hosts")) {
      routes.add(resource);
    } else if (resource.has("host_statuses") || resource.has("added_via_api")) {
      status(resource);
    } else if (resource.has("cluster_name")) {
      assignment(resource);
    } else if (isCluster(resource)) {
      clusters.add(resource);
    } else if (!resource.has("name")) {
      // With one it may be a route configuration without hosts, or an API listener.
      throw unknown(resource.source());
    }
  }

  private static boolean isListener(ProtoMessage resource) {
    return resource.has("filter_chains")
        || resource.has("default_filter_chain")
        || resource.has("listener_filters")
        || resource.text("@type").endsWith(".Listener");
  }

  private static boolean isCluster(ProtoMessage resource) {
    return resource.text("@type").endsWith(".Cluster")
        || CLUSTER_FIELDS.stream().anyMatch(resource::has);
  }

  private void assignment(ProtoMessage assignment) {
    endpoints.putIfAbsent(assignment.text("cluster_name"), EndpointReader.hosts(assignment));
  }

  /** An entry of {@code /clusters?format=json} names the cluster, and in newer ones the service. */
  private void status(ProtoMessage status) {
    String service = status.text("eds_service_name");
    statuses.putIfAbsent(
        service.isEmpty() ? status.text("name") : service, EndpointReader.hostsOfStatus(status));
  }

  private static InputException unknown(Json value) {
    return new InputException(
        value.location(), value.type() + " that is no Envoy configuration stands here" + RIGHT);
  }

  // ---- what came out

  ImmutableList<ProtoMessage> listeners() {
    return listeners.stream().map(fetched::in).collect(ImmutableList.toImmutableList());
  }

  ImmutableSet<String> notInService() {
    return ImmutableSet.copyOf(notInService);
  }

  ImmutableList<ProtoMessage> clusters() {
    return ImmutableList.copyOf(clusters);
  }

  ImmutableList<ProtoMessage> routes() {
    return ImmutableList.copyOf(routes);
  }

  /** The hosts of EDS clusters by service name; a service that is not there is not known. */
  ImmutableMap<String, ImmutableList<LbEndpoint>> endpoints() {
    return ImmutableMap.copyOf(endpoints);
  }

  /** The same by what Envoy tells of its clusters, which leaves out the hosts' metadata. */
  ImmutableMap<String, ImmutableList<LbEndpoint>> statuses() {
    return ImmutableMap.copyOf(statuses);
  }

  Optional<IpAddress> nodeAddress() {
    return nodeAddress;
  }
}
