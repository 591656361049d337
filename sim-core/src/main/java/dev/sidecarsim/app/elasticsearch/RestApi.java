package dev.sidecarsim.app.elasticsearch;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.HttpMessage;
import dev.sidecarsim.app.HttpServer.Answer;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.json.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What port 9200 answers. What needs a master waits for one, as long as the request's {@code
 * master_timeout} says.
 */
final class RestApi {

  private static final String NO_MASTER =
      "{\"error\":{\"root_cause\":[{\"type\":\"master_not_discovered_exception\",\"reason\":null}],"
          + "\"type\":\"master_not_discovered_exception\",\"reason\":null},\"status\":503}";

  /** MasterNodeRequest.DEFAULT_MASTER_NODE_TIMEOUT. */
  private static final long MASTER_TIMEOUT = seconds(30);

  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m)");

  private final ElasticsearchNode node;

  RestApi(ElasticsearchNode node) {
    this.node = node;
  }

  void answer(HttpMessage request, Consumer<Answer> done) {
    int mark = request.path().indexOf('?');
    String path = mark < 0 ? request.path() : request.path().substring(0, mark);
    Map<String, String> parameters =
        mark < 0 ? Map.of() : parameters(request.path().substring(mark + 1));
    switch (request.method() + " " + path) {
      case "GET /" -> done.accept(new Answer(200, root()));
      case "GET /_cluster/health" -> withMaster(parameters, done, this::health);
      case "GET /_cat/health" -> withMaster(parameters, done, this::catHealth);
      case "GET /_cat/master" ->
          withMaster(parameters, done, () -> cat(parameters, "id,host,ip,node", masters()));
      case "GET /_cat/nodes" ->
          withMaster(parameters, done, () -> cat(parameters, CAT_NODES, nodes()));
      case "POST /_cluster/voting_config_exclusions" ->
          exclude(parameters, named(parameters), done);
      case "DELETE /_cluster/voting_config_exclusions" -> exclude(parameters, List.of(), done);
      default -> done.accept(new Answer(404, "{\"error\":\"not modelled\",\"status\":404}"));
    }
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String each : query.split("&", -1)) {
      String[] parts = each.split("=", 2);
      parameters.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return parameters;
  }

  /** A timeout stands for the one of the master as well, if there is none for that. */
  private void withMaster(
      Map<String, String> parameters, Consumer<Answer> done, Supplier<String> body) {
    if ("true".equals(parameters.get("local"))) {
      done.accept(new Answer(200, body.get()));
      return;
    }
    node.applied()
        .awaitMaster(
            masterTimeout(parameters),
            () ->
                done.accept(
                    node.applied().master().isPresent()
                        ? new Answer(200, body.get())
                        : new Answer(503, NO_MASTER)));
  }

  private static long masterTimeout(Map<String, String> parameters) {
    return Optional.ofNullable(parameters.get("master_timeout"))
        .or(() -> Optional.ofNullable(parameters.get("timeout")))
        .map(RestApi::time)
        .orElse(MASTER_TIMEOUT);
  }

  private static long time(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      return MASTER_TIMEOUT;
    }
    long number = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "ms" -> millis(number);
      case "s" -> seconds(number);
      default -> seconds(60 * number);
    };
  }

  private String root() {
    return Json.object()
        .put("name", node.config().node())
        .put("cluster_name", node.config().clusterName())
        .put("cluster_uuid", clusterUuid())
        .put("tagline", "You Know, for Search")
        .build()
        .compact();
  }

  private String clusterUuid() {
    String uuid = node.applied().state().uuid();
    return uuid.isEmpty() ? "_na_" : uuid;
  }

  // ---- health: there are no indices, so that nothing can be yellow or red but a lost master

  private long dataNodes() {
    return node.applied().nodes().stream().filter(each -> each.roles().data()).count();
  }

  private boolean hasMaster() {
    return node.applied().master().isPresent();
  }

  /** Of no shards all are active; before a node knows any state the share is no number. */
  private Json activeShare() {
    return hasMaster()
        ? new JsonNumber("100.0", Location.NONE)
        : new JsonString("NaN", Location.NONE);
  }

  private String health() {
    return Json.object()
        .put("cluster_name", node.config().clusterName())
        .put("status", hasMaster() ? "green" : "red")
        .put("timed_out", false)
        .put("number_of_nodes", node.applied().nodes().size())
        .put("number_of_data_nodes", dataNodes())
        .put("active_primary_shards", 0)
        .put("active_shards", 0)
        .put("relocating_shards", 0)
        .put("initializing_shards", 0)
        .put("unassigned_shards", 0)
        .put("delayed_unassigned_shards", 0)
        .put("number_of_pending_tasks", 0)
        .put("number_of_in_flight_fetch", 0)
        .put("task_max_waiting_in_queue_millis", 0)
        .put("active_shards_percent_as_number", activeShare())
        .build()
        .compact();
  }

  private String catHealth() {
    return "%s %s %d %d 0 0 0 0 0 0 - 100.0%%\n"
        .formatted(
            node.config().clusterName(),
            hasMaster() ? "green" : "red",
            node.applied().nodes().size(),
            dataNodes());
  }

  // ---- _cat

  /** What a node measures of itself is not modelled, and left out. */
  private static final String CAT_NODES = "ip,node.role,master,name";

  private List<Map<String, String>> masters() {
    String none = "-";
    Optional<Node> master = node.applied().master();
    return List.of(
        Map.of(
            "id", master.map(Node::id).orElse(none),
            "host", master.map(Node::host).orElse(none),
            "ip", master.map(Node::host).orElse(none),
            "node", master.map(Node::name).orElse(none)));
  }

  private List<Map<String, String>> nodes() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (Node each : node.applied().nodes()) {
      String letters = each.roles().letters();
      rows.add(
          Map.of(
              "id", each.id().substring(0, 4),
              "ip", each.host(),
              "port", Integer.toString(each.port()),
              "node.role", letters.isEmpty() ? "-" : letters,
              "master", mark(each),
              "name", each.name()));
    }
    return rows;
  }

  private String mark(Node each) {
    return node.applied().master().map(master -> master.equals(each) ? "*" : "-").orElse("x");
  }

  private static String cat(
      Map<String, String> parameters, String columns, List<Map<String, String>> rows) {
    String wanted = parameters.getOrDefault("h", columns);
    boolean header = parameters.containsKey("v") && !"false".equals(parameters.get("v"));
    return CatTable.of(List.of(wanted.split(",", -1)), header, rows);
  }

  // ---- voting exclusions

  /** By names or ids, as it is since 7.8. */
  private static List<String> named(Map<String, String> parameters) {
    String names = parameters.getOrDefault("node_names", parameters.getOrDefault("node_ids", ""));
    return List.of(names.split(",", -1));
  }

  private void exclude(Map<String, String> parameters, List<String> nodes, Consumer<Answer> done) {
    node.applied()
        .awaitMaster(
            masterTimeout(parameters),
            () -> {
              if (hasMaster()) {
                node.exclude(nodes, () -> done.accept(new Answer(200, "")));
              } else {
                done.accept(new Answer(503, NO_MASTER));
              }
            });
  }
}
