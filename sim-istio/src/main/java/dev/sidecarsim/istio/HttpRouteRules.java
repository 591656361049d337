package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules of a route of the Gateway API in the terms of a VirtualService
 * (pilot/pkg/config/kube/gateway/conversion.go). What changes requests on their way is left out.
 */
final class HttpRouteRules {

  /** Clusters of another domain are not known to the routes. */
  private static final String DOMAIN = ".svc.cluster.local";

  private static final int NO_BACKEND = 500;
  private static final int FOUND = 302;

  private final Document route;
  private final ImmutableList<Document> documents;

  /**
   * @param documents among which ReferenceGrants are looked for
   */
  HttpRouteRules(Document route, ImmutableList<Document> documents) {
    this.route = route;
    this.documents = documents;
  }

  /** The full name of a Service. */
  static String host(String name, String namespace) {
    return name + "." + namespace + DOMAIN;
  }

  /** A match for a port; one for nothing if it is 0. */
  static JsonObject port(int port) {
    return port == 0 ? JsonObject.EMPTY : Json.object().put("port", port).build();
  }

  /**
   * One match of one rule.
   *
   * @param match as a VirtualService has it
   * @param rule the whole, with that match
   * @param length of the path that is asked for
   */
  record Entry(JsonObject match, JsonObject rule, int length) implements Comparable<Entry> {

    /** Who asks for more comes first ({@code sortHTTPRoutes()}). */
    private static final Comparator<Entry> ORDER =
        Comparator.comparing(Entry::pathRank)
            .thenComparing(Entry::length)
            .thenComparing(each -> each.match().get("method").isPresent())
            .thenComparing(each -> each.count("headers"))
            .thenComparing(each -> each.count("queryParams"))
            .reversed();

    private int pathRank() {
      JsonObject uri = match.objectOrEmpty("uri");
      if (uri.string("exact").isPresent()) {
        return 3;
      }
      return uri.members().isEmpty() ? 0 : length > 0 ? 2 : 1;
    }

    private int count(String field) {
      return match.objectOrEmpty(field).members().size();
    }

    @Override
    public int compareTo(Entry other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * All matches of all rules.
   *
   * @param port of the service that it is for; 0 for any
   */
  List<Entry> entries(int port) {
    List<Entry> all = new ArrayList<>();
    for (JsonObject rule : GatewayApi.spec(route).objects("rules")) {
      ImmutableList<JsonObject> matches = rule.objects("matches");
      for (JsonObject match : matches.isEmpty() ? List.of(JsonObject.EMPTY) : matches) {
        all.add(entry(rule, match, port));
      }
    }
    return all;
  }

  private Entry entry(JsonObject rule, JsonObject match, int port) {
    JsonObject.Builder converted = Json.object();
    if (port != 0) {
      converted.put("port", port);
    }
    JsonObject path = match.objectOrEmpty("path");
    String type = path.string("type", "PathPrefix");
    String value = path.string("value", "/");
    boolean prefix = type.equals("PathPrefix");
    Optional<JsonObject> uri = uri(type, value);
    uri.ifPresent(each -> converted.put("uri", each));
    match
        .string("method")
        .ifPresent(method -> converted.put("method", Json.object().put("exact", method).build()));
    named(match, "headers").ifPresent(each -> converted.put("headers", each));
    named(match, "queryParams").ifPresent(each -> converted.put("queryParams", each));
    JsonObject asked = converted.build();
    return new Entry(
        asked,
        action(rule).put("match", Json.array(asked)).build(),
        uri.isPresent() && (prefix || type.equals("Exact")) ? value.length() : 0);
  }

  /** A prefix ends where a part of the path does. */
  private static Optional<JsonObject> uri(String type, String value) {
    if (type.equals("Exact")) {
      return Optional.of(Json.object().put("exact", value).build());
    }
    if (type.equals("RegularExpression")) {
      return Optional.of(Json.object().put("regex", value).build());
    }
    String whole = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
    return whole.isEmpty()
        ? Optional.empty()
        : Optional.of(Json.object().put("regex", Pattern.quote(whole) + "((/).*)?").build());
  }

  private static Optional<JsonObject> named(JsonObject match, String field) {
    ImmutableList<JsonObject> all = match.objects(field);
    JsonObject.Builder byName = Json.object();
    for (JsonObject each : all) {
      boolean regex = each.string("type", "Exact").equals("RegularExpression");
      byName.put(
          each.requireString("name"),
          Json.object().put(regex ? "regex" : "exact", each.string("value", "")).build());
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(byName.build());
  }

  private JsonObject.Builder action(JsonObject rule) {
    Optional<JsonObject> redirect =
        rule.objects("filters").stream()
            .filter(each -> each.string("type", "").equals("RequestRedirect"))
            .map(each -> each.objectOrEmpty("requestRedirect"))
            .findFirst();
    if (redirect.isPresent()) {
      int status = redirect.get().integer("statusCode", FOUND, 300, 399);
      return Json.object().put("redirect", Json.object().put("redirectCode", status).build());
    }
    JsonArray destinations = destinations(rule);
    if (destinations.items().isEmpty()) {
      return Json.object().put("directResponse", Json.object().put("status", NO_BACKEND).build());
    }
    JsonObject.Builder action = Json.object().put("route", destinations);
    rule.objectOrEmpty("timeouts")
        .string("request")
        .ifPresent(limit -> action.put("timeout", limit));
    return action;
  }

  /** Where the first rule leads: others of a route that is not for HTTP have no match to tell. */
  JsonArray destinations() {
    return GatewayApi.spec(route).objects("rules").stream()
        .findFirst()
        .map(this::destinations)
        .orElse(Json.array());
  }

  private JsonArray destinations(JsonObject rule) {
    ImmutableList.Builder<Json> all = ImmutableList.builder();
    for (JsonObject backend : rule.objects("backendRefs")) {
      int weight = backend.integer("weight", 1, 0, 1_000_000);
      String namespace = backend.string("namespace", route.meta().namespace());
      if (weight > 0 && backend.string("kind", "Service").equals("Service") && granted(backend)) {
        JsonObject destination =
            Json.object()
                .put("host", host(backend.requireString("name"), namespace))
                .put(
                    "port",
                    Json.object().put("number", backend.integer("port", 0, 0, 65535)).build())
                .build();
        all.add(Json.object().put("destination", destination).put("weight", weight).build());
      }
    }
    return Json.array(all.build());
  }

  /** A backend of another namespace has to be given to the route there. */
  private boolean granted(JsonObject backend) {
    String namespace = backend.string("namespace", route.meta().namespace());
    return namespace.equals(route.meta().namespace())
        || documents.stream()
            .filter(each -> GatewayApi.isKind(each, "ReferenceGrant"))
            .filter(each -> each.meta().namespace().equals(namespace))
            .map(GatewayApi::spec)
            .anyMatch(grant -> isFrom(grant) && isTo(grant, backend.string("name", "")));
  }

  private boolean isFrom(JsonObject grant) {
    return grant.objects("from").stream()
        .anyMatch(
            from ->
                from.string("kind", "").equals(route.kind())
                    && from.string("namespace", "").equals(route.meta().namespace()));
  }

  private static boolean isTo(JsonObject grant, String name) {
    return grant.objects("to").stream()
        .anyMatch(
            to ->
                to.string("kind", "").equals("Service")
                    && to.string("name").map(name::equals).orElse(true));
  }
}
