package dev.sidecarsim.istio.proxyconfig;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** Pieces of protobuf's JSON that all of Envoy's resources share. */
final class TypedJson {

  private static final String URL = "type.googleapis.com/";

  private TypedJson() {}

  /** A message in an Any, to be filled. */
  static JsonObject.Builder any(String type) {
    return Json.object().put("@type", URL + type);
  }

  /** An extension: a name and its settings. */
  static JsonObject named(String name, JsonObject.Builder settings) {
    return Json.object().put("name", name).put("typedConfig", settings.build()).build();
  }

  /** A resource, to be filled; protobuf leaves an empty name out. */
  static JsonObject.Builder called(String name) {
    return name.isEmpty() ? Json.object() : Json.object().put("name", name);
  }

  /** An object in an object in an object, the innermost key first. */
  static JsonObject nest(Json inner, String... keys) {
    Json outer = inner;
    for (String key : keys) {
      outer = Json.object().put(key, outer).build();
    }
    return (JsonObject) outer;
  }

  static <T> JsonArray list(List<T> all, Function<T, ? extends Json> form) {
    return Json.array(all.stream().map(form).toList());
  }

  /** Where a host or a socket is. */
  static JsonObject socketAddress(String host, int port) {
    return nest(Json.object().put("address", host).put("portValue", port).build(), "socketAddress");
  }
}
