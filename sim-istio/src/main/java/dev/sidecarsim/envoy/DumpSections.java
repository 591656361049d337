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

/** Takes a dump apart: its listeners, clusters, routes and endpoints, wherever it has them. */
final class DumpSections {

  private static final String RIGHT =
      "; give the output of curl localhost:15000/config_dump, or of istioctl proxy-config"
          + " listener, cluster, route, endpoint or all with -o json";

  /** Fields of which a cluster always has one, and no other resource any. */
  private static final ImmutableSet<String> CLUSTER_FIELDS =
      ImmutableSet.of("type", "connect_timeout", "cluster_type", "load_assignment", "lb_policy");

  private final String file;
  private final List<ProtoMessage> listeners = new ArrayList<>();
  private final Set<String> notInService = new LinkedHashSet<>();
  private final List<ProtoMessage> clusters = new ArrayList<>();
  private final List<ProtoMessage> routes = new ArrayList<>();
  private final Map<String, ImmutableList<LbEndpoint>> endpoints = new LinkedHashMap<>();
  private final Map<String, ImmutableList<LbEndpoint>> statuses = new LinkedHashMap<>();
  private Optional<IpAddress> nodeAddress = Optional.empty();
  private boolean any;

  DumpSections(String file) {
    this.file = file;
  }

  // ---- taking it apart

  /** Takes a whole dump, one of its sections, or a list of resources. */
  void add(Json value) {
    if (value instanceof JsonArray array) {
      any |= array.items().isEmpty();
      array.items().forEach(this::resource);
    } else if (value instanceof JsonObject object) {
      ProtoMessage message = ProtoMessage.of(object);
      if (message.has("configs")) {
        configs(message);
      } else if (message.has("cluster_statuses")) {
        message.messages("cluster_statuses").forEach(this::status);
      } else if (!section(message)) {
        resource(value);
      }
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

  /** A list of sections; the oldest Envoys had a map. */
  private void configs(ProtoMessage dump) {
    any = true;
    if (dump.get("configs").orElseThrow() instanceof JsonObject map
        && !map.members().containsKey("@type")) {
      map.members().values().stream()
          .filter(JsonObject.class::isInstance)
          .forEach(value -> section(ProtoMessage.of((JsonObject) value)));
    } else {
      dump.messages("configs").forEach(this::section);
    }
  }

  private boolean section(ProtoMessage section) {
    String type = section.text("@type");
    if (type.endsWith(".BootstrapConfigDump")) {
      bootstrap(section.messageOrEmpty("bootstrap"));
    } else if (type.endsWith(".ListenersConfigDump")) {
      listenerSection(section);
    } else if (type.endsWith(".ClustersConfigDump")) {
      clusterSection(section);
    } else if (type.endsWith(".RoutesConfigDump")) {
      inner(section, "static_route_configs", "route_config").forEach(routes::add);
      inner(section, "dynamic_route_configs", "route_config").forEach(routes::add);
    } else if (type.endsWith(".EndpointsConfigDump")) {
      inner(section, "static_endpoint_configs", "endpoint_config").forEach(this::assignment);
      inner(section, "dynamic_endpoint_configs", "endpoint_config").forEach(this::assignment);
    } else {
      return false;
    }
    any = true;
    return true;
  }

  private static ImmutableList<ProtoMessage> inner(
      ProtoMessage section, String list, String field) {
    return section.messages(list).stream()
        .flatMap(entry -> entry.message(field).stream())
        .collect(ImmutableList.toImmutableList());
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
    listeners.addAll(inner(section, "static_listeners", "listener"));
    listeners.addAll(inner(section, "dynamic_active_listeners", "listener"));
    for (String away : List.of("dynamic_warming_listeners", "dynamic_draining_listeners")) {
      inner(section, away, "listener").forEach(l -> notInService.add(DumpNames.of(l)));
    }
    for (ProtoMessage entry : section.messages("dynamic_listeners")) {
      entry
          .message("active_state")
          .flatMap(state -> state.message("listener"))
          .ifPresentOrElse(listeners::add, () -> away(entry));
    }
  }

  private void away(ProtoMessage entry) {
    notInService.add(entry.text("name"));
    for (String state : List.of("warming_state", "draining_state")) {
      entry
          .messageOrEmpty(state)
          .message("listener")
          .ifPresent(listener -> notInService.add(DumpNames.of(listener)));
    }
    entry
        .messageOrEmpty("error_state")
        .message("failed_configuration")
        .ifPresent(listener -> notInService.add(DumpNames.of(listener)));
  }

  private void clusterSection(ProtoMessage section) {
    clusters.addAll(inner(section, "static_clusters", "cluster"));
    clusters.addAll(inner(section, "dynamic_active_clusters", "cluster"));
  }

  // ---- single resources

  /** A resource of {@code istioctl … -o json}, known by the fields that only its kind has. */
  private void resource(Json value) {
    if (!(value instanceof JsonObject object)) {
      throw unknown(value);
    }
    any = true;
    ProtoMessage resource = ProtoMessage.of(object);
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
    } else if (!isKnownElsewhere(resource)) {
      throw unknown(value);
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

  /** A route configuration without hosts, an API listener, a section that says nothing here. */
  private static boolean isKnownElsewhere(ProtoMessage resource) {
    return resource.has("name") || resource.text("@type").endsWith("Dump");
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
    return ImmutableList.copyOf(listeners);
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
