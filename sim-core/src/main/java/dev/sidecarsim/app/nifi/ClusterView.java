package dev.sidecarsim.app.nifi;

import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.app.nifi.NodeStatus.State;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What the REST interface tells of the cluster (ClusterSummaryDTO, ClusterDTO, NodeDTO). */
final class ClusterView {

  private static final DateTimeFormatter DATE = formatter("MM/dd/yyyy HH:mm:ss 'UTC'");
  private static final DateTimeFormatter TIME = formatter("HH:mm:ss 'UTC'");

  private final LongSupplier clock;
  private final Topology topology;
  private final Coordination coordination;
  private final HeartbeatMonitor monitor;
  private final Roles roles;

  ClusterView(
      LongSupplier clock,
      Topology topology,
      Coordination coordination,
      HeartbeatMonitor monitor,
      Roles roles) {
    this.clock = clock;
    this.topology = topology;
    this.coordination = coordination;
    this.monitor = monitor;
    this.roles = roles;
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
  }

  /** How many nodes are connected; a node that is not knows nothing of others. */
  String summary() {
    JsonObject.Builder summary = Json.object();
    boolean connected = coordination.isConnected();
    int count = connected ? topology.in(State.CONNECTED).size() : 0;
    int total = connected ? topology.all().size() : 0;
    if (connected) {
      summary.put("connectedNodes", count + " / " + total);
    }
    summary
        .put("connectedNodeCount", count)
        .put("totalNodeCount", total)
        .put("connectedToCluster", connected)
        .put("clustered", true);
    return Json.object().put("clusterSummary", summary.build()).build().compact();
  }

  /** All nodes as the coordinator knows them; who has a role is asked of ZooKeeper. */
  void cluster(Consumer<String> text) {
    roles.find(
        Roles.Role.PRIMARY,
        primary ->
            roles.find(Roles.Role.COORDINATOR, leader -> text.accept(cluster(primary, leader))));
  }

  private String cluster(Optional<String> primary, Optional<String> leader) {
    List<Json> nodes = new ArrayList<>();
    for (NodeStatus status : topology.all()) {
      List<String> held = new ArrayList<>();
      if (primary.flatMap(topology::at).equals(Optional.of(status.node()))) {
        held.add(Roles.Role.PRIMARY.toString());
      }
      if (leader.flatMap(topology::at).equals(Optional.of(status.node()))) {
        held.add(Roles.Role.COORDINATOR.toString());
      }
      nodes.add(node(status, held));
    }
    return Json.object()
        .put(
            "cluster",
            Json.object()
                .put("nodes", Json.array(nodes))
                .put("generated", LogTime.text(clock.getAsLong(), TIME))
                .build())
        .build()
        .compact();
  }

  private Json node(NodeStatus status, List<String> held) {
    NodeId id = status.node();
    JsonObject.Builder node =
        Json.object()
            .put("nodeId", id.uuid())
            .put("address", id.apiHost())
            .put("apiPort", id.apiPort())
            .put("status", status.state().name());
    Optional<HeartbeatMonitor.Beat> beat = monitor.of(id);
    beat.ifPresent(last -> node.put("heartbeat", LogTime.text(last.at(), DATE)));
    if (status.state() == State.CONNECTING) {
      node.put("connectionRequested", LogTime.text(status.at(), DATE));
    }
    node.put("roles", Json.strings(held));
    if (beat.isPresent()) {
      node.put("activeThreadCount", 0).put("queued", "0 / 0 bytes");
    }
    node.put("events", events(id));
    beat.ifPresent(last -> node.put("nodeStartTime", LogTime.text(last.startedAt(), DATE)));
    return node.build();
  }

  private Json events(NodeId id) {
    List<Json> events = new ArrayList<>();
    for (NodeEvents.Event event : coordination.events().of(id)) {
      events.add(
          Json.object()
              .put("timestamp", LogTime.text(event.at(), DATE))
              .put("category", event.severity())
              .put("message", event.message())
              .build());
    }
    return Json.array(events);
  }
}
