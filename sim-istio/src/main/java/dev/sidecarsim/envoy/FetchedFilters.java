package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Filters whose settings Envoy fetches by themselves (ECDS). A listener has their names, and they
 * stand in a section of their own.
 */
final class FetchedFilters {

  private static final String SETTINGS = "typed_config";

  private final Map<String, Json> settings = new LinkedHashMap<>();

  /** Takes a {@code TypedExtensionConfig}. */
  void add(ProtoMessage extension) {
    extension.get(SETTINGS).ifPresent(any -> settings.put(extension.text("name"), any));
  }

  /** A listener with the settings in place of the requests for them, as far as they are known. */
  ProtoMessage in(ProtoMessage listener) {
    return settings.isEmpty() ? listener : ProtoMessage.of(filled(listener.source()));
  }

  private Json filled(Json value) {
    if (value instanceof JsonObject object) {
      return filled(object);
    }
    return value instanceof JsonArray array
        ? new JsonArray(
            array.items().stream().map(this::filled).collect(ImmutableList.toImmutableList()),
            array.location())
        : value;
  }

  private JsonObject filled(JsonObject object) {
    ImmutableMap.Builder<String, Json> members = ImmutableMap.builder();
    object.members().forEach((key, value) -> members.put(key, filled(value)));
    ProtoMessage message = ProtoMessage.of(object);
    if (message.has(Extension.FETCHED) && settings.containsKey(message.text("name"))) {
      members.put(SETTINGS, settings.get(message.text("name")));
    }
    return new JsonObject(members.buildKeepingLast(), object.location());
  }
}
