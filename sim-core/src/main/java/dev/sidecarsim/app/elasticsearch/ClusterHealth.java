package dev.sidecarsim.app.elasticsearch;

import dev.sidecarsim.app.HttpServer;
import dev.sidecarsim.json.Json;

/** What port 9200 answers: {@code /_cluster/health}, and who is master. */
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
    return switch (plain) {
      case "/" -> new HttpServer.Answer(200, root());
      case "/_cluster/health" -> needsMaster(health());
      case "/_cat/master" -> needsMaster(node.master().orElse("") + "\n");
      default -> new HttpServer.Answer(404, "{\"error\":\"not modelled\",\"status\":404}");
    };
  }

  private HttpServer.Answer needsMaster(String body) {
    return node.master().isPresent()
        ? new HttpServer.Answer(200, body)
        : new HttpServer.Answer(503, NO_MASTER);
  }

  private String root() {
    return Json.object()
        .put("name", node.pod())
        .put("cluster_name", "elasticsearch")
        .build()
        .compact();
  }

  /** There are no indices, so that nothing can be yellow or red. */
  private String health() {
    return Json.object()
        .put("cluster_name", "elasticsearch")
        .put("status", "green")
        .put("timed_out", false)
        .put("number_of_nodes", node.nodes())
        .put("number_of_data_nodes", node.nodes())
        .put("active_shards", 0)
        .build()
        .compact();
  }
}
