package dev.sidecarsim.app.elasticsearch;

import dev.sidecarsim.app.HttpServer;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.Location;
import java.util.stream.Collectors;

/** What port 9200 answers: {@code /_cluster/health}, {@code /_cat/nodes}, and who is master. */
final class ClusterHealth {

  private static final String NO_MASTER =
      "{\"error\":{\"root_cause\":[{\"type\":\"master_not_discovered_exception\",\"reason\":null}],"
          + "\"type\":\"master_not_discovered_exception\",\"reason\":null},\"status\":503}";

  private final ElasticsearchNode node;

  ClusterHealth(ElasticsearchNode node) {
    this.node = node;
  }

  HttpServer.Answer answer(String path) {
    String plain = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
    boolean header = path.matches(".*[?&]v(?:[&=].*)?");
    return switch (plain) {
      case "/" -> new HttpServer.Answer(200, root());
      case "/_cluster/health" -> needsMaster(health());
      case "/_cat/master" -> needsMaster((header ? "id host ip node\n" : "") + master());
      case "/_cat/nodes" -> needsMaster((header ? "ip master name\n" : "") + nodes());
      default -> new HttpServer.Answer(404, "{\"error\":\"not modelled\",\"status\":404}");
    };
  }

  private HttpServer.Answer needsMaster(String body) {
    return node.applied().master().isPresent()
        ? new HttpServer.Answer(200, body)
        : new HttpServer.Answer(503, NO_MASTER);
  }

  private String root() {
    return Json.object()
        .put("name", node.config().node())
        .put("cluster_name", node.config().clusterName())
        .build()
        .compact();
  }

  private String master() {
    return node.applied()
        .master()
        .map(each -> String.join(" ", each.id(), each.host(), each.host(), each.name()) + "\n")
        .orElse("");
  }

  /** Without what is not modelled: roles, memory and load. */
  private String nodes() {
    return node.applied().nodes().stream()
        .map(each -> each.host() + (isMaster(each) ? " * " : " - ") + each.name() + "\n")
        .collect(Collectors.joining());
  }

  private boolean isMaster(Node each) {
    return node.applied().master().filter(each::equals).isPresent();
  }

  /** There are no indices, so that nothing can be yellow or red. */
  private String health() {
    int nodes = node.applied().nodes().size();
    return Json.object()
        .put("cluster_name", node.config().clusterName())
        .put("status", "green")
        .put("timed_out", false)
        .put("number_of_nodes", nodes)
        .put("number_of_data_nodes", nodes)
        .put("active_primary_shards", 0)
        .put("active_shards", 0)
        .put("relocating_shards", 0)
        .put("initializing_shards", 0)
        .put("unassigned_shards", 0)
        .put("delayed_unassigned_shards", 0)
        .put("number_of_pending_tasks", 0)
        .put("number_of_in_flight_fetch", 0)
        .put("task_max_waiting_in_queue_millis", 0)
        .put("active_shards_percent_as_number", new JsonNumber("100.0", Location.NONE))
        .build()
        .compact();
  }
}
