package dev.sidecarsim.istio.proxyconfig;

import dev.sidecarsim.envoy.StringMatch;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.Optional;

/** A {@code StringMatcher}, and the {@code HeaderMatcher} around one. */
final class StringMatchJson {

  private StringMatchJson() {}

  static JsonObject of(StringMatch match) {
    JsonObject.Builder json = Json.object();
    switch (match.kind()) {
      case EXACT -> json.put("exact", match.value());
      case PREFIX -> json.put("prefix", match.value());
      case SUFFIX -> json.put("suffix", match.value());
      case CONTAINS -> json.put("contains", match.value());
      case REGEX -> json.put("safeRegex", Json.object().put("regex", match.value()).build());
    }
    if (match.ignoreCase()) {
      json.put("ignoreCase", true);
    }
    return json.build();
  }

  static JsonObject.Builder header(String name, Optional<StringMatch> value) {
    JsonObject.Builder json = Json.object().put("name", name);
    return value.isPresent()
        ? json.put("stringMatch", of(value.get()))
        : json.put("presentMatch", true);
  }
}
