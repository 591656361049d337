package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the hosts of clusters: {@code ClusterLoadAssignment}, and the states of /clusters. */
final class EndpointReader {

  /** What EDS may say of a host that gets no connections. */
  private static final ImmutableSet<String> AWAY =
      ImmutableSet.of("UNHEALTHY", "DRAINING", "TIMEOUT", "2", "3", "4");

  /** Below this share of healthy hosts Envoy uses all of them (healthy_panic_threshold). */
  private static final double PANIC = 0.5;

  private EndpointReader() {}

  /** The hosts of the first priority that has a healthy one. */
  static ImmutableList<LbEndpoint> hosts(ProtoMessage assignment) {
    TreeMap<Long, List<ProtoMessage>> byPriority = new TreeMap<>();
    for (ProtoMessage locality : assignment.messages("endpoints")) {
      byPriority
          .computeIfAbsent(locality.number("priority").orElse(0L), p -> new ArrayList<>())
          .addAll(locality.messages("lb_endpoints"));
    }
    return byPriority.values().stream()
        .map(EndpointReader::routable)
        .filter(hosts -> !hosts.isEmpty())
        .findFirst()
        .orElse(ImmutableList.of());
  }

  private static ImmutableList<LbEndpoint> routable(List<ProtoMessage> hosts) {
    List<ProtoMessage> healthy =
        hosts.stream().filter(host -> !AWAY.contains(host.text("health_status"))).toList();
    List<ProtoMessage> used = healthy.size() < PANIC * hosts.size() ? hosts : healthy;
    return used.stream().map(EndpointReader::host).collect(ImmutableList.toImmutableList());
  }

  private static LbEndpoint host(ProtoMessage written) {
    LbEndpoint plain = ofAddress(written.messageOrEmpty("endpoint").messageOrEmpty("address"));
    JsonObject metadata =
        written.messageOrEmpty("metadata").messageOrEmpty("filter_metadata").source();
    ImmutableMap<String, String> match =
        metadata
            .object("envoy.transport_socket_match")
            .map(EndpointReader::texts)
            .orElse(ImmutableMap.of());
    return new LbEndpoint(plain.host(), plain.port(), match, plain.unmodelled());
  }

  /** A host of an {@code Address}. */
  static LbEndpoint ofAddress(ProtoMessage address) {
    Optional<ProtoMessage> socket = address.message("socket_address");
    if (socket.isPresent()) {
      return new LbEndpoint(
          socket.get().text("address"),
          socket.get().port("port_value").orElse(0),
          ImmutableMap.of());
    }
    return LbEndpoint.unmodelled(
        address.has("pipe")
            ? "unix:" + address.messageOrEmpty("pipe").text("path")
            : "envoy_internal_address "
                + address.messageOrEmpty("envoy_internal_address").text("server_listener_name"));
  }

  /** The hosts of one entry of {@code /clusters?format=json}. */
  static ImmutableList<LbEndpoint> hostsOfStatus(ProtoMessage status) {
    return status.messages("host_statuses").stream()
        .filter(
            host -> !AWAY.contains(host.messageOrEmpty("health_status").text("eds_health_status")))
        .map(host -> ofAddress(host.messageOrEmpty("address")))
        .collect(ImmutableList.toImmutableList());
  }

  /** The texts of a Struct. */
  static ImmutableMap<String, String> texts(JsonObject struct) {
    ImmutableMap.Builder<String, String> texts = ImmutableMap.builder();
    struct
        .members()
        .forEach(
            (key, value) ->
                texts.put(key, value instanceof JsonString text ? text.value() : value.compact()));
    return texts.buildOrThrow();
  }
}
